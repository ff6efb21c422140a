import { stage } from "./crew.ts";
import { type Edges, purity, snapLabels } from "./edges.ts";
import type { Reduced } from "./fields.ts";
import { gaussianBlur } from "./filters.ts";
import { takeIndexes } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";
import { adjacency, mergeRegions } from "./regionGraph.ts";
import { gap, grow } from "./regionGrowing.ts";
import { dissolveSlivers, innerPixels, refineBorders } from "./slivers.ts";
import { rootOf } from "./unionFind.ts";

/** The picture cut into connected regions of even or slowly changing colour. */
export interface Segments {
  /** Region number of each pixel, 0 to `count - 1`. */
  readonly labels: Int32Array;
  readonly count: number;
  /** Pixels of each region. */
  readonly sizes: Int32Array;
  /** Mean OKLab colour of each region. */
  readonly lightness: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** Crumbs nearer than this in colour to a neighbour belong to it. */
const LIKE = 0.07;
/** What the step across a crumb's border counts, against the distance of the means. */
const STEP_WEIGHT = 1.2;
/** `LIKE` for regions up to `BROKEN_OFF` times the size of crumbs: the end of a line that was cut off from it. */
const SAME = 0.04;
const BROKEN_OFF = 8;

/** The blur, in pixels, that noise is first taken out with. */
const SMOOTHING = 0.5;

/** Cuts a picture into regions, by way of its reduced form. `scale` (pixels) favours larger ones. */
export function segment(
  planes: LabPlanes,
  edges: Edges,
  { planes: small, factor }: Reduced,
  scale: number,
): Segments {
  const { width, height } = small;
  const soft: LabPlanes = {
    width,
    height,
    lightness: gaussianBlur(small.lightness, width, height, SMOOTHING),
    a: gaussianBlur(small.a, width, height, SMOOTHING),
    b: gaussianBlur(small.b, width, height, SMOOTHING),
  };
  const coarse = measure(soft, grow(soft), undefined);
  const merged = mergeRegions(coarse, adjacency(soft, coarse.labels), scale);
  const labels = takeIndexes(coarse.labels.length);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    labels[pixel] = rootOf(merged, coarse.labels[pixel] as number);
  }
  dissolveSlivers(soft, labels);
  refineBorders(small, labels);
  if (factor === 1) {
    return absorbCrumbs(measure(planes, snapLabels(labels, edges), edges), planes, 1);
  }
  const clean = absorbCrumbs(measure(small, labels, undefined), small, factor);
  const full = enlarge(planes, small, clean.labels, factor);
  return measure(planes, snapLabels(full, edges), edges, clean.count);
}

/** Each full-size pixel takes the region of the nearby small pixel whose colour is most like its own. */
function enlarge(planes: LabPlanes, small: LabPlanes, labels: Int32Array, factor: number): Int32Array {
  const out = takeIndexes(planes.width * planes.height);
  const inner = innerPixels(small, labels);
  enlargeRows({ planes, small, labels, inner, factor, out }, planes.height);
  return out;
}

/** A picture, the same at `1 / factor` of its size with its labels, and what these are enlarged into. */
interface Enlarging {
  readonly planes: LabPlanes;
  readonly small: LabPlanes;
  readonly labels: Int32Array;
  /** 1 for the small pixels that have one label all around. */
  readonly inner: Uint8Array;
  readonly factor: number;
  readonly out: Int32Array;
}

const enlargeRows = stage("enlargeLabels", (args: Enlarging, from, to) => {
  const { planes, small, labels, inner, factor, out } = args;
  const { width } = planes;
  for (let y = from; y < to; y++) {
    const middle = Math.floor(y / factor);
    for (let centre = 0, x = 0; centre < small.width; centre++) {
      const place = middle * small.width + centre;
      const end = Math.min(width, x + factor);
      if (inner[place] === 1) {
        const label = labels[place] as number;
        for (; x < end; x++) out[y * width + x] = label;
      }
      for (; x < end; x++) out[y * width + x] = likest(planes, y * width + x, small, labels, centre, middle);
    }
  }
});

/** The label of that small pixel around (`centre`, `middle`) whose colour is most like a pixel's. */
function likest(
  planes: LabPlanes,
  pixel: number,
  small: LabPlanes,
  labels: Int32Array,
  centre: number,
  middle: number,
): number {
  const l = planes.lightness[pixel] as number;
  const a = planes.a[pixel] as number;
  const b = planes.b[pixel] as number;
  let best = middle * small.width + centre;
  const home = labels[best] as number;
  let least = gap(small, best, l, a, b);
  // No other can be better by an amount that is seen.
  if (least <= 0.0004) return home;
  const right = Math.min(small.width - 1, centre + 1);
  for (let row = Math.max(0, middle - 1); row <= Math.min(small.height - 1, middle + 1); row++) {
    for (let column = Math.max(0, centre - 1); column <= right; column++) {
      const place = row * small.width + column;
      if (labels[place] === home) continue;
      const distance = gap(small, place, l, a, b);
      if (distance < least) {
        least = distance;
        best = place;
      }
    }
  }
  return labels[best] as number;
}

/**
 * Renumbers regions from 0 and takes their sizes and mean colours; marks lie below `limit`. Of the pixels on `edges`,
 * which are mixtures, only what is pure counts in the means.
 */
