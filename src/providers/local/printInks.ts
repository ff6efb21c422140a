import { stage } from "./crew.ts";
import { dropCrumbs } from "./crumbs.ts";
import { enlargedRows, type Reduced } from "./fields.ts";
import { gentleness } from "./gentleSlopes.ts";
import type { Look } from "./look.ts";
import type { Lab } from "./oklab.ts";
import { takeMarks } from "./planePool.ts";
import { type LabPlanes, takePlanes } from "./raster.ts";

/** One ink: what it stands for, and what it is printed in. */
export interface Ink {
  readonly from: Lab;
  readonly to: Lab;
}

/** The inks as flat rows of three numbers. */
interface Inks {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** The ink nearest to a colour, or nearest but for `besides`; as its place in the rows of `Inks`. */
function nearestInk(from: Float32Array, l: number, a: number, b: number, besides: number): number {
  let least = Number.POSITIVE_INFINITY;
  let best = 0;
  for (let ink = 0; ink < from.length; ink += 3) {
    const dl = l - (from[ink] as number);
    const da = a - (from[ink + 1] as number);
    const db = b - (from[ink + 2] as number);
    const gap = dl * dl + 3 * (da * da + db * db);
    if (gap < least && ink !== besides) {
      least = gap;
      best = ink;
    }
  }
  return best;
}

/** Every pixel in its nearest ink, mixed with the second nearest within a pixel of the border between the two. */
export function print(
  smooth: Reduced,
  { source: { width, height }, unit }: Look,
  list: readonly Ink[],
): LabPlanes {
  const inks: Inks = {
    from: Float32Array.from(list.flatMap(({ from }) => [from.lightness, from.a, from.b])),
    to: Float32Array.from(list.flatMap(({ to }) => [to.lightness, to.a, to.b])),
  };
  const { factor, planes } = smooth;
  const gentle = gentleness(planes, unit / factor);
  const own = areasOf(planes, inks, gentle, (unit * unit) / (factor * factor));
  const areas = withBorders(own, planes.width, planes.height);
  const even = evenPrint(planes, inks, own, gentle);
  const out = takePlanes(width, height);
  printRows({ smooth, inks, areas, gentle, even, out }, height);
  return out;
}

/** What is printed, and what with: at a fraction of the size of `out`. */
interface Printing {
  readonly smooth: Reduced;
  readonly inks: Inks;
  readonly areas: Uint8Array;
  readonly gentle: Float32Array;
  /** What is printed away from borders. */
  readonly even: LabPlanes;
  readonly out: LabPlanes;
}

const printRows = stage("poster", ({ smooth, inks, areas, gentle, even, out }: Printing, from, to) => {
  const { factor, planes } = smooth;
  const { width, height } = out;
  const readEven = [even.lightness, even.a, even.b].map((plane) =>
    enlargedRows(plane, factor, width, height),
  );
  const readL = enlargedRows(planes.lightness, factor, width, height);
  const readA = enlargedRows(planes.a, factor, width, height);
  const readB = enlargedRows(planes.b, factor, width, height);
  const read = (y: number, [l, a, b]: Three<Float32Array>) => {
    readL(y, l);
    readA(y, a);
    readB(y, b);
  };
  let rows = blankRows(width);
  let below = blankRows(width);
  read(from, below);
  for (let y = from; y < to; y++) {
    [rows, below] = [below, rows];
    read(Math.min(height - 1, y + 1), below);
    const line = Math.floor(y / factor) * planes.width;
    const start = y * width;
    readEven[0]?.(y, out.lightness.subarray(start, start + width));
    readEven[1]?.(y, out.a.subarray(start, start + width));
    readEven[2]?.(y, out.b.subarray(start, start + width));
    for (let x = 0; x < width; x++) {
      const place = line + Math.floor(x / factor);
      if (areas[place] === MIXED && gentle[place] === 0) printBorder(out, start + x, x, rows, below, inks);
    }
  }
});

/** Square units that an area within another must have, times its squared contrast to that: an eye has more, a blotch on wood less. */
const CRUMB = 3;

/** Distance in OKLab of two inks, by their places in the rows of `Inks`. */
function contrast(to: Float32Array, one: number, other: number): number {
  return Math.hypot(
    (to[one] as number) - (to[other] as number),
    (to[one + 1] as number) - (to[other + 1] as number),
    (to[one + 2] as number) - (to[other + 2] as number),
  );
}

type Three<Item> = readonly [Item, Item, Item];

function blankRows(width: number): Three<Float32Array> {
  return [new Float32Array(width), new Float32Array(width), new Float32Array(width)];
}

/** How much of a gentle way from one ink to the next is taken by that. */
const RUN = 0.8;

/** Stands for a place near which two inks meet. */
const MIXED = 255;

/**
 * The ink of each pixel. Areas too small to be a thing get the ink around them, and
 * their pixels its colour, in place. `square` is a square unit in pixels.
 */
function areasOf(planes: LabPlanes, inks: Inks, gentle: Float32Array, square: number): Uint8Array {
  const { from, to } = inks;
  const own = takeMarks(planes.lightness.length);
  chooseInks({ planes, inks, own }, planes.height);
  dropCrumbs(
    own,
    planes,
    (area, around, pixel) =>
      (gentle[pixel] as number) > 0.5 ? 0 : (CRUMB * square) / contrast(to, area, around),
    from,
  );
  return own;
}

/** A picture, and the inks of its pixels. */
interface Inked {
  readonly planes: LabPlanes;
  readonly inks: Inks;
  readonly own: Uint8Array;
}

const chooseInks = stage("nearestInks", ({ planes, inks, own }: Inked, from, to) => {
  const { width, lightness, a, b } = planes;
  for (let pixel = from * width; pixel < to * width; pixel++) {
    const l = lightness[pixel] as number;
    own[pixel] = nearestInk(inks.from, l, a[pixel] as number, b[pixel] as number, -1);
  }
});

/** The same with `MIXED` where a neighbour has another ink. */
function withBorders(own: Uint8Array, width: number, height: number): Uint8Array {
  const areas = own.slice();
  for (let y = 0, pixel = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, pixel++) {
      const ink = own[pixel];
      const left = x > 0 ? -1 : 0;
      const right = x + 1 < width ? 1 : 0;
      const even =
        ink === own[pixel + left] &&
        ink === own[pixel + right] &&
        ink === own[pixel + up] &&
        ink === own[pixel + down] &&
        ink === own[pixel + up + left] &&
        ink === own[pixel + up + right] &&
        ink === own[pixel + down + left] &&
        ink === own[pixel + down + right];
      if (!even) areas[pixel] = MIXED;
    }
  }
  return areas;
}

