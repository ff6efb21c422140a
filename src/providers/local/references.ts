import { findClusters } from "./clusters.ts";
import { chromaOf, type Lab, labDistance, labFromRaster } from "./oklab.ts";
import type { LabPlanes, Raster } from "./raster.ts";

/** What is taken over from style references. */
export interface ReferenceStyle {
  /** Their main colours, largest share first; none alike. */
  readonly colors: readonly Lab[];
  /** Lightness at evenly spaced shares of their pixels, from the darkest to the lightest. */
  readonly tones: Float32Array;
  /** How coarse their texture is: 1 like most pictures, 0.6 (fine) to 1.6 (broad). */
  readonly scale: number;
}

const LEVELS = 65;
const MAIN_COLORS = 6;
/** How far the result's tones go to those of the references, 0 to 1. */
const TONE_SHARE = 0.65;
/** Lightness may change this many times faster than in the source: more would bring its noise out. */
const STEEPEST = 2.2;

/** Reads the style of pictures; undefined when there are none. */
export function readReferences(references: readonly Raster[]): ReferenceStyle | undefined {
  if (references.length === 0) return undefined;
  const planes = references.map((reference) => labFromRaster(reference));
  const colors: Lab[] = [];
  const found = planes.map((each) => findClusters(each, null, null, MAIN_COLORS).colors);
  for (let rank = 0; rank < MAIN_COLORS; rank++) {
    for (const each of found) {
      const color = each[rank];
      if (color !== undefined && colors.every((other) => labDistance(color, other) > 0.07)) {
        colors.push(color);
      }
    }
  }
  const scales = planes.map(textureScale);
  return {
    // Colours say more about a style than greys of the same share.
    colors: colors
      .slice(0, MAIN_COLORS + 2)
      .sort((x, y) => chromaOf(y) - chromaOf(x))
      .slice(0, MAIN_COLORS),
    tones: quantiles(planes),
    scale: scales.reduce((sum, scale) => sum + scale, 0) / scales.length,
  };
}

/**
 * Gives a result the tones of the references, in place: each lightness goes to the one of the same rank, which in one
 * dimension is the optimal transport (F. Pitié, A. Kokaram, R. Dahyot, "N-dimensional probability density function
 * transfer", 2005), held to a bounded slope.
 */
export function transportTones(planes: LabPlanes, { tones }: ReferenceStyle): void {
  const own = quantiles([planes]);
  const map = new Float32Array(257);
  for (let index = 0, rank = 0; index < map.length; index++) {
    const value = index / 256;
    while (rank < LEVELS - 2 && (own[rank + 1] as number) < value) rank++;
    const low = own[rank] as number;
    const high = own[rank + 1] as number;
    const share = Math.min(1, Math.max(0, (value - low) / Math.max(1e-4, high - low)));
    const target = (tones[rank] as number) + ((tones[rank + 1] as number) - (tones[rank] as number)) * share;
    const aim = value + (target - value) * TONE_SHARE;
    const before = index === 0 ? aim : (map[index - 1] as number);
    map[index] = index === 0 ? aim : Math.min(before + STEEPEST / 256, Math.max(before + 0.25 / 256, aim));
  }
  const { lightness } = planes;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const place = Math.min(255.99, Math.max(0, (lightness[pixel] as number) * 256));
    const index = place | 0;
    const low = map[index] as number;
    lightness[pixel] = Math.min(0.995, low + ((map[index + 1] as number) - low) * (place - index));
  }
}

function quantiles(planes: readonly LabPlanes[]): Float32Array {
  const values: number[] = [];
  for (const { lightness } of planes) {
    const stride = Math.max(1, Math.floor(lightness.length / 4000));
    for (let pixel = 0; pixel < lightness.length; pixel += stride) values.push(lightness[pixel] as number);
  }
  const sorted = Float32Array.from(values).sort();
  return Float32Array.from(
    { length: LEVELS },
    (_, level) => sorted[Math.round((level / (LEVELS - 1)) * (sorted.length - 1))] as number,
  );
}

/** Energy of coarse steps against fine ones: brush marks and large shapes give more, grain and hatching less. */
function textureScale({ width, height, lightness }: LabPlanes): number {
  const near = Math.max(1, Math.round(Math.sqrt(width * height) / 300));
  const far = near * 4;
  let fine = 0;
  let coarse = 0;
  for (let y = 0; y < height - far; y += 2) {
    for (let x = 0; x < width - far; x += 2) {
      const pixel = y * width + x;
      const own = lightness[pixel] as number;
      fine += Math.abs((lightness[pixel + near] as number) - own);
      coarse += Math.abs((lightness[pixel + far] as number) - own);
    }
  }
  if (fine < 1e-6) return 1;
  // White noise has a ratio of 1, a smooth slope of 4, most photographs about 2.2.
  return Math.min(1.6, Math.max(0.6, coarse / fine / 2.2));
}
