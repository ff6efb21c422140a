import { enlargePlane, reducePlane } from "./fields.ts";
import { gaussianBlur, smoothstep } from "./filters.ts";
import { SMALL_LETTER } from "./lettering.ts";
import type { Drawing, Look } from "./look.ts";

/** Lightness from one tone of cel paint to the next. */
const TONE = 0.1;
/** The same for photographs, whose light runs over a wider range. */
const BROAD_TONE = 0.15;

/**
 * Cel shading: lightness in steps with crisp, antialiased borders, after the soft quantisation of real-time video
 * abstraction (H. Winnemöller, S. Olsen, B. Gooch, SIGGRAPH 2006). In a drawing the steps are taken from each region's
 * own mean, so that neighbours do not smear into each other; where the slope is next to nothing the gradient stays,
 * for a step there would be a ragged band.
 */
export function celTones(look: Look, lightness: Float32Array): Float32Array {
  const { unit, factor, drawing } = look;
  const { width, height } = look.source;
  const means = drawing === null ? null : regionMeans(drawing, lightness);
  const offsets = means === null || drawing === null ? lightness : offsetsFrom(drawing, means, lightness);
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const small = reducePlane(offsets, width, height, factor);
  const soft = gaussianBlur(
    small,
    columns,
    rows,
    Math.max(0.6, (unit * (means === null ? 1.5 : 5)) / factor),
    2,
  );
  const slopes = gaussianBlur(
    slopeOf(soft, columns, rows, factor),
    columns,
    rows,
    Math.max(0.8, (unit * (means === null ? 2 : 5)) / factor),
    2,
  );
  const smooth = enlargePlane(soft, factor, width, height);
  const slope = enlargePlane(slopes, factor, width, height);
  const tone = means === null ? BROAD_TONE : TONE;
  // Skies and white walls stand in the middle of the lightest tone, or they would end in a rim.
  const top = means === null ? 0.96 : 0;
  const print = SMALL_LETTER * unit * unit;
  for (let pixel = 0; pixel < smooth.length; pixel++) {
    const label = drawing === null ? -1 : (drawing.regions.labels[pixel] as number);
    if (drawing !== null && (drawing.regions.sizes[label] as number) < print) {
      smooth[pixel] = lightness[pixel] as number;
      continue;
    }
    const value = smooth[pixel] as number;
    const steep = slope[pixel] as number;
    const place = (value - top) / tone;
    const floor = Math.floor(place);
    const border = ((place - floor - 0.5) * tone) / (steep * 2.2 + 1e-5);
    const cel = top + (floor + Math.min(1, Math.max(0, border + 0.5))) * tone;
    const crisp = smoothstep(0.0004, 0.0014, steep * unit);
    const mean = means === null ? 0 : (means[label] as number);
    smooth[pixel] = Math.min(0.995, mean + value + (cel - value) * crisp * 0.9);
  }
  return smooth;
}

/** How far each pixel lies from its region's mean. */
function offsetsFrom(
  { regions, edges }: Drawing,
  means: Float32Array,
  lightness: Float32Array,
): Float32Array {
  const offsets = new Float32Array(lightness.length);
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
  const sums = new Float64Array(regions.count);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    const label = regions.labels[pixel] as number;
    sums[label] = (sums[label] as number) + (plane[pixel] as number);
  }
  const means = new Float32Array(regions.count);
  for (let label = 0; label < means.length; label++) {
    means[label] = (sums[label] as number) / (regions.sizes[label] as number);
  }
  return means;
}

/** Slope of a plane for each pixel of the picture, of which one pixel here is `factor`. */
function slopeOf(plane: Float32Array, width: number, height: number, factor: number): Float32Array {
  const slope = new Float32Array(plane.length);
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
