import { takeIndexes } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";
import type { Segments } from "./segments.ts";
import { rootOf } from "./unionFind.ts";

/** Which regions touch, and how strongly the picture steps along their common border. */
export interface Adjacency {
  /** Two region numbers a border. */
  readonly pairs: Int32Array;
  /** Mean colour step across each border, per pixel. */
  readonly steps: Float32Array;
}

/** Borders with a fainter mean step than this are none: the seams that region growing left in a gradient. */
const WEAK = 0.011;
/** The same where one region is plainly the other in light or shade: the flank of something round. */
const WEAK_SHADING = 0.026;
/** How near to plain shading that must be. */
const PLAIN_SHADING = 0.03;
/** Regions whose mean colours differ more than this, light and shade set aside, never become one. */
const UNLIKE = 0.085;
/** Regions smaller than this, in pixels, may be bits of edges. */
const SPECK = 4;
/** How far light or shade may change a colour within one region: share of the way to white or black. */
const MOST_SHADING = 0.55;

/** Finds all borders between regions, in a hash table with open addressing: a Map is too slow for textures. */
export function adjacency(planes: LabPlanes, labels: Int32Array): Adjacency {
  const crossings = crossingsOf(planes, labels);
  const count = crossings.length / 2;
  const capacity = 2 ** Math.ceil(Math.log2(count * 2 + 2));
  const slots = new Int32Array(capacity).fill(-1);
  const pairs = new Int32Array(count * 2);
  const sums = new Float32Array(count);
  const counts = new Int32Array(count);
  let found = 0;
  for (let crossing = 0; crossing < crossings.length; crossing += 2) {
    const pixel = crossings[crossing] as number;
    const other = crossings[crossing + 1] as number;
    const one = labels[pixel] as number;
    const two = labels[other] as number;
    const low = one < two ? one : two;
    const high = one < two ? two : one;
    let slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) & (capacity - 1);
    let place = slots[slot] as number;
    while (place >= 0 && (pairs[place * 2] !== low || pairs[place * 2 + 1] !== high)) {
      slot = (slot + 1) & (capacity - 1);
      place = slots[slot] as number;
    }
    if (place < 0) {
      place = found++;
      slots[slot] = place;
      pairs[place * 2] = low;
      pairs[place * 2 + 1] = high;
    }
    const dl = (planes.lightness[pixel] as number) - (planes.lightness[other] as number);
    const da = (planes.a[pixel] as number) - (planes.a[other] as number);
    const db = (planes.b[pixel] as number) - (planes.b[other] as number);
    sums[place] = (sums[place] as number) + Math.sqrt(dl * dl + 2 * (da * da + db * db));
    counts[place] = (counts[place] as number) + 1;
  }
  const steps = new Float32Array(found);
  for (let place = 0; place < found; place++) {
    steps[place] = (sums[place] as number) / (counts[place] as number);
  }
  return { pairs: pairs.slice(0, found * 2), steps };
}

/** All pairs of neighbouring pixels of two regions, two pixel numbers each. */
function crossingsOf({ width, height }: LabPlanes, labels: Int32Array): Int32Array {
  const crossings = takeIndexes(labels.length * 4);
  let count = 0;
  for (let y = 0; y < height; y++) {
    count = crossingsInRow(labels, y * width, width, y + 1 < height ? width : 0, crossings, count);
  }
  return crossings.subarray(0, count);
}

/** Adds the pairs of the row that begins at `start` to the `before` numbers there are; returns how many there are then. */
function crossingsInRow(
  labels: Int32Array,
  start: number,
  width: number,
  below: number,
  crossings: Int32Array,
  before: number,
): number {
  let count = before;
  const last = start + width - 1;
  for (let pixel = start; pixel <= last; pixel++) {
    const own = labels[pixel];
    if (pixel < last && own !== labels[pixel + 1]) {
      crossings[count++] = pixel;
      crossings[count++] = pixel + 1;
    }
    if (own !== labels[pixel + below]) {
      crossings[count++] = pixel;
      crossings[count++] = pixel + below;
    }
  }
  return count;
}

const BUCKETS = 4096;
/** Steps above this are all alike: no border so strong is ever given up. */
const TOP_STEP = 0.4;

