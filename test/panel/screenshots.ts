/**
 * Takes pictures of the panel in every scene into `out/panel/`, to be looked at. The tests take them as well.
 *
 *   npm run build && node test/panel/screenshots.ts    all scenes, all themes, three widths
 *   node test/panel/screenshots.ts compose dark 1200   only those that match every word
 */
import { openPanelBrowser } from "./openPanel.ts";
import { photograph, pictureWidths } from "./photograph.ts";
import { play, scenes } from "./scenes.ts";
import { themeNames } from "./themes.ts";

const words = process.argv.slice(2);
const browser = await openPanelBrowser();
try {
  for (const theme of themeNames) {
    const panel = await browser.open({ theme });
    for (const [name, scene] of Object.entries(scenes)) {
      const widths = pictureWidths.filter((width) =>
        words.every((word) => [name, theme, String(width)].includes(word)),
      );
      if (widths.length > 0) {
        await play(panel, scene);
        await photograph(panel, `${name}-${theme}`, undefined, widths);
      }
      if (panel.problems.length > 0) {
        console.error(name, theme, panel.problems);
      }
    }
    await panel.close();
  }
} finally {
  await browser.close();
}
