import { skinness } from "./colorMap.ts";
import { enlargedRows, reduce } from "./fields.ts";
import { gaussianBlur, smoothstep } from "./filters.ts";
import { inkLines } from "./inkLines.ts";
import type { Look } from "./look.ts";
import { takePlane } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";

/** Shares of skin below and above which a photograph shows nobody: a stray colour, or wood, fur and sand. */
const FEWEST = 0.004;
const MOST = 0.2;
/** How much of the light on skin is taken as that of its surroundings. */
const CALM = 0.75;
/** Skin darker than its surroundings by the second is a feature, such as an eye, and stays; by the first it is shade. */
const FEATURE = [0.05, 0.12] as const;
/** Pixels of the look's fraction, each way, that one number of `Skin` stands for: faces are far larger. */
const COARSE = 4;

/** Where a photograph shows skin: one number for `COARSE` x `COARSE` pixels of the look's fraction of its size. */
export interface Skin {
  readonly width: number;
  readonly height: number;
  /** 0 to 1. */
  readonly amounts: Float32Array;
}

/** Null where there is no skin, or hardly anything else. */
export function skinOf({ small }: Look): Skin | null {
  const { lightness, a, b, width, height } = reduce(small, COARSE).planes;
  const amounts = takePlane(lightness.length);
  let sum = 0;
  for (let place = 0; place < amounts.length; place++) {
    const own = skinAt(lightness[place] as number, a[place] as number, b[place] as number);
    amounts[place] = own;
    sum += own;
  }
  const somebody = sum >= FEWEST * amounts.length && sum <= MOST * amounts.length;
  return somebody ? { width, height, amounts } : null;
}

/** Skin is neither green nor blue: most pixels need not be asked further. */
function skinAt(lightness: number, a: number, b: number): number {
  return a <= 0 || b <= 0 ? 0 : skinness(lightness, a, b);
}

/**
 * Calms the light on skin, in place, so that steps of tone do not break a face into patches: each pixel goes towards
 * the mean of the skin around it. That is a normalised convolution (H. Knutsson, C.-F. Westin, 1993), in which hair and
 * ground beside a face count for nothing. `planes` are at the look's fraction of its size.
 */
function calmSkin(planes: LabPlanes, { width, height, amounts }: Skin, look: Look): void {
  const { unit, factor, small } = look;
  const sigma = Math.max(1, (unit * 22) / factor / COARSE);
  const { lightness } = reduce(planes, COARSE).planes;
  const weighed = takePlane(amounts.length);
  for (let place = 0; place < weighed.length; place++) {
    weighed[place] = (amounts[place] as number) * (lightness[place] as number);
  }
  const readSum = enlargedRows(
    gaussianBlur(weighed, width, height, sigma),
    COARSE,
    small.width,
    small.height,
  );
  const readWeight = enlargedRows(
    gaussianBlur(amounts, width, height, sigma),
    COARSE,
    small.width,
    small.height,
  );
  const sums = new Float32Array(small.width);
  const weights = new Float32Array(small.width);
  for (let y = 0, pixel = 0; y < small.height; y++) {
    readSum(y, sums);
    readWeight(y, weights);
    for (let x = 0; x < small.width; x++, pixel++) {
      const weight = weights[x] as number;
      if (weight < 0.02) continue;
      const skin = skinAt(
        small.lightness[pixel] as number,
        small.a[pixel] as number,
        small.b[pixel] as number,
      );
      if (skin < 0.05) continue;
      const own = planes.lightness[pixel] as number;
      const offset = (sums[x] as number) / weight - own;
      const dark = smoothstep(FEATURE[0], FEATURE[1], offset);
      planes.lightness[pixel] = own + CALM * smoothstep(0.05, 0.5, skin) * (1 - dark) * offset;
    }
  }
}

/** The photograph at the look's fraction of its size, with calm light on skin: a new plane for what is changed. */
export function calmed(look: Look, skin: Skin | null): LabPlanes {
  if (skin === null) return look.small;
  const lightness = takePlane(look.small.lightness.length);
  lightness.set(look.small.lightness);
  const planes = { ...look.small, lightness };
  calmSkin(planes, skin, look);
  return planes;
}

/** Lines of the features in and around skin, such as eyes and mouths, from the photograph itself: 0 to 1. */
export function featureLines({ small, unit, factor }: Look, skin: Skin): Float32Array {
  const { width, height, lightness } = small;
  const fine = unit / factor;
  const taste = { sigma: Math.max(0.5, fine * 2), gain: 26, threshold: 0.008 };
  const lines = inkLines(lightness, width, height, taste);
  // Eyes are no skin themselves, but it lies all round them.
  const sigma = Math.max(1, (fine * 14) / COARSE);
  const readNear = enlargedRows(
    gaussianBlur(skin.amounts, skin.width, skin.height, sigma),
    COARSE,
    width,
    height,
  );
  const near = new Float32Array(width);
  for (let y = 0, pixel = 0; y < height; y++) {
    readNear(y, near);
    for (let x = 0; x < width; x++, pixel++) {
      lines[pixel] = (lines[pixel] as number) * smoothstep(0.3, 0.6, near[x] as number);
    }
  }
  return lines;
}
