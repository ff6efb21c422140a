import type { LabPlanes } from "./raster.ts";

/** Share of an area's border from which it lies within another: less, and it is the rim between two. */
const ENCLOSED = 0.8;

/**
 * Gives small areas of one ink the ink that they lie within, in place: in `inks`, one for each pixel, and in
 * `planes`, whose pixels there become that ink's colour. `least` tells how many pixels an area of the first ink must have
 * beside the second, at a pixel of it; `colors` has three numbers an ink, from the ink's own number on.
 */
export function dropCrumbs(
  inks: Uint8Array,
  planes: LabPlanes,
  least: (area: number, around: number, pixel: number) => number,
  colors: Float32Array,
): void {
  const { width, height } = planes;
  const seen = new Uint8Array(inks.length);
  const area = new Int32Array(inks.length);
  const meets = new Int32Array(256);
  for (let start = 0; start < inks.length; start++) {
    if (seen[start] === 1) continue;
    const ink = inks[start] as number;
    const count = fill(inks, seen, area, meets, start, width, height);
    let around = ink;
    let most = 0;
    let border = 0;
    for (let other = 0; other < colors.length; other += 3) {
      if ((meets[other] as number) > most) {
        most = meets[other] as number;
        around = other;
      }
      border += meets[other] as number;
      meets[other] = 0;
    }
    if (most < ENCLOSED * border || around === ink || count >= least(ink, around, start)) continue;
    for (let index = 0; index < count; index++) {
      const pixel = area[index] as number;
      inks[pixel] = around;
      planes.lightness[pixel] = colors[around] as number;
      planes.a[pixel] = colors[around + 1] as number;
      planes.b[pixel] = colors[around + 2] as number;
    }
  }
}

/** Collects the area of one ink around `start`, and how often its border meets each other ink; returns its pixels' number. */
function fill(
  inks: Uint8Array,
  seen: Uint8Array,
  area: Int32Array,
  meets: Int32Array,
  start: number,
  width: number,
  height: number,
): number {
  const ink = inks[start] as number;
  let count = 1;
  area[0] = start;
  seen[start] = 1;
  const visit = (pixel: number): void => {
    const other = inks[pixel] as number;
    if (other !== ink) meets[other] = (meets[other] as number) + 1;
    else if (seen[pixel] === 0) {
      seen[pixel] = 1;
      area[count] = pixel;
      count++;
    }
  };
  for (let index = 0; index < count; index++) {
    const pixel = area[index] as number;
    const x = pixel % width;
    if (x > 0) visit(pixel - 1);
    if (x + 1 < width) visit(pixel + 1);
    if (pixel >= width) visit(pixel - width);
    if (pixel < width * (height - 1)) visit(pixel + width);
  }
  return count;
}
