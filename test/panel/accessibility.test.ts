import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, test } from "vitest";
import { states } from "./states/all.ts";
import { fourGroups, snapshot } from "./states/build.ts";
import { themeNames } from "./themes.ts";
import { usePanelBrowser } from "./usePanel.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = usePanelBrowser();

const looks = [
  ...themeNames.map((theme) => ({ theme, width: 1280 })),
  { theme: "dark", width: 360 },
] as const;

test.each(looks)(
  "no state breaks a rule of axe in $theme at $width px, and the console stays empty",
  async (options) => {
    const panel = await browser().open(options);
    await panel.page.evaluate(axe);
    const violations: string[] = [];
    const look = async (name: string) => {
      const results: AxeResults = await panel.page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] })",
      );
      for (const { id, nodes } of results.violations) {
        violations.push(
          `${name}: ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message ?? ""}`).join(" | ")}`,
        );
      }
    };
    for (const [name, state] of Object.entries(states)) {
      await panel.show(state());
      await look(name);
    }
    await panel.show(snapshot({ view: "results", groups: fourGroups() }));
    await panel.page.locator(".tile[id]").first().focus();
    await panel.page.keyboard.press("Shift+ArrowRight");
    await panel.page.getByRole("button", { name: "More Actions" }).click();
    await look("several marked, the menu open");
    expect(violations).toEqual([]);
    expect(panel.problems).toEqual([]);
    await panel.close();
  },
  120_000,
);
