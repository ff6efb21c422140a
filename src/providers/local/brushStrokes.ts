import { gaussianBlur } from "./filters.ts";
import { randomStream, stir } from "./random.ts";
import type { Flow } from "./structureTensor.ts";

/** Steps that a stroke is followed to either side. */
const STEPS = 8;
/** Strokes are soft: drawn at half size and enlarged, they cost a quarter. */
const FACTOR = 2;

/**
 * Bristle marks: noise smeared along the flow by line integral convolution (B. Cabral and L. Leedom, "Imaging
 * vector fields using line integral convolution", SIGGRAPH 1993). `unit` is a thousandth of the picture's side
 * in pixels. Returns 0 to 1 for each pixel, mean about 0.5.
 */
export function brushStrokes(
  flow: Flow,
  width: number,
  height: number,
  unit: number,
  seed: number,
): Float32Array {
  const columns = Math.ceil(width / FACTOR);
  const rows = Math.ceil(height / FACTOR);
  const random = randomStream(stir(seed, 97));
  const noise = new Float32Array(columns * rows);
  for (let place = 0; place < noise.length; place++) noise[place] = random();
  const sigma = Math.max(0.5, (unit * 4.4) / FACTOR);
  const grain = gaussianBlur(noise, columns, rows, sigma);
  const stride = Math.max(1, (unit * 3.2) / FACTOR);
  // Averaging flattens the noise by about the square root of what is averaged: stretched back here.
  const spread = 1.5 * Math.max(0.9, sigma * FACTOR) * Math.sqrt(STEPS) * 0.62;
  const strokes = noise;
  for (let row = 0, place = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, place++) {
      const home = Math.min(height - 1, row * FACTOR) * width + Math.min(width - 1, column * FACTOR);
      let sum = grain[place] as number;
      for (let side = -1; side <= 1; side += 2) {
        let x = column;
        let y = row;
        let dx = (flow.x[home] as number) * side;
        let dy = (flow.y[home] as number) * side;
        for (let step = 0; step < STEPS; step++) {
          x += dx * stride;
          y += dy * stride;
          const i = x < 0 ? 0 : x >= columns ? columns - 1 : x | 0;
          const j = y < 0 ? 0 : y >= rows ? rows - 1 : y | 0;
          sum += grain[j * columns + i] as number;
          const other = Math.min(height - 1, j * FACTOR) * width + Math.min(width - 1, i * FACTOR);
          const fx = flow.x[other] as number;
          const fy = flow.y[other] as number;
          const same = fx * dx + fy * dy < 0 ? -1 : 1;
          dx = fx * same;
          dy = fy * same;
        }
      }
      const mean = sum / (STEPS * 2 + 1);
      strokes[place] = Math.min(1, Math.max(0, 0.5 + (mean - 0.5) * spread));
    }
  }
  return enlarged(strokes, columns, rows, width, height);
}

/** Bilinear enlargement by FACTOR. */
function enlarged(
  small: Float32Array,
  columns: number,
  rows: number,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0, pixel = 0; y < height; y++) {
    const v = Math.min(rows - 1, y / FACTOR);
    const top = Math.floor(v);
    const upper = top * columns;
    const lower = Math.min(rows - 1, top + 1) * columns;
    for (let x = 0; x < width; x++, pixel++) {
      const u = Math.min(columns - 1, x / FACTOR);
      const left = u | 0;
      const right = left + 1 < columns ? left + 1 : left;
      const across = u - left;
      const above =
        (small[upper + left] as number) * (1 - across) + (small[upper + right] as number) * across;
      const below =
        (small[lower + left] as number) * (1 - across) + (small[lower + right] as number) * across;
      out[pixel] = above + (below - above) * (v - top);
    }
  }
  return out;
}
