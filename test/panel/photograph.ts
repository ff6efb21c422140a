import { mkdirSync } from "node:fs";
import path from "node:path";
import { outputFolder } from "../harness/paths.ts";
import type { OpenPanel } from "./openPanel.ts";

/** CSS pixels: one for each layout of the page. */
export const pictureWidths = [1200, 600, 320] as const;

const folder = path.join(outputFolder, "panel");

/**
 * Writes `out/panel/<name>-<width>.png` for each width; the page has the first width again when it is done.
 *
 * @param look is called at each width, while the page has it
 */
export async function photograph(
  { page, settle }: OpenPanel,
  name: string,
  look: (width: number) => Promise<void> = async () => undefined,
  widths: readonly number[] = pictureWidths,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 900 ? 960 : 820 });
    await settle();
    await page.screenshot({ path: path.join(folder, `${name}-${width}.png`) });
    await look(width);
  }
  await page.setViewportSize({ width: pictureWidths[0], height: 820 });
}
