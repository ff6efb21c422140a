import { rasterBetween, type Shares } from "./encode.ts";
import type { Mood } from "./moodWords.ts";

import { type LabPlanes, type Raster, wordsOf } from "./raster.ts";

/**
 * Shares of the full result that a strength shows, of its light and of its colour. Steeper at the start: the model's
 * default of 50 should already look remixed, and the last steps refine. Colour goes ahead of light, since half-way
 * between two hues lies mud.
 */
function sharesOf(strength: number): Shares {
  const rest = 1 - Math.min(100, Math.max(1, strength)) / 100;
  return { light: 1 - rest ** 1.9, color: 1 - rest ** 2.4 };
}

/**
 * The result as a picture: `full`, moved back towards the source in OKLab, where equal steps look equal, so the distance
 * to the source grows in step with the share.
 *
 * @param alphaFrom the source picture, whose alpha is taken
 * @param dither as in `rasterBetween`
 */
export function develop(
  source: LabPlanes,
  full: LabPlanes,
  strength: number,
  alphaFrom: Raster,
  dither: boolean,
): Raster {
  return rasterBetween(source, full, sharesOf(strength), alphaFrom, dither);
}

/**
 * A dark mood takes light away from the whole picture, most from its corners, as if fewer lamps were lit: all three
 * OKLab numbers alike, which leaves hues and the contrast of lettering as they were.
 */
export function dim({ width, height, lightness, a, b }: LabPlanes, { key }: Mood): void {
  if (key > -0.02) return;
  const lit = Math.max(0.5, 1 + 1.4 * key);
  const falloff = -0.9 * key;
  for (let y = 0, pixel = 0; y < height; y++) {
    const v = (y + 0.5) / height - 0.5;
    for (let x = 0; x < width; x++, pixel++) {
      const u = (x + 0.5) / width - 0.5;
      const shade = lit * (1 - falloff * 2 * (u * u + v * v));
      lightness[pixel] = (lightness[pixel] as number) * shade;
      a[pixel] = (a[pixel] as number) * (0.3 + 0.7 * shade);
      b[pixel] = (b[pixel] as number) * (0.3 + 0.7 * shade);
    }
  }
}

/** Colours hidden under full transparency are often black and would bleed into the blurs: give them the mean. */
export function fillHidden(planes: LabPlanes, alphaFrom: Raster): void {
  const { lightness, a, b } = planes;
  if (isOpaque(alphaFrom)) return;
  let count = 0;
  let sumL = 0;
  let sumA = 0;
  let sumB = 0;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    if ((alphaFrom.data[pixel * 4 + 3] as number) < 8) continue;
    count++;
    sumL += lightness[pixel] as number;
    sumA += a[pixel] as number;
    sumB += b[pixel] as number;
  }
  if (count === 0) return;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    if ((alphaFrom.data[pixel * 4 + 3] as number) >= 8) continue;
    lightness[pixel] = sumL / count;
    a[pixel] = sumA / count;
    b[pixel] = sumB / count;
  }
}

function isOpaque(raster: Raster): boolean {
  const words = wordsOf(raster);
  let all = -1;
  for (let pixel = 0; pixel < words.length; pixel++) all &= words[pixel] as number;
  return all >>> 24 === 255;
}
