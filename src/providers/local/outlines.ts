import { stage } from "./crew.ts";
import { mendEdges } from "./edges.ts";
import { reduce } from "./fields.ts";
import { gaussianBlur } from "./filters.ts";
import { groundsOf, mixedPixels } from "./grounds.ts";
import { LARGEST_LETTER } from "./lettering.ts";
import type { Drawing, Look } from "./look.ts";
import { takePlane } from "./planePool.ts";
import { type LabPlanes, takePlanes } from "./raster.ts";
import type { Segments } from "./segments.ts";

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
  const lightness = gaussianBlur(flat.lightness, width, height, sigma);
  const a = gaussianBlur(flat.a, width, height, sigma);
  const b = gaussianBlur(flat.b, width, height, sigma);
  draw({ soft: { width, height, lightness, a, b }, scale, ink }, height);
  return ink;
}

/** Blurred planes, and the size of their gradient, times `scale`. */
interface Outlining {
  readonly soft: LabPlanes;
  readonly scale: number;
  readonly ink: Float32Array;
}

const draw = stage("regionOutlines", ({ soft: planes, scale, ink }: Outlining, from, to) => {
  const { width, height } = planes;
  for (const soft of [planes.lightness, planes.a, planes.b]) {
    const weight = soft === planes.lightness ? 1 : 2;
    for (let y = from, pixel = from * width; y < to; y++) {
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
  for (let pixel = from * width; pixel < to * width; pixel++) {
    ink[pixel] = Math.sqrt(ink[pixel] as number) * scale;
  }
});

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
  fill({ flat, regions, under }, source.height);
  mendEdges(flat, edges);
  return flat;
}

/** Planes to be filled with regions' colours, or with that of what a region lies on. */
interface Filling {
  readonly flat: LabPlanes;
  readonly regions: Segments;
  readonly under: Int32Array;
}

const fill = stage("flattenRegions", ({ flat, regions, under }: Filling, from, to) => {
  const { labels } = regions;
  const stop = to * flat.width;
  for (let start = from * flat.width, end = start; start < stop; start = end) {
    const own = labels[start] as number;
    while (end < stop && labels[end] === own) end++;
    const ground = under[own] as number;
    const label = ground < 0 ? own : ground;
    flat.lightness.fill(regions.lightness[label] as number, start, end);
    flat.a.fill(regions.a[label] as number, start, end);
    flat.b.fill(regions.b[label] as number, start, end);
  }
});
