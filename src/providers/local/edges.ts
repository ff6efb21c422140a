import { stage } from "./crew.ts";
import type { Reduced } from "./fields.ts";
import { takeIndexes, takeMarks, takePlane } from "./planePool.ts";
import { givePlanes, type LabPlanes, takePlanes } from "./raster.ts";

/**
 * The pixels on edges, each explained as a mixture of the two extremes of its neighbourhood: the two-colour model
 * of closed-form matting (A. Levin, D. Lischinski, Y. Weiss, 2006). All arrays run in step.
 */
export interface Edges {
  /** Pixel numbers, in reading order. */
  readonly pixels: Int32Array;
  /** The pixel of the one side, and of the other. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** How far the pixel's colour is on its way from low to high, 0 to 1. */
  readonly share: Float32Array;
}

/** Sum of OKLab differences across a pixel from which it counts as lying on an edge. */
const EDGE = 0.035;
/** An edge whose sides differ less than this is left alone. */
const FAINT = 0.03;

/** The same between neighbours of the reduced picture, from which edges are looked for. */
const HINT = 0.018;

/**
 * Finds the edge pixels; `radius` (pixels) is how far the two sides are looked for. `small` is the source at a fraction
 * of its size: what is even there is passed over.
 */
export function findEdges(source: LabPlanes, small: Reduced, radius: number): Edges {
  const { width, height } = source;
  const { factor } = small;
  const pixels = takeIndexes(width * height);
  const low = takeIndexes(width * height);
  const high = takeIndexes(width * height);
  const share = takePlane(width * height);
  const counts = takeIndexes(height);
  const hints = hintsOf(small);
  search(
    { source, hints, columns: small.planes.width, factor, radius, pixels, low, high, share, counts },
    height,
  );
  let total = 0;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const end = start + (counts[y] as number);
    for (const list of [pixels, low, high, share]) list.copyWithin(total, start, end);
    total += end - start;
  }
  return {
    pixels: pixels.subarray(0, total),
    low: low.subarray(0, total),
    high: high.subarray(0, total),
    share: share.subarray(0, total),
  };
}

/** Where edges are looked for, and where those of each row are noted: from the row's own place on, `counts` of them. */
interface Search extends Edges {
  readonly source: LabPlanes;
  /** Of the reduced picture, which is `columns` wide. */
  readonly hints: Uint8Array;
  readonly columns: number;
  readonly factor: number;
  readonly radius: number;
  readonly counts: Int32Array;
}

const search = stage("findEdges", (args: Search, first, end) => {
  const { source, hints, columns, factor, radius, pixels, low, high, share, counts } = args;
  const { width, height, lightness, a, b } = source;
  for (let y = first; y < end; y++) {
    let count = y * width;
    const top = Math.max(0, y - radius);
    const bottom = Math.min(height - 1, y + radius);
    const line = Math.floor(y / factor) * columns;
    const above = y > 0 ? -width : 0;
    const below = y + 1 < height ? width : 0;
    for (let block = 0; block < columns; block++) {
      if (hints[line + block] === 0) continue;
      const stop = Math.min(width, (block + 1) * factor);
      for (let x = block * factor; x < stop; x++) {
        const pixel = y * width + x;
        const right = x + 1 < width ? pixel + 1 : pixel;
        const left = x > 0 ? pixel - 1 : pixel;
        const stepL = across(lightness, left, right, pixel + above, pixel + below);
        const stepA = across(a, left, right, pixel + above, pixel + below);
        const stepB = across(b, left, right, pixel + above, pixel + below);
        if (stepL + stepA + stepB < EDGE) continue;
        // The axis along which the two sides differ most separates them best.
        const key = stepL >= stepA && stepL >= stepB ? lightness : stepA >= stepB ? a : b;
        const own = key[pixel] as number;
        let from = pixel;
        let to = pixel;
        let least = own;
        let most = own;
        const start = Math.max(0, x - radius);
        const span = Math.min(width - 1, x + radius) - start;
        for (let row = top * width + start; row <= bottom * width + start; row += width) {
          for (let other = row; other <= row + span; other++) {
            const value = key[other] as number;
            if (value < least) {
              least = value;
              from = other;
            } else if (value > most) {
              most = value;
              to = other;
            }
          }
        }
        if (most - least < FAINT) continue;
        pixels[count] = pixel;
        low[count] = from;
        high[count] = to;
        share[count] = (own - least) / (most - least);
        count++;
      }
    }
    counts[y] = count - y * width;
  }
});

