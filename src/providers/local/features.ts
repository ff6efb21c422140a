import { skinness } from "./colorMap.ts";
import { gaussianBlur, smoothstep } from "./filters.ts";
import { inkLines } from "./inkLines.ts";
import type { Look } from "./look.ts";
import { givePlane, takePlane } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";

/** Shares of skin below and above which a photograph shows nobody: a stray colour, or wood, fur and sand. */
const FEWEST = 0.004;
const MOST = 0.2;
/** How much of the light on skin is taken as that of its surroundings. */
const CALM = 0.75;
/** Skin darker than its surroundings by the second is a feature, such as an eye, and stays; by the first it is shade. */
const FEATURE = [0.05, 0.12] as const;

/** Skin of a photograph, at the look's fraction of its size: 0 to 1 each pixel. Null where there is none. */
export function skinOf({ small }: Look): Float32Array | null {
  const { lightness, a, b, width, height } = small;
  const skin = takePlane(lightness.length);
  let sum = 0;
  for (let pixel = 0; pixel < skin.length; pixel++) {
    const x = a[pixel] as number;
    const y = b[pixel] as number;
    // Skin is neither green nor blue: most pixels need not be asked further.
    const own = x <= 0 || y <= 0 ? 0 : skinness(lightness[pixel] as number, x, y);
    skin[pixel] = own;
    sum += own;
  }
  if (sum < FEWEST * skin.length || sum > MOST * skin.length) return null;
  const soft = gaussianBlur(skin, width, height, 1.5);
  givePlane(skin);
  return soft;
}

/**
 * Calms the light on skin, in place, so that steps of tone do not break a face into patches: each pixel goes towards
 * the mean of the skin around it. That is a normalised convolution (H. Knutsson, C.-F. Westin, 1993), in which hair and
 * ground beside a face count for nothing. `planes` are at the look's fraction of its size.
 */
export function calmSkin(planes: LabPlanes, skin: Float32Array, { unit, factor }: Look): void {
  const { width, height, lightness } = planes;
  const sigma = Math.max(1, (unit * 22) / factor);
  const weighed = takePlane(skin.length);
  for (let pixel = 0; pixel < skin.length; pixel++) {
    weighed[pixel] = (skin[pixel] as number) * (lightness[pixel] as number);
  }
  const sums = gaussianBlur(weighed, width, height, sigma, 2);
  const weights = gaussianBlur(skin, width, height, sigma, 2);
  for (let pixel = 0; pixel < skin.length; pixel++) {
    const own = lightness[pixel] as number;
    const weight = weights[pixel] as number;
    if ((skin[pixel] as number) < 0.02 || weight < 0.02) continue;
    const offset = (sums[pixel] as number) / weight - own;
    const dark = smoothstep(FEATURE[0], FEATURE[1], offset);
    lightness[pixel] = own + CALM * smoothstep(0.05, 0.5, skin[pixel] as number) * (1 - dark) * offset;
  }
  givePlane(weighed);
  givePlane(sums);
  givePlane(weights);
}

/** Lines of the features in and around skin, such as eyes and mouths, from the photograph itself: 0 to 1. */
export function featureLines({ small, unit, factor }: Look, skin: Float32Array): Float32Array {
  const { width, height, lightness } = small;
  const fine = unit / factor;
  const lines = inkLines(lightness, width, height, {
    sigma: Math.max(0.5, fine * 2),
    gain: 26,
    threshold: 0.008,
  });
  // Eyes are no skin themselves, but it lies all round them.
  const near = gaussianBlur(skin, width, height, Math.max(1, fine * 14), 2);
  for (let pixel = 0; pixel < lines.length; pixel++) {
    lines[pixel] = (lines[pixel] as number) * smoothstep(0.3, 0.6, near[pixel] as number);
  }
  givePlane(near);
  return lines;
}