/**
 * What is printed away from crisp borders, one colour a pixel of `planes`. Where a gentle slope, such as that of a sky, runs
 * from one ink to the next, they run into each other, as in a rainbow roll: there a crisp border would be a band's.
 */
function evenPrint(planes: LabPlanes, inks: Inks, own: Uint8Array, gentle: Float32Array): LabPlanes {
  const out = takePlanes(planes.width, planes.height);
  printEven({ planes, inks, own, gentle, out }, planes.height);
  return out;
}

/** Inked pixels, how far each lies on a gentle slope, and what is printed there. */
interface Even extends Inked {
  readonly gentle: Float32Array;
  readonly out: LabPlanes;
}

const printEven = stage("evenPrint", ({ planes, inks, own, gentle, out }: Even, top, bottom) => {
  const { width, lightness, a, b } = planes;
  const { from, to } = inks;
  for (let pixel = top * width; pixel < bottom * width; pixel++) {
    const soft = gentle[pixel] as number;
    const best = own[pixel] as number;
    if (soft === 0) {
      out.lightness[pixel] = to[best] as number;
      out.a[pixel] = to[best + 1] as number;
      out.b[pixel] = to[best + 2] as number;
      continue;
    }
    const l = lightness[pixel] as number;
    const pa = a[pixel] as number;
    const pb = b[pixel] as number;
    const second = nearestInk(from, l, pa, pb, best);
    const dl = (from[best] as number) - (from[second] as number);
    const da = (from[best + 1] as number) - (from[second + 1] as number);
    const db = (from[best + 2] as number) - (from[second + 2] as number);
    const inside =
      dl * (l - (from[second] as number)) +
      3 * (da * (pa - (from[second + 1] as number)) + db * (pb - (from[second + 2] as number)));
    const way = inside / (dl * dl + 3 * (da * da + db * db) + 1e-9) - 0.5;
    const share = Math.min(1, 0.5 + way / (RUN * soft + 1e-3));
    const rest = 1 - share;
    out.lightness[pixel] = (to[best] as number) * share + (to[second] as number) * rest;
    out.a[pixel] = (to[best + 1] as number) * share + (to[second + 1] as number) * rest;
    out.b[pixel] = (to[best + 2] as number) * share + (to[second + 2] as number) * rest;
  }
});

/** A pixel near the border of two inks. */
function printBorder(
  out: LabPlanes,
  pixel: number,
  x: number,
  rows: Three<Float32Array>,
  below: Three<Float32Array>,
  { from, to }: Inks,
): void {
  const [ls, as, bs] = rows;
  const l = ls[x] as number;
  const a = as[x] as number;
  const b = bs[x] as number;
  const best = nearestInk(from, l, a, b, -1);
  const second = nearestInk(from, l, a, b, best);
  const dl = (from[best] as number) - (from[second] as number);
  const da = 3 * ((from[best + 1] as number) - (from[second + 1] as number));
  const db = 3 * ((from[best + 2] as number) - (from[second + 2] as number));
  // Along the line between the two: how far the colour is from their border, and how many pixels away that is.
  const middleL = ((from[best] as number) + (from[second] as number)) / 2;
  const middleA = ((from[best + 1] as number) + (from[second + 1] as number)) / 2;
  const middleB = ((from[best + 2] as number) + (from[second + 2] as number)) / 2;
  const inside = dl * (l - middleL) + da * (a - middleA) + db * (b - middleB);
  const other = Math.min(ls.length - 1, x + 1);
  const stepX =
    dl * ((ls[other] as number) - l) + da * ((as[other] as number) - a) + db * ((bs[other] as number) - b);
  const [lsBelow, asBelow, bsBelow] = below;
  const stepY =
    dl * ((lsBelow[x] as number) - l) + da * ((asBelow[x] as number) - a) + db * ((bsBelow[x] as number) - b);
  const share = Math.min(1, 0.5 + inside / (Math.abs(stepX) + Math.abs(stepY) + 1e-7));
  const rest = 1 - share;
  out.lightness[pixel] = (to[best] as number) * share + (to[second] as number) * rest;
  out.a[pixel] = (to[best + 1] as number) * share + (to[second + 1] as number) * rest;
  out.b[pixel] = (to[best + 2] as number) * share + (to[second + 2] as number) * rest;
}
