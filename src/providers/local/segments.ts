import { type Edges, purity, snapLabels } from "./edges.ts";
import type { Reduced } from "./fields.ts";
import { gaussianBlur } from "./filters.ts";
import { takeIndexes } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";
import { adjacency, mergeRegions } from "./regionGraph.ts";
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

/** Neighbouring pixels closer than this flow together: the steps of an 8-bit gradient and faint noise. */
const FAINT = 0.007;
/** A pixel this far from the mean of what it would join starts a region of its own. */
const STRAY = 0.13;
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
    return absorbCrumbs(measure(planes, snapLabels(labels, edges), purity(labels.length, edges)), planes, 1);
  }
  const clean = absorbCrumbs(measure(small, labels, undefined), small, factor);
  const full = enlarge(planes, small, clean.labels, factor);
  return measure(planes, snapLabels(full, edges), purity(full.length, edges), clean.count);
}

/** Each full-size pixel takes the region of the nearby small pixel whose colour is most like its own. */
function enlarge(planes: LabPlanes, small: LabPlanes, labels: Int32Array, factor: number): Int32Array {
  const { width, height } = planes;
  const out = takeIndexes(width * height);
  const inner = innerPixels(small, labels);
  for (let y = 0; y < height; y++) {
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
  return out;
}

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

function gap(planes: LabPlanes, place: number, l: number, a: number, b: number): number {
  const dl = (planes.lightness[place] as number) - l;
  const da = (planes.a[place] as number) - a;
  const db = (planes.b[place] as number) - b;
  return dl * dl + 2 * (da * da + db * db);
}

/**
 * Region growing in reading order with union-find: pixels join where the local step is faint and neither
 * side strays from the other's mean. The second test stops leaks where an edge fades out for a few pixels.
 */
function grow(planes: LabPlanes): Int32Array {
  const { width, height } = planes;
  const pixels = width * height;
  const parents = takeIndexes(pixels);
  const sizes = takeIndexes(pixels).fill(1);
  const l = planes.lightness.slice();
  const a = planes.a.slice();
  const b = planes.b.slice();
  for (let pixel = 0; pixel < pixels; pixel++) parents[pixel] = pixel;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (x > 0) tryJoin(pixel, pixel - 1);
      if (y > 0) tryJoin(pixel, pixel - width);
    }
  }
  const roots = takeIndexes(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) roots[pixel] = rootOf(parents, pixel);
  return roots;

  function tryJoin(pixel: number, other: number): void {
    const step = gap(
      planes,
      other,
      planes.lightness[pixel] as number,
      planes.a[pixel] as number,
      planes.b[pixel] as number,
    );
    if (step > FAINT * FAINT) return;
    const one = rootOf(parents, pixel);
    const two = rootOf(parents, other);
    if (one === two) return;
    const dl = ((l[one] as number) - (l[two] as number)) * 0.8;
    const da = (a[one] as number) - (a[two] as number);
    const db = (b[one] as number) - (b[two] as number);
    if (dl * dl + 2.2 * (da * da + db * db) > STRAY * STRAY) return;
    const large = (sizes[one] as number) >= (sizes[two] as number) ? one : two;
    const small = large === one ? two : one;
    const size = (sizes[large] as number) + (sizes[small] as number);
    const share = (sizes[small] as number) / size;
    l[large] = (l[large] as number) + ((l[small] as number) - (l[large] as number)) * share;
    a[large] = (a[large] as number) + ((a[small] as number) - (a[large] as number)) * share;
    b[large] = (b[large] as number) + ((b[small] as number) - (b[large] as number)) * share;
    sizes[large] = size;
    parents[small] = large;
  }
}

/**
 * Renumbers regions from 0 and takes their sizes and mean colours, in which `weights` (none: all 1) count; marks lie below
 * `limit`.
 */
function measure(
  planes: LabPlanes,
  marks: Int32Array,
  weights: Float32Array | undefined,
  limit = marks.length,
): Segments {
  const pixels = marks.length;
  const labels = takeIndexes(pixels);
  const numbers = takeIndexes(limit).fill(-1);
  let count = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const mark = marks[pixel] as number;
    if ((numbers[mark] as number) < 0) numbers[mark] = count++;
    labels[pixel] = numbers[mark] as number;
  }
  const sizes = new Int32Array(count);
  const sums = new Float64Array(count * 4);
  for (let pixel = 0; pixel < pixels; ) {
    const label = labels[pixel] as number;
    const start = pixel;
    let total = 0;
    let sumL = 0;
    let sumA = 0;
    let sumB = 0;
    // Neighbours mostly lie in one region: added up by runs.
    for (; pixel < pixels && labels[pixel] === label; pixel++) {
      const weight = weights === undefined ? 1 : (weights[pixel] as number);
      total += weight;
      sumL += weight * (planes.lightness[pixel] as number);
      sumA += weight * (planes.a[pixel] as number);
      sumB += weight * (planes.b[pixel] as number);
    }
    sizes[label] = (sizes[label] as number) + pixel - start;
    const place = label * 4;
    sums[place] = (sums[place] as number) + total;
    sums[place + 1] = (sums[place + 1] as number) + sumL;
    sums[place + 2] = (sums[place + 2] as number) + sumA;
    sums[place + 3] = (sums[place + 3] as number) + sumB;
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
  for (let pixel = 0; pixel < marks.length; pixel++) {
    const label = joined.labels[pixel] as number;
    const root = marks[pixel] as number;
    joined.lightness[label] = regions.lightness[root] as number;
    joined.a[label] = regions.a[root] as number;
    joined.b[label] = regions.b[root] as number;
  }
  return joined;
}
