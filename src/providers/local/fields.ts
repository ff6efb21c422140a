import { stage } from "./crew.ts";
import { guidedFit } from "./filters.ts";
import { givePlane, takePlane } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";

/** A plane at a whole fraction of the picture's size: what is soft anyway costs a fraction there. */
export interface Reduced {
  /** Pixels of the picture to one of the planes, each way; 1 or more. */
  readonly factor: number;
  readonly planes: LabPlanes;
}

/** The planes at `1 / factor` of their size, each pixel the mean of a block; at factor 1 the planes themselves. */
export function reduce(planes: LabPlanes, factor: number): Reduced {
  if (factor <= 1) return { factor: 1, planes };
  const { width, height } = planes;
  return {
    factor,
    planes: {
      width: Math.ceil(width / factor),
      height: Math.ceil(height / factor),
      lightness: reducePlane(planes.lightness, width, height, factor),
      a: reducePlane(planes.a, width, height, factor),
      b: reducePlane(planes.b, width, height, factor),
    },
  };
}

/** Mean of each `factor` x `factor` block, a new plane; at the right and bottom the last pixel is repeated. */
export function reducePlane(
  plane: Float32Array,
  width: number,
  height: number,
  factor: number,
): Float32Array {
  const rows = Math.ceil(height / factor);
  const out = takePlane(Math.ceil(width / factor) * rows);
  reduceRows({ plane, out, width, height, factor }, rows);
  return out;
}

/** A plane, its size, and what it is reduced into. */
interface Reducing {
  readonly plane: Float32Array;
  readonly out: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly factor: number;
}

const reduceRows = stage("reduce", ({ plane, out, width, height, factor }: Reducing, from, to) => {
  const columns = Math.ceil(width / factor);
  const inner = Math.floor(width / factor);
  const scale = 1 / (factor * factor);
  const sums = new Float64Array(columns);
  for (let row = from; row < to; row++) {
    sums.fill(0);
    for (let down = 0; down < factor; down++) {
      const line = Math.min(height - 1, row * factor + down) * width;
      addBlocks(plane, line, factor, inner, sums);
      for (let step = 0; inner < columns && step < factor; step++) {
        sums[inner] =
          (sums[inner] as number) + (plane[line + Math.min(width - 1, inner * factor + step)] as number);
      }
    }
    for (let column = 0, place = row * columns; column < columns; column++, place++) {
      out[place] = (sums[column] as number) * scale;
    }
  }
});

/** Adds up each `factor` neighbours from `line` on. */
function addBlocks(
  plane: Float32Array,
  line: number,
  factor: number,
  count: number,
  sums: Float64Array,
): void {
  if (factor === 2) {
    for (let column = 0, x = line; column < count; column++, x += 2) {
      sums[column] = (sums[column] as number) + (plane[x] as number) + (plane[x + 1] as number);
    }
    return;
  }
  for (let column = 0, x = line; column < count; column++) {
    let sum = 0;
    for (const end = x + factor; x < end; x++) sum += plane[x] as number;
    sums[column] = (sums[column] as number) + sum;
  }
}

/** Fills `out`, as long as the picture is wide, with row `y` of a field of the picture. */
export type RowReader = (y: number, out: Float32Array) => void;

/** Bilinear enlargement, row by row, of a plane that `reducePlane` made: most fields are read once, in order. */
export function enlargedRows(small: Float32Array, factor: number, width: number, height: number): RowReader {
  if (factor <= 1) return (y, out) => out.set(small.subarray(y * width, (y + 1) * width));
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const line = new Float32Array(columns + 1);
  return (y, out) => {
    const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / factor - 0.5));
    const upper = (v | 0) * columns;
    const lower = Math.min(rows - 1, (v | 0) + 1) * columns;
    const down = v - (v | 0);
    for (let column = 0; column < columns; column++) {
      const above = small[upper + column] as number;
      line[column] = above + ((small[lower + column] as number) - above) * down;
    }
    line[columns] = line[columns - 1] as number;
    if (factor === 2) doubled(line, columns, out);
    else stretched(line, columns, factor, out);
  };
}

/** A line at `factor` times its length: a straight way from the middle of each pixel to that of the next. */
function stretched(line: Float32Array, columns: number, factor: number, out: Float32Array): void {
  const half = factor >> 1;
  const start = factor % 2 === 0 ? 0.5 / factor : 0;
  out.fill(line[0] as number, 0, half);
  for (let column = 0, x = half; column < columns; column++, x += factor) {
    const own = line[column] as number;
    const step = ((line[column + 1] as number) - own) / factor;
    let value = own + start * step * factor;
    for (let offset = 0; offset < factor; offset++, value += step) out[x + offset] = value;
  }
}

