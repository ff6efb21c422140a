import { enlargedRows, type RowReader, reducePlane } from "./fields.ts";
import { gaussianBlur, smoothstep } from "./filters.ts";
import { SMALL_LETTER } from "./lettering.ts";
import type { Drawing, Look } from "./look.ts";
import { givePlane, takePlane } from "./planePool.ts";

/** Lightness from one tone of cel paint to the next. */
const TONE = 0.1;
/** The same for photographs, whose light runs over a wider range. */
const BROAD_TONE = 0.15;
/** Slopes, in lightness to a unit, up to which the gradient stays, and from which it is cut into steps. */
const SLOPES = { flat: 0.0004, steep: 0.0014 };
/** The same for photographs, of which skies, walls and blurred grounds would be cut into bands and patches. */
const BROAD_SLOPES = { flat: 0.0025, steep: 0.007 };
/** In a photograph, slopes that begin to be borders of things, and that are nothing else: steps would ring them. */
const BORDER = [0.015, 0.04] as const;

/**
 * Cel shading: lightness in steps with crisp, antialiased borders, after the soft quantisation of real-time video
 * abstraction (H. Winnemöller, S. Olsen, B. Gooch, SIGGRAPH 2006). In a drawing the steps are taken from each region's
 * own mean, so that neighbours do not smear into each other; where the slope is next to nothing the gradient stays,
 * for a step there would be a ragged band. In a photograph the steps are added to each pixel's own lightness, and left out
 * at the borders of things, whose blur is no shading.
 */
export function celTones(look: Look, lightness: Float32Array): CelTones {
  const { unit, factor, drawing } = look;
  const { width, height } = look.source;
  const means = drawing === null ? null : regionMeans(drawing, lightness);
  const offsets = means === null || drawing === null ? lightness : offsetsFrom(drawing, means, lightness);
  const small = reducePlane(offsets, width, height, factor);
  if (offsets !== lightness) givePlane(offsets);
  const radius = (unit * (means === null ? 2 : 1.8)) / factor;
  const [soft, slopes] = softened(small, look, Math.max(0.6, radius));
  const regions = drawing === null || means === null ? null : { ...drawing.regions, means };
  return { lightness, width, height, soft, slopes, factor, unit, regions };
}

/** What the tones of a picture are worked out from, pixel by pixel. */
export interface CelTones {
  readonly lightness: Float32Array;
  readonly width: number;
  readonly height: number;
  /** What the steps are taken of, and its slope, at `1 / factor` of the size. */
  readonly soft: Float32Array;
  readonly slopes: Float32Array;
  readonly factor: number;
  /** A thousandth of the picture's side, in pixels. */
  readonly unit: number;
  /** Of a drawing, its regions with the mean lightness of each. */
  readonly regions: {
    readonly labels: Int32Array;
    readonly sizes: Int32Array;
    readonly means: Float32Array;
  } | null;
}