/** 1 for each pixel of the reduced picture that has a step beside it or one pixel further, else 0. */
function hintsOf({ planes, factor }: Reduced): Uint8Array {
  const { width, height } = planes;
  const hints = takeMarks(width * height);
  if (factor === 1) return hints.fill(1);
  for (let y = 0; y < height; y++) hintsInRow(planes, y, hints);
  return hints;
}

function hintsInRow({ width, height, lightness, a, b }: LabPlanes, y: number, hints: Uint8Array): void {
  for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
    const right = x + 1 < width ? pixel + 1 : pixel;
    const below = y + 1 < height ? pixel + width : pixel;
    const step =
      across(lightness, pixel, right, pixel, below) +
      across(a, pixel, right, pixel, below) +
      across(b, pixel, right, pixel, below);
    if (step > HINT) mark(hints, x, y, width, height);
  }
}

/** Marks the four pixels around the lower right corner of one, and those around them. */
function mark(hints: Uint8Array, x: number, y: number, width: number, height: number): void {
  const left = x > 0 ? x - 1 : 0;
  const right = x + 2 < width ? x + 2 : width - 1;
  const bottom = y + 2 < height ? y + 2 : height - 1;
  for (let row = y > 0 ? y - 1 : 0; row <= bottom; row++) {
    for (let place = row * width + left; place <= row * width + right; place++) hints[place] = 1;
  }
}

/** The step of a plane across a pixel: left to right and up to down together. */
function across(plane: Float32Array, left: number, right: number, up: number, down: number): number {
  return (
    Math.abs((plane[left] as number) - (plane[right] as number)) +
    Math.abs((plane[up] as number) - (plane[down] as number))
  );
}

/**
 * Redraws edges after recolouring, in place: each edge pixel becomes the same mixture of what its two sides have
 * become. Recoloured by itself, a mixed colour may land on a third palette entry and fringe the lettering.
 */
export function mendEdges(painted: LabPlanes, edges: Edges): void {
  const count = edges.pixels.length;
  const mended = takePlanes(painted.width, painted.height);
  mix({ painted, edges, mended }, count);
  put({ painted, edges, mended }, count);
  givePlanes(mended);
}

/** A picture, its edges, and what each of these becomes, in their order. */
interface Mending {
  readonly painted: LabPlanes;
  readonly edges: Edges;
  readonly mended: LabPlanes;
}

const mix = stage("mixEdges", ({ painted, edges, mended }: Mending, from, to) => {
  for (let index = from; index < to; index++) {
    const share = edges.share[index] as number;
    const low = edges.low[index] as number;
    const high = edges.high[index] as number;
    const l = painted.lightness[low] as number;
    const a = painted.a[low] as number;
    const b = painted.b[low] as number;
    mended.lightness[index] = l + ((painted.lightness[high] as number) - l) * share;
    mended.a[index] = a + ((painted.a[high] as number) - a) * share;
    mended.b[index] = b + ((painted.b[high] as number) - b) * share;
  }
});

const put = stage("putEdges", ({ painted, edges, mended }: Mending, from, to) => {
  for (let index = from; index < to; index++) {
    const pixel = edges.pixels[index] as number;
    painted.lightness[pixel] = mended.lightness[index] as number;
    painted.a[pixel] = mended.a[index] as number;
    painted.b[pixel] = mended.b[index] as number;
  }
});

/**
 * Gives each edge pixel the label of the side it is nearer to, so that no slivers lie between regions. The side is
 * followed from edge pixel to edge pixel until the plain ground beside a wide, soft edge is reached.
 */
export function snapLabels(labels: Int32Array, edges: Edges): Int32Array {
  const sides = takeIndexes(labels.length).fill(-1);
  for (let index = 0; index < edges.pixels.length; index++) {
    const side = (edges.share[index] as number) < 0.5 ? edges.low : edges.high;
    sides[edges.pixels[index] as number] = side[index] as number;
  }
  const snapped = takeIndexes(labels.length);
  snapped.set(labels);
  for (let index = 0; index < edges.pixels.length; index++) {
    const pixel = edges.pixels[index] as number;
    let ground = pixel;
    for (let hop = 0; hop < 4; hop++) {
      const next = sides[ground] as number;
      if (next < 0 || next === ground) break;
      ground = next;
    }
    snapped[pixel] = labels[ground] as number;
  }
  return snapped;
}

/** How much an edge pixel of that share tells about the colour of its region: mixtures tell next to nothing; 0 to 1. */
export function purity(share: number): number {
  const square = (2 * share - 1) * (2 * share - 1);
  return 0.01 + 0.6 * square * square * square;
}
