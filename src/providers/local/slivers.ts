import { stage } from "./crew.ts";
import { takeIndexes, takeMarks } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";

/** 1 for pixels all of whose neighbours have their label. */
export function innerPixels({ width, height }: LabPlanes, labels: Int32Array): Uint8Array {
  const inner = takeMarks(labels.length);
  markInner({ labels, width, height, inner }, height);
  return inner;
}

/** Labels, and the marks of those that are the same all around. */
interface Inner {
  readonly labels: Int32Array;
  readonly width: number;
  readonly height: number;
  readonly inner: Uint8Array;
}

const markInner = stage("innerPixels", ({ labels, width, height, inner }: Inner, from, to) => {
  for (let y = from; y < to; y++) {
    const row = y * width;
    const above = y > 0 ? row - width : row;
    const below = y + 1 < height ? row + width : row;
    // How many columns up to here are of one label, over three rows.
    let run = 0;
    let last = -1;
    for (let x = 0; x < width; x++) {
      const own = labels[row + x] as number;
      const even = own === labels[above + x] && own === labels[below + x];
      run = even ? (own === last ? run + 1 : 1) : 0;
      last = own;
      if (run >= 3 || (run === 2 && x === 1)) inner[row + x - 1] = 1;
    }
    if (run >= 2 || (run === 1 && width === 1)) inner[row + width - 1] = 1;
  }
});

/** How far, in pixels, the two sides of a sliver are looked for. */
const REACH = 2;
/** Distance in OKLab up to which a colour counts as a mixture of two. */
const MIXTURE = 0.05;
/** Share of a region's pixels that must be mixtures. */
const MOST = 0.6;

/**
 * Gives the slivers between two areas, which soft edges leave, to the areas, pixel by pixel, in place: thin regions whose
 * colours are mixtures of what lies on their two sides. Thin strokes and lettering, which are darker, lighter or more
 * coloured than both sides, stay.
 */
export function dissolveSlivers(planes: LabPlanes, labels: Int32Array): void {
  const inner = innerPixels(planes, labels);
  const broad = takeMarks(labels.length);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (inner[pixel] === 1) broad[labels[pixel] as number] = 1;
  }
  const sizes = takeIndexes(labels.length).fill(0);
  const mixtures = takeIndexes(labels.length).fill(0);
  const nearer = takeIndexes(labels.length);
  findSides({ planes, labels, broad, nearer }, planes.height);
  const sides: number[] = [];
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const side = nearer[pixel] as number;
    if (side === BROAD) continue;
    const label = labels[pixel] as number;
    sizes[label] = (sizes[label] as number) + 1;
    if (side < 0) continue;
    mixtures[label] = (mixtures[label] as number) + 1;
    sides.push(pixel, side);
  }
  for (let index = 0; index < sides.length; index += 2) {
    const pixel = sides[index] as number;
    const label = labels[pixel] as number;
    const share = (mixtures[label] as number) / (sizes[label] as number);
    if (share >= MOST) labels[pixel] = labels[sides[index + 1] as number] as number;
  }
}

/** In the place of a pixel's side: it needs none. */
const BROAD = -2;

/** A picture cut into regions, which of these are broad, and the side of each pixel of the others. */
interface Sides {
  readonly planes: LabPlanes;
  readonly labels: Int32Array;
  readonly broad: Uint8Array;
  readonly nearer: Int32Array;
}

const findSides = stage("findSides", ({ planes, labels, broad, nearer }: Sides, from, to) => {
  for (let y = from, pixel = from * planes.width; y < to; y++) {
    for (let x = 0; x < planes.width; x++, pixel++) {
      const needsNone = broad[labels[pixel] as number] === 1;
      nearer[pixel] = needsNone ? BROAD : sideOf(planes, labels, broad, x, y);
    }
  }
});

/** Room for the pixels around one. */
const around = new Int32Array((2 * REACH + 1) ** 2);

/** Fills `around` with the pixels of broad regions near one; returns their number, 0 unless they are of several regions. */
function broadAround(
  { width, height }: LabPlanes,
  labels: Int32Array,
  broad: Uint8Array,
  x: number,
  y: number,
): number {
  const left = x > REACH ? x - REACH : 0;
  const right = x + REACH < width ? x + REACH : width - 1;
  const bottom = y + REACH < height ? y + REACH : height - 1;
  let count = 0;
  let first = -1;
  let several = false;
  for (let row = y > REACH ? y - REACH : 0; row <= bottom; row++) {
    for (let other = row * width + left; other <= row * width + right; other++) {
      const label = labels[other] as number;
      if (broad[label] === 0) continue;
      if (first < 0) first = label;
      else if (label !== first) several = true;
      around[count++] = other;
    }
  }
  return several ? count : 0;
}