/** Gives the toned lightness row by row; `lightness` is to stay as it is until then, but for the rows that were given. */
export function tonedRows({
  lightness,
  width,
  height,
  soft,
  slopes,
  factor,
  unit,
  regions,
}: CelTones): RowReader {
  const readSmooth = enlargedRows(soft, factor, width, height);
  const readSlope = enlargedRows(slopes, factor, width, height);
  const smooth = new Float32Array(width);
  const slope = new Float32Array(width);
  const tone = regions === null ? BROAD_TONE : TONE;
  // Skies and white walls stand in the middle of the lightest tone, or they would end in a rim.
  const top = regions === null ? 0.96 : 0;
  const smallest = SMALL_LETTER * unit * unit;
  const { flat, steep: full } = regions === null ? BROAD_SLOPES : SLOPES;
  const scale = 1 / tone;
  const rise = 1 / (full - flat);
  // Divisions are slow and most pixels need none: only those on the soft border between two tones.
  const stepAt = (value: number, steep: number): number => {
    const place = (value - top) * scale;
    const floor = Math.floor(place);
    const inside = (place - floor - 0.5) * tone;
    const soft = steep * 1.1 + 0.5e-5;
    const share = inside <= -soft ? 0 : inside >= soft ? 1 : 0.5 + (0.5 * inside) / soft;
    const step = 0.9 * (top + (floor + share) * tone - value);
    const ramp = (steep * unit - flat) * rise;
    return ramp >= 1 ? step : step * ramp * ramp * (3 - 2 * ramp);
  };
  const least = flat / unit;
  const border = BORDER[1] / unit;
  return (y, out) => {
    readSmooth(y, smooth);
    readSlope(y, slope);
    const start = y * width;
    if (regions === null) {
      for (let x = 0; x < width; x++) {
        const steep = slope[x] as number;
        let value = lightness[start + x] as number;
        if (steep > least && steep < border) {
          value += stepAt(smooth[x] as number, steep) * (1 - smoothstep(BORDER[0], BORDER[1], steep * unit));
        }
        out[x] = Math.min(0.995, value);
      }
      return;
    }
    const { labels, sizes, means } = regions;
    // By runs of one region, so that what is the same for all its pixels is looked up once.
    for (let x = 0; x < width; ) {
      const label = labels[start + x] as number;
      const mean = means[label] as number;
      if ((sizes[label] as number) < smallest) {
        for (; x < width && labels[start + x] === label; x++) out[x] = lightness[start + x] as number;
        continue;
      }
      for (; x < width && labels[start + x] === label; x++) {
        const steep = slope[x] as number;
        const shade = smooth[x] as number;
        const value = mean + shade + (steep > least ? stepAt(shade, steep) : 0);
        out[x] = value > 0.995 ? 0.995 : value;
      }
    }
  };
}

/** A reduced plane blurred by `sigma` pixels, and the slope of that for each pixel of the picture. */
function softened(plane: Float32Array, { small, factor }: Look, sigma: number): [Float32Array, Float32Array] {
  const { width, height } = small;
  const soft = gaussianBlur(plane, width, height, sigma, 2);
  const steep = slopeOf(soft, width, height, factor);
  const slopes = gaussianBlur(steep, width, height, sigma, 2);
  givePlane(plane);
  givePlane(steep);
  return [soft, slopes];
}

/** How far each pixel lies from its region's mean. */
function offsetsFrom(
  { regions, edges }: Drawing,
  means: Float32Array,
  lightness: Float32Array,
): Float32Array {
  const offsets = takePlane(lightness.length);
  for (let pixel = 0; pixel < offsets.length; pixel++) {
    offsets[pixel] = (lightness[pixel] as number) - (means[regions.labels[pixel] as number] as number);
  }
  // Mixed edge pixels lie far from either mean; blurred in, they would ring every outline with a halo.
  const { pixels, low, high, share } = edges;
  for (let index = 0; index < pixels.length; index++) {
    const side = ((share[index] as number) < 0.5 ? low[index] : high[index]) as number;
    const offset = (lightness[side] as number) - (means[regions.labels[side] as number] as number);
    offsets[pixels[index] as number] = Math.min(0.06, Math.max(-0.06, offset));
  }
  return offsets;
}

function regionMeans({ regions }: Drawing, plane: Float32Array): Float32Array {
  const { labels } = regions;
  const sums = new Float64Array(regions.count);
  for (let pixel = 0; pixel < plane.length; ) {
    const label = labels[pixel] as number;
    let sum = 0;
    for (; pixel < plane.length && labels[pixel] === label; pixel++) sum += plane[pixel] as number;
    sums[label] = (sums[label] as number) + sum;
  }
  const means = new Float32Array(regions.count);
  for (let label = 0; label < means.length; label++) {
    means[label] = (sums[label] as number) / (regions.sizes[label] as number);
  }
  return means;
}

/** Slope of a plane for each pixel of the picture, of which one pixel here is `factor`. */
function slopeOf(plane: Float32Array, width: number, height: number, factor: number): Float32Array {
  const slope = takePlane(plane.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    const below = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, pixel++) {
      const beside = x + 1 < width ? pixel + 1 : pixel;
      const own = plane[pixel] as number;
      slope[pixel] =
        (Math.abs((plane[beside] as number) - own) + Math.abs((plane[pixel + below] as number) - own)) /
        factor;
    }
  }
  return slope;
}
