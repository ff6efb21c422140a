import { mendEdges } from "./edges.ts";
import { reduce } from "./fields.ts";
import { gaussianBlur, smoothstep } from "./filters.ts";
import { groundsOf } from "./grounds.ts";
import { LARGEST_LETTER } from "./lettering.ts";
import type { Drawing, Look } from "./look.ts";
import { type LabPlanes, takePlanes } from "./raster.ts";

/** Colour step at which an outline begins, and at which it is full ink. */
const FIRST = 0.05;
const FULL = 0.11;

/**
 * Outlines of regions: the gradient of a Gaussian (J. Canny, 1986) over the picture flattened to its regions'
 * colours, so that texture and light draw nothing. Stronger steps give broader lines, like a pen pressed harder.
 * Returns how much ink each pixel of the look's reduced size takes, 0 to 1; `sigma` (pixels there) is about a quarter
 * of a full line.
 */
export function regionOutlines(look: Look, drawing: Drawing, sigma: number): Float32Array {
  const { planes: flat } = reduce(flattened(look, drawing), look.factor);
  const { width, height } = flat;
  const ink = new Float32Array(width * height);
  // The peak of a blurred step's gradient is step / (sigma * sqrt(2 pi)); the 2 is for central differences.
  const scale = (sigma * Math.sqrt(2 * Math.PI)) / 2;
  const planes = [flat.lightness, flat.a, flat.b];
  for (const [index, plane] of planes.entries()) {
    const soft = gaussianBlur(plane, width, height, sigma);
    const weight = index === 0 ? 1 : 2;
    for (let y = 0, pixel = 0; y < height; y++) {
      const up = y > 0 ? -width : 0;
      const down = y + 1 < height ? width : 0;
      for (let x = 0; x < width; x++, pixel++) {
        const dx =
          (soft[x + 1 < width ? pixel + 1 : pixel] as number) - (soft[x > 0 ? pixel - 1 : pixel] as number);
        const dy = (soft[pixel + down] as number) - (soft[pixel + up] as number);
        ink[pixel] = (ink[pixel] as number) + weight * (dx * dx + dy * dy);
      }
    }
  }
  for (let pixel = 0; pixel < ink.length; pixel++) {
    ink[pixel] = smoothstep(FIRST, FULL, Math.sqrt(ink[pixel] as number) * scale);
  }
  return ink;
}

/** Grounds followed down to those that stand on nothing: a serif stands on its letter, and that on the label. */
function settled(grounds: Int32Array): Int32Array {
  return grounds.map((ground) => {
    let place = ground;
    for (let hop = 0; hop < 4 && place >= 0 && (grounds[place] as number) >= 0; hop++) {
      place = grounds[place] as number;
    }
    return place;
  });
}

/** Each region in its mean colour; lettering takes the colour of what it stands on. */
function flattened({ unit, source }: Look, { regions, edges }: Drawing): LabPlanes {
  const flat = takePlanes(source.width, source.height);
  // Outlined letters would clog: they are taken for what they stand on.
  const grounds = settled(groundsOf(regions, edges, LARGEST_LETTER * unit * unit));
  for (let pixel = 0; pixel < flat.lightness.length; pixel++) {
    const own = regions.labels[pixel] as number;
    const ground = grounds[own] as number;
    const label = ground < 0 ? own : ground;
    flat.lightness[pixel] = regions.lightness[label] as number;
    flat.a[pixel] = regions.a[label] as number;
    flat.b[pixel] = regions.b[label] as number;
  }
  mendEdges(flat, edges);
  return flat;
}
