/**
 * Takes pictures of every state of the panel into `out/panel/`, to be looked at.
 *
 *   node test/panel/screenshots.ts                      all states, all themes, three widths
 *   node test/panel/screenshots.ts compose dark 1280    only those that match every word
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { outputFolder } from "../harness/paths.ts";
import { openPanelBrowser } from "./openPanel.ts";
import { states } from "./states/all.ts";
import { themeNames } from "./themes.ts";

const words = process.argv.slice(2);
const widths = [1280, 640, 360] as const;
const folder = path.join(outputFolder, "panel");
/** Runs in the page: the pictures that can be seen are there, those that are loaded lazily as well. */
const imagesDrawn = `Promise.all([...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight && image.getBoundingClientRect().left < innerWidth)
  .map((image) => image.decode().catch(() => undefined)))`;
mkdirSync(folder, { recursive: true });
const browser = await openPanelBrowser();
try {
  for (const theme of themeNames) {
    for (const width of widths) {
      const chosen = Object.entries(states).filter(([name]) =>
        words.every((word) => [name, theme, String(width)].includes(word)),
      );
      const panel = chosen.length === 0 ? undefined : await browser.open({ theme, width });
      for (const [name, state] of panel === undefined ? [] : chosen) {
        await panel?.show(state());
        await panel?.page.waitForLoadState("networkidle");
        await panel?.page.evaluate(imagesDrawn);
        await panel?.page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) });
      }
      const problems = new Set(panel?.problems.map((text) => text.slice(0, 200)));
      if (problems.size > 0) {
        console.error(theme, width, [...problems]);
      }
      await panel?.close();
    }
  }
} finally {
  await browser.close();
}
