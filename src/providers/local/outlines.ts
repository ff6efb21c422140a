import { mendEdges } from "./edges.ts";
import { reduce } from "./fields.ts";
import { gaussianBlur } from "./filters.ts";
import { groundsOf, mixedPixels } from "./grounds.ts";
import { LARGEST_LETTER } from "./lettering.ts";
import type { Drawing, Look } from "./look.ts";
import { takePlane } from "./planePool.ts";
import { type LabPlanes, takePlanes } from "./raster.ts";

/** Share of edge pixels from which a region is a line, and how many times larger than the largest letter lines may be. */
const THIN = 0.5;
const LONGEST_LINE = 4;
/** Colour step at which an outline begins, and at which it is full ink. */
export const OUTLINE_STEPS = [0.05, 0.11] as const;

/**
 * Outlines of regions: the gradient of a Gaussian (J. Canny, 1986) over the picture flattened to its regions'
 * colours, so that texture and light draw nothing. Stronger steps give broader lines, like a pen pressed harder.
 * Returns the step that each pixel of the look's reduced size lies on, which `OUTLINE_STEPS` turn into ink: once it is
 * enlarged, or the lines would be ragged. `sigma` (pixels there) is about a quarter of a full line.
 */
export function regionOutlines(look: Look, drawing: Drawing, sigma: number): Float32Array {
  const { planes: flat } = reduce(flattened(look, drawing), look.factor);
  const { width, height } = flat;
  const ink = takePlane(width * height).fill(0);
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
  for (let pixel = 0; pixel < ink.length; pixel++) ink[pixel] = Math.sqrt(ink[pixel] as number) * scale;
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

/** Each region in its mean colour; lettering and thin lines take the colour of what they stand on. */
function flattened({ unit, source }: Look, { regions, edges }: Drawing): LabPlanes {
  const flat = takePlanes(source.width, source.height);
  // Outlined letters and lines would clog: they are taken for what they stand on.
  const largest = LARGEST_LETTER * unit * unit;
  const grounds = groundsOf(regions, edges, largest);
  const lineGrounds = groundsOf(regions, edges, LONGEST_LINE * largest);
  const mixed = mixedPixels(regions, edges);
  for (let label = 0; label < regions.count; label++) {
    const size = regions.sizes[label] as number;
    const line = size >= largest && (mixed[label] as number) > THIN * size;
    if (line) grounds[label] = lineGrounds[label] as number;
  }
  const under = settled(grounds);
  const { labels } = regions;
  for (let start = 0, end = 0; start < labels.length; start = end) {
    const own = labels[start] as number;
    while (end < labels.length && labels[end] === own) end++;
    const ground = under[own] as number;
    const label = ground < 0 ? own : ground;
    flat.lightness.fill(regions.lightness[label] as number, start, end);
    flat.a.fill(regions.a[label] as number, start, end);
    flat.b.fill(regions.b[label] as number, start, end);
  }
  mendEdges(flat, edges);
  return flat;
}
