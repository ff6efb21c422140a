import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { photograph, pictureWidths } from "./photograph.ts";
import { play, scenes } from "./scenes.ts";
import { themeNames } from "./themes.ts";
import { usePanelBrowser } from "./usePanel.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = usePanelBrowser({ isPlain: false });

test.each(themeNames)(
  "no scene breaks a rule of axe in %s, wide or narrow, and the console stays empty; each leaves its pictures",
  async (theme) => {
    const panel = await browser().open({ theme, width: pictureWidths[0] });
    const violations: string[] = [];
    for (const [name, scene] of Object.entries(scenes)) {
      await play(panel, scene);
      await photograph(panel, `${name}-${theme}`, async (width) => {
        if (width !== 600) {
          await panel.page.evaluate(axe);
          const found = await look(panel.page);
          violations.push(...found.map((violation) => `${name} at ${width}: ${violation}`));
        }
      });
      violations.push(...panel.problems.map((problem) => `${name}: ${problem}`));
    }
    expect(violations).toEqual([]);
    await panel.close();
  },
  600_000,
);

/** What axe finds wrong with the page as it is. */
async function look(page: Page): Promise<readonly string[]> {
  const { violations }: AxeResults = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message ?? ""}`).join(" | ")}`,
  );
}