/** The pixel of a broad region nearby that a mixed pixel is more like; -1 if its colour is no mixture. */
function sideOf(planes: LabPlanes, labels: Int32Array, broad: Uint8Array, x: number, y: number): number {
  const { width, lightness, a, b } = planes;
  const pixel = y * width + x;
  let found = -1;
  let least = MIXTURE * MIXTURE;
  // Most have broad regions of one label around them, or none: no mixture, however they are coloured.
  const count = broadAround(planes, labels, broad, x, y);
  if (count === 0) return -1;
  for (let axis = 0; axis < 3; axis++) {
    const key = axis === 0 ? lightness : axis === 1 ? a : b;
    let low = around[0] as number;
    let high = low;
    for (let index = 1; index < count; index++) {
      const other = around[index] as number;
      const value = key[other] as number;
      if (value < (key[low] as number)) low = other;
      else if (value > (key[high] as number)) high = other;
    }
    if (labels[low] === labels[high]) continue;
    const dl = (lightness[high] as number) - (lightness[low] as number);
    const da = (a[high] as number) - (a[low] as number);
    const db = (b[high] as number) - (b[low] as number);
    const l = (lightness[pixel] as number) - (lightness[low] as number);
    const u = (a[pixel] as number) - (a[low] as number);
    const v = (b[pixel] as number) - (b[low] as number);
    const way = Math.min(1, Math.max(0, (l * dl + u * da + v * db) / (dl * dl + da * da + db * db + 1e-9)));
    const gap = (l - way * dl) ** 2 + (u - way * da) ** 2 + (v - way * db) ** 2;
    if (gap < least) {
      least = gap;
      found = way < 0.5 ? low : high;
    }
  }
  return found;
}

/**
 * Moves the borders between regions to where the colours change, in place: each pixel beside a border takes the region
 * whose pure pixels nearby are most like it. Regions so thin that they have none are left alone.
 */
export function refineBorders(planes: LabPlanes, labels: Int32Array): void {
  const inner = innerPixels(planes, labels);
  const before = takeIndexes(labels.length);
  before.set(labels);
  refine({ planes, labels, before, inner }, planes.height);
}

/** A picture, its labels as they are to become and as they were, and which pixels lie beside no border. */
interface Refining {
  readonly planes: LabPlanes;
  readonly labels: Int32Array;
  readonly before: Int32Array;
  readonly inner: Uint8Array;
}

const refine = stage("refineBorders", ({ planes, labels, before, inner }: Refining, from, to) => {
  for (let y = from, pixel = from * planes.width; y < to; y++) {
    for (let x = 0; x < planes.width; x++, pixel++) {
      if (inner[pixel] === 0) labels[pixel] = likestNearby(planes, before, inner, x, y);
    }
  }
});

/** Room for the regions around a pixel: each label, and the sums of its pure pixels' colours and of their number. */
const nearby = { labels: new Int32Array(25), sums: new Float64Array(100) };

function likestNearby(
  planes: LabPlanes,
  labels: Int32Array,
  inner: Uint8Array,
  x: number,
  y: number,
): number {
  const { width, height, lightness, a, b } = planes;
  const pixel = y * width + x;
  const { labels: found, sums } = nearby;
  let count = 0;
  const left = x > REACH ? x - REACH : 0;
  const right = x + REACH < width ? x + REACH : width - 1;
  const bottom = y + REACH < height ? y + REACH : height - 1;
  for (let row = y > REACH ? y - REACH : 0; row <= bottom; row++) {
    for (let other = row * width + left; other <= row * width + right; other++) {
      if (inner[other] === 0) continue;
      const label = labels[other] as number;
      let place = 0;
      while (place < count && found[place] !== label) place++;
      if (place === count) {
        found[place] = label;
        // Written out: a call of `fill` takes longer than four numbers.
        sums[place * 4] = 0;
        sums[place * 4 + 1] = 0;
        sums[place * 4 + 2] = 0;
        sums[place * 4 + 3] = 0;
        count++;
      }
      sums[place * 4] = (sums[place * 4] as number) + (lightness[other] as number);
      sums[place * 4 + 1] = (sums[place * 4 + 1] as number) + (a[other] as number);
      sums[place * 4 + 2] = (sums[place * 4 + 2] as number) + (b[other] as number);
      sums[place * 4 + 3] = (sums[place * 4 + 3] as number) + 1;
    }
  }
  const own = labels[pixel] as number;
  // With one region around there is no choice.
  if (count < 2) return own;
  let best = own;
  let least = Number.POSITIVE_INFINITY;
  let known = false;
  for (let place = 0; place < count; place++) {
    const total = sums[place * 4 + 3] as number;
    const dl = (sums[place * 4] as number) / total - (lightness[pixel] as number);
    const da = (sums[place * 4 + 1] as number) / total - (a[pixel] as number);
    const db = (sums[place * 4 + 2] as number) / total - (b[pixel] as number);
    const gap = dl * dl + 2 * (da * da + db * db);
    if (found[place] === own) known = true;
    if (gap < least) {
      least = gap;
      best = found[place] as number;
    }
  }
  return known ? best : own;
}