function measure(
  planes: LabPlanes,
  marks: Int32Array,
  edges: Edges | undefined,
  limit = marks.length,
): Segments {
  const { labels, count } = numbered(marks, limit);
  const sizes = new Int32Array(count);
  const sums = new Float64Array(count * 4);
  for (let y = 0; y < planes.height; y++) addRow(planes, labels, y, sizes, sums);
  for (let index = 0; edges !== undefined && index < edges.pixels.length; index++) {
    const pixel = edges.pixels[index] as number;
    const mixed = purity(edges.share[index] as number) - 1;
    addTo(
      sums,
      labels[pixel] as number,
      mixed,
      mixed * (planes.lightness[pixel] as number),
      mixed * (planes.a[pixel] as number),
      mixed * (planes.b[pixel] as number),
    );
  }
  const lightness = new Float32Array(count);
  const a = new Float32Array(count);
  const b = new Float32Array(count);
  for (let label = 0, place = 0; label < count; label++, place += 4) {
    const total = sums[place] as number;
    lightness[label] = (sums[place + 1] as number) / total;
    a[label] = (sums[place + 2] as number) / total;
    b[label] = (sums[place + 3] as number) / total;
  }
  return { labels, count, sizes, lightness, a, b };
}

/** Adds up the pixels of a row, by runs, since neighbours mostly lie in one region. */
function addRow(
  { width, lightness, a, b }: LabPlanes,
  labels: Int32Array,
  y: number,
  sizes: Int32Array,
  sums: Float64Array,
): void {
  const end = (y + 1) * width;
  for (let pixel = y * width; pixel < end; ) {
    const label = labels[pixel] as number;
    const start = pixel;
    let sumL = 0;
    let sumA = 0;
    let sumB = 0;
    for (; pixel < end && labels[pixel] === label; pixel++) {
      sumL += lightness[pixel] as number;
      sumA += a[pixel] as number;
      sumB += b[pixel] as number;
    }
    sizes[label] = (sizes[label] as number) + pixel - start;
    addTo(sums, label, pixel - start, sumL, sumA, sumB);
  }
}

/** Marks as numbers from 0 in the order in which they come first. */
function numbered(marks: Int32Array, limit: number): { labels: Int32Array; count: number } {
  const labels = takeIndexes(marks.length);
  const numbers = takeIndexes(limit).fill(-1);
  let count = 0;
  let last = -1;
  let number = -1;
  for (let pixel = 0; pixel < marks.length; pixel++) {
    const mark = marks[pixel] as number;
    if (mark !== last) {
      last = mark;
      if ((numbers[mark] as number) < 0) numbers[mark] = count++;
      number = numbers[mark] as number;
    }
    labels[pixel] = number;
  }
  return { labels, count };
}

/** Adds a weight and three weighted sums to those of a region. */
function addTo(sums: Float64Array, label: number, weight: number, l: number, a: number, b: number): void {
  const place = label * 4;
  sums[place] = (sums[place] as number) + weight;
  sums[place + 1] = (sums[place + 1] as number) + l;
  sums[place + 2] = (sums[place + 2] as number) + a;
  sums[place + 3] = (sums[place + 3] as number) + b;
}

/** Crumbs of a like colour join the larger region they touch; crumbs that stand out, as lettering does, stay. */
function absorbCrumbs(regions: Segments, planes: LabPlanes, factor: number): Segments {
  const { labels, sizes, count } = regions;
  const crumb = Math.max(12 / (factor * factor), Math.round(labels.length / 14_000));
  const best = new Int32Array(count).fill(-1);
  const least = new Float32Array(count).fill(LIKE);
  const offer = (label: number, other: number, step: number): void => {
    const size = sizes[label] as number;
    if (size > BROKEN_OFF * crumb || (sizes[other] as number) < size) return;
    const apart = Math.hypot(
      (regions.lightness[label] as number) - (regions.lightness[other] as number),
      (regions.a[label] as number) - (regions.a[other] as number),
      (regions.b[label] as number) - (regions.b[other] as number),
    );
    // Where light runs over a large region, its mean says little of what lies beside the crumb.
    const distance = size > crumb ? apart : Math.min(apart, step * STEP_WEIGHT);
    if (size > crumb && distance > SAME) return;
    if (distance < (least[label] as number)) {
      least[label] = distance;
      best[label] = other;
    }
  };
  const { pairs, steps } = adjacency(planes, labels);
  for (let border = 0; border < steps.length; border++) {
    const one = pairs[border * 2] as number;
    const two = pairs[border * 2 + 1] as number;
    offer(one, two, steps[border] as number);
    offer(two, one, steps[border] as number);
  }
  const parents = new Int32Array(count);
  for (let label = 0; label < count; label++) parents[label] = label;
  for (let label = 0; label < count; label++) {
    const other = best[label] as number;
    if (other >= 0) parents[rootOf(parents, label)] = rootOf(parents, other);
  }
  const marks = takeIndexes(labels.length);
  for (let pixel = 0; pixel < marks.length; pixel++) marks[pixel] = rootOf(parents, labels[pixel] as number);
  // Means stay those of the region that took the crumbs in: their mixed colours would only soil them.
  const joined = measure(planes, marks, undefined);
  for (let pixel = 0, last = -1; pixel < marks.length; pixel++) {
    const root = marks[pixel] as number;
    if (root === last) continue;
    last = root;
    const label = joined.labels[pixel] as number;
    joined.lightness[label] = regions.lightness[root] as number;
    joined.a[label] = regions.a[root] as number;
    joined.b[label] = regions.b[root] as number;
  }
  return joined;
}