/** A line at twice its length: of a pair, each pixel lies a quarter of a step from the line's own. */
function doubled(line: Float32Array, columns: number, out: Float32Array): void {
  let before = line[0] as number;
  let own = before;
  for (let column = 0, x = 0; column < columns; column++, x += 2) {
    const after = line[column + 1] as number;
    out[x] = own + 0.25 * (before - own);
    out[x + 1] = own + 0.25 * (after - own);
    before = own;
    own = after;
  }
}

/** Bilinear enlargement of a plane that `reducePlane` made, back to `width` x `height`; at factor 1 the plane itself. */
export function enlargePlane(
  small: Float32Array,
  factor: number,
  width: number,
  height: number,
): Float32Array {
  if (factor <= 1) return small;
  const out = takePlane(width * height);
  enlargeRows({ plane: small, out, width, height, factor }, height);
  return out;
}

const enlargeRows = stage("enlarge", ({ plane, out, width, height, factor }: Reducing, from, to) => {
  const read = enlargedRows(plane, factor, width, height);
  for (let y = from; y < to; y++) read(y, out.subarray(y * width, (y + 1) * width));
});

/** Enlarges all three planes. */
export function enlarge({ factor, planes }: Reduced, width: number, height: number): LabPlanes {
  if (factor <= 1) return planes;
  return {
    width,
    height,
    lightness: enlargePlane(planes.lightness, factor, width, height),
    a: enlargePlane(planes.a, factor, width, height),
    b: enlargePlane(planes.b, factor, width, height),
  };
}

/**
 * Adds a share of the source's finest light and shade, which its reduced form `small` does not show, to planes that were
 * made from it; in place.
 */
export function addDetail(
  planes: LabPlanes,
  source: LabPlanes,
  { factor, planes: small }: Reduced,
  readShare: RowReader,
): void {
  if (factor <= 1) return;
  const { width, height, lightness } = planes;
  const read = enlargedRows(small.lightness, factor, width, height);
  const soft = new Float32Array(width);
  const share = new Float32Array(width);
  for (let y = 0, pixel = 0; y < height; y++) {
    read(y, soft);
    readShare(y, share);
    for (let x = 0; x < width; x++, pixel++) {
      const detail = (source.lightness[pixel] as number) - (soft[x] as number);
      lightness[pixel] = (lightness[pixel] as number) + (share[x] as number) * detail;
    }
  }
}

/** A field that depends on the place alone, at a fraction of the picture's size; `u` and `v` are shares of its sides. */
export function fieldOf(
  width: number,
  height: number,
  factor: number,
  valueAt: (u: number, v: number) => number,
): Float32Array {
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const out = takePlane(columns * rows);
  for (let row = 0, place = 0; row < rows; row++) {
    const v = ((row + 0.5) * factor) / height;
    for (let column = 0; column < columns; column++, place++) {
      out[place] = valueAt(((column + 0.5) * factor) / width, v);
    }
  }
  return out;
}

/** The side, in pixels, that blurs of a field need at least: their radius there. */
const LEAST_RADIUS = 4;

/**
 * Adds `amount` times the detail of a picture's light, in place: what a guided filter, worked out at a fraction of the
 * size (K. He, J. Sun, "Fast guided filter", 2015), takes away from it. `radius` in pixels of the picture; `epsilon`
 * as in `guidedFit`.
 */
export function sharpenLight(
  { width, height, lightness }: LabPlanes,
  radius: number,
  epsilon: number,
  amount: number,
): void {
  const factor = Math.max(1, Math.floor(radius / LEAST_RADIUS));
  const small = factor === 1 ? lightness : reducePlane(lightness, width, height, factor);
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const fit = guidedFit(small, columns, rows, Math.max(1, Math.round(radius / factor)), epsilon);
  sharpenRows({ lightness, width, height, factor, amount, fit }, height);
  for (const field of fit) givePlane(field);
}

/** A picture's light, and what a guided filter sends it through, at a fraction of its size. */
interface Sharpening {
  readonly lightness: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly factor: number;
  readonly amount: number;
  readonly fit: readonly [slopes: Float32Array, offsets: Float32Array];
}

const sharpenRows = stage("sharpenLight", (args: Sharpening, from, to) => {
  const { lightness, width, height, factor, amount, fit } = args;
  const [slopes, offsets] = fit;
  const readSlope = enlargedRows(slopes, factor, width, height);
  const readOffset = enlargedRows(offsets, factor, width, height);
  const slope = new Float32Array(width);
  const offset = new Float32Array(width);
  for (let y = from, pixel = from * width; y < to; y++) {
    readSlope(y, slope);
    readOffset(y, offset);
    for (let x = 0; x < width; x++, pixel++) {
      const own = lightness[pixel] as number;
      lightness[pixel] = own + amount * (own - (offset[x] as number) - (slope[x] as number) * own);
    }
  }
});