/** Border numbers from the weakest step to the strongest, by counting sort. */
function byStep(steps: Float32Array): Int32Array {
  const starts = new Int32Array(BUCKETS + 1);
  const buckets = new Int32Array(steps.length);
  for (let border = 0; border < steps.length; border++) {
    const bucket = Math.min(BUCKETS - 1, Math.floor(((steps[border] as number) * BUCKETS) / TOP_STEP));
    buckets[border] = bucket;
    starts[bucket + 1] = (starts[bucket + 1] as number) + 1;
  }
  for (let bucket = 1; bucket <= BUCKETS; bucket++) {
    starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
  }
  const order = new Int32Array(steps.length);
  for (let border = 0; border < steps.length; border++) {
    const bucket = buckets[border] as number;
    const place = starts[bucket] as number;
    starts[bucket] = place + 1;
    order[place] = border;
  }
  return order;
}

/**
 * Joins regions along weak borders by the predicate of graph-based segmentation (P. Felzenszwalb and
 * D. Huttenlocher, "Efficient graph-based image segmentation", IJCV 2004), on regions instead of pixels, so that
 * the mean over a whole border decides and not its weakest pixel. `scale` (pixels) favours larger regions.
 * Returns a union-find forest over region numbers.
 */
export function mergeRegions(regions: Segments, graph: Adjacency, scale: number): Int32Array {
  const parents = new Int32Array(regions.count);
  const sizes = regions.sizes.slice();
  const l = regions.lightness.slice();
  const a = regions.a.slice();
  const b = regions.b.slice();
  const inner = new Float32Array(regions.count);
  for (let region = 0; region < regions.count; region++) parents[region] = region;
  const order = byStep(graph.steps);
  for (const border of order) {
    const one = rootOf(parents, graph.pairs[border * 2] as number);
    const two = rootOf(parents, graph.pairs[border * 2 + 1] as number);
    if (one === two) continue;
    const step = graph.steps[border] as number;
    const limit = Math.min(
      (inner[one] as number) + scale / (sizes[one] as number),
      (inner[two] as number) + scale / (sizes[two] as number),
    );
    if (step > Math.max(WEAK_SHADING, limit)) continue;
    const large = (sizes[one] as number) >= (sizes[two] as number) ? one : two;
    const small = large === one ? two : one;
    const unlike = shadingApart(
      l[large] as number,
      a[large] as number,
      b[large] as number,
      l[small] as number,
      a[small] as number,
      b[small] as number,
    );
    const weak = unlike < PLAIN_SHADING ? WEAK_SHADING : WEAK;
    if (unlike > UNLIKE || step > Math.max(weak, limit)) continue;
    const size = (sizes[large] as number) + (sizes[small] as number);
    const share = (sizes[small] as number) / size;
    l[large] = (l[large] as number) + ((l[small] as number) - (l[large] as number)) * share;
    a[large] = (a[large] as number) + ((a[small] as number) - (a[large] as number)) * share;
    b[large] = (b[large] as number) + ((b[small] as number) - (b[large] as number)) * share;
    sizes[large] = size;
    // A mixed pixel of a soft edge says nothing of what varies within: through it both sides would flow together.
    if ((sizes[small] as number) >= SPECK) {
      inner[large] = Math.max(step, inner[large] as number, inner[small] as number);
    }
    parents[small] = large;
  }
  return parents;
}

/**
 * How unlike two colours are when the second may be the first in light or in shade: the distance of the second from
 * the lines that run from the first to white and to black.
 */
function shadingApart(l1: number, a1: number, b1: number, l2: number, a2: number, b2: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let end = 0; end <= 1; end++) {
    const dl = end - l1;
    const da = -a1;
    const db = -b1;
    const along = (l2 - l1) * dl + (a2 - a1) * da + (b2 - b1) * db;
    const way = Math.min(MOST_SHADING, Math.max(0, along / (dl * dl + da * da + db * db + 1e-6)));
    const distance = Math.hypot(l2 - l1 - way * dl, a2 - a1 - way * da, b2 - b1 - way * db);
    least = Math.min(least, distance);
  }
  return least;
}
