import { guidedFit } from "./filters.ts";
import type { LabPlanes } from "./raster.ts";

/** A plane at a whole fraction of the picture's size: what is soft anyway costs a fraction there. */
export interface Reduced {
  /** Pixels of the picture to one of the planes, each way; 1 or more. */
  readonly factor: number;
  readonly planes: LabPlanes;
}

/** The planes at `1 / factor` of their size, each pixel the mean of a block. */
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

/** Mean of each `factor` x `factor` block; at the right and bottom the last pixel is repeated. */
export function reducePlane(
  plane: Float32Array,
  width: number,
  height: number,
  factor: number,
): Float32Array {
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const out = new Float32Array(columns * rows);
  const inner = Math.floor(width / factor);
  const scale = 1 / (factor * factor);
  for (let row = 0, place = 0; row < rows; row++) {
    for (let down = 0; down < factor; down++) {
      const line = Math.min(height - 1, row * factor + down) * width;
      place = row * columns;
      for (let column = 0, x = line; column < inner; column++, place++) {
        let sum = 0;
        for (const end = x + factor; x < end; x++) sum += plane[x] as number;
        out[place] = (out[place] as number) + sum * scale;
      }
      if (inner < columns) {
        let sum = 0;
        for (let step = 0; step < factor; step++) {
          sum += plane[line + Math.min(width - 1, inner * factor + step)] as number;
        }
        out[place] = (out[place] as number) + sum * scale;
      }
    }
  }
  return out;
}

/** Bilinear enlargement of a plane that `reducePlane` made, back to `width` x `height`. */
export function enlargePlane(
  small: Float32Array,
  factor: number,
  width: number,
  height: number,
): Float32Array {
  if (factor <= 1) return small;
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const out = new Float32Array(width * height);
  const line = new Float32Array(columns + 1);
  const lefts = new Int32Array(width);
  const shares = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / factor - 0.5));
    lefts[x] = u | 0;
    shares[x] = u - (u | 0);
  }
  for (let y = 0, pixel = 0; y < height; y++) {
    const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / factor - 0.5));
    const upper = (v | 0) * columns;
    const lower = Math.min(rows - 1, (v | 0) + 1) * columns;
    const down = v - (v | 0);
    for (let column = 0; column < columns; column++) {
      const above = small[upper + column] as number;
      line[column] = above + ((small[lower + column] as number) - above) * down;
    }
    line[columns] = line[columns - 1] as number;
    for (let x = 0; x < width; x++, pixel++) {
      const left = lefts[x] as number;
      const first = line[left] as number;
      out[pixel] = first + ((line[left + 1] as number) - first) * (shares[x] as number);
    }
  }
  return out;
}

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
 * The large forms of a picture's light without its detail, edges kept: the guided filter at a fraction of the size (K.
 * He, J. Sun, "Fast guided filter", 2015). `radius` in pixels of the picture; `epsilon` as in `guidedSmooth`.
 */
export function smoothLight(
  planes: LabPlanes,
  factor: number,
  radius: number,
  epsilon: number,
): Float32Array {
  const { width, height, lightness } = planes;
  const small = factor <= 1 ? lightness : reducePlane(lightness, width, height, factor);
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const [slopes, offsets] = guidedFit(
    small,
    columns,
    rows,
    Math.max(1, Math.round(radius / factor)),
    epsilon,
  );
  const slope = enlargePlane(slopes, factor, width, height);
  const out = enlargePlane(offsets, factor, width, height);
  for (let pixel = 0; pixel < out.length; pixel++) {
    out[pixel] = (out[pixel] as number) + (slope[pixel] as number) * (lightness[pixel] as number);
  }
  return out;
}
