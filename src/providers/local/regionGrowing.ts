import { takeIndexes } from "./planePool.ts";
import { givePlanes, type LabPlanes, takePlanes } from "./raster.ts";
import { rootOf } from "./unionFind.ts";

/** Neighbouring pixels closer than this flow together: the steps of an 8-bit gradient and faint noise. */
const FAINT = 0.007;
/** A pixel this far from the mean of what it would join starts a region of its own. */
const STRAY = 0.13;

/** Squared distance in OKLab of a pixel from a colour, in which hue and chroma count double. */
export function gap(planes: LabPlanes, place: number, l: number, a: number, b: number): number {
  const dl = (planes.lightness[place] as number) - l;
  const da = (planes.a[place] as number) - a;
  const db = (planes.b[place] as number) - b;
  return dl * dl + 2 * (da * da + db * db);
}

/**
 * Region growing in reading order with union-find: pixels join where the local step is faint and neither
 * side strays from the other's mean. The second test stops leaks where an edge fades out for a few pixels. Gives each pixel
 * the number of one of its region's pixels, the same for all of the region.
 */
export function grow(planes: LabPlanes): Int32Array {
  const { width, height } = planes;
  const pixels = width * height;
  const parents = takeIndexes(pixels);
  const sizes = takeIndexes(pixels).fill(1);
  const means = copied(planes);
  for (let y = 0; y < height; y++) growRow(planes, parents, sizes, means, y);
  // Parents of smaller numbers are roots by now, most others too.
  for (let pixel = 0; pixel < pixels; pixel++) parents[pixel] = rootOf(parents, pixel);
  givePlanes(means);
  return parents;
}

/** A function of its own for each row: V8 compiles a loop in a loop that runs but once a picture anew each time. */
function growRow(
  planes: LabPlanes,
  parents: Int32Array,
  sizes: Int32Array,
  means: LabPlanes,
  y: number,
): void {
  const { width } = planes;
  let left = -1;
  for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
    parents[pixel] = pixel;
    const l = planes.lightness[pixel] as number;
    const a = planes.a[pixel] as number;
    const b = planes.b[pixel] as number;
    let root = pixel;
    if (left >= 0 && gap(planes, pixel - 1, l, a, b) <= FAINT * FAINT) {
      root = join(parents, sizes, means, root, left);
    }
    if (y > 0 && gap(planes, pixel - width, l, a, b) <= FAINT * FAINT) {
      const above = rootOf(parents, pixel - width);
      if (above !== root) root = join(parents, sizes, means, root, above);
    }
    left = root;
  }
}

function copied({ width, height, lightness, a, b }: LabPlanes): LabPlanes {
  const copy = takePlanes(width, height);
  copy.lightness.set(lightness);
  copy.a.set(a);
  copy.b.set(b);
  return copy;
}

/** Joins two trees unless their means stray from each other; gives the root of the first. */
function join(
  parents: Int32Array,
  sizes: Int32Array,
  { lightness: l, a, b }: LabPlanes,
  one: number,
  two: number,
): number {
  const dl = ((l[one] as number) - (l[two] as number)) * 0.8;
  const da = (a[one] as number) - (a[two] as number);
  const db = (b[one] as number) - (b[two] as number);
  if (dl * dl + 2.2 * (da * da + db * db) > STRAY * STRAY) return one;
  const large = (sizes[one] as number) >= (sizes[two] as number) ? one : two;
  const small = large === one ? two : one;
  const size = (sizes[large] as number) + (sizes[small] as number);
  const share = (sizes[small] as number) / size;
  l[large] = (l[large] as number) + ((l[small] as number) - (l[large] as number)) * share;
  a[large] = (a[large] as number) + ((a[small] as number) - (a[large] as number)) * share;
  b[large] = (b[large] as number) + ((b[small] as number) - (b[large] as number)) * share;
  sizes[large] = size;
  parents[small] = large;
  return large;
}
