import { gaussianBlur } from "./filters.ts";
import { randomStream, stir } from "./random.ts";
import type { Flow } from "./structureTensor.ts";

/** Steps that a stroke is followed to either side. */
const STEPS = 7;

/**
 * Bristle marks: noise smeared along the flow by line integral convolution (B. Cabral and L. Leedom, "Imaging
 * vector fields using line integral convolution", SIGGRAPH 1993). `unit` is a thousandth of the picture's side
 * in pixels of the flow. Returns 0 to 1 for each pixel, mean about 0.5.
 */
export function brushStrokes(
  flow: Flow,
  width: number,
  height: number,
  unit: number,
  seed: number,
): Float32Array {
  const random = randomStream(stir(seed, 97));
  const noise = new Float32Array(width * height);
  for (let place = 0; place < noise.length; place++) noise[place] = random();
  const sigma = Math.max(0.8, unit * 3.6);
  const grain = gaussianBlur(noise, width, height, sigma, 2);
  const stride = Math.max(1, unit * 4.2);
  // Averaging flattens the noise by about the square root of what is averaged: stretched back here.
  const spread = 3 * sigma * Math.sqrt(STEPS) * 0.62;
  const strokes = noise;
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0; x < width; x++, place++) {
      let sum = grain[place] as number;
      for (let side = -1; side <= 1; side += 2) {
        let column = x;
        let row = y;
        let dx = (flow.x[place] as number) * side;
        let dy = (flow.y[place] as number) * side;
        for (let step = 0; step < STEPS; step++) {
          column += dx * stride;
          row += dy * stride;
          const i = column < 0 ? 0 : column >= width ? width - 1 : column | 0;
          const j = row < 0 ? 0 : row >= height ? height - 1 : row | 0;
          const other = j * width + i;
          sum += grain[other] as number;
          const fx = flow.x[other] as number;
          const fy = flow.y[other] as number;
          const same = fx * dx + fy * dy < 0 ? -1 : 1;
          dx = fx * same;
          dy = fy * same;
        }
      }
      const mean = sum / (STEPS * 2 + 1);
      const value = 0.5 + (mean - 0.5) * spread;
      strokes[place] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
  return strokes;
}
