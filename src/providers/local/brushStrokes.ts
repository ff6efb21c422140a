import { stage } from "./crew.ts";
import { gaussianBlur } from "./filters.ts";
import { givePlane, takePlane } from "./planePool.ts";
import { randomStream, stir } from "./random.ts";
import type { Flow } from "./structureTensor.ts";

/** Steps that a stroke is followed to either side, at first and then from the ends of that: 15 places in 8 look-ups. */
const STEPS = [2, 1] as const;
const PLACES = 15;

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
  const noise = takePlane(width * height);
  for (let place = 0; place < noise.length; place++) noise[place] = random();
  const sigma = Math.max(0.8, unit * 3.6);
  const grain = gaussianBlur(noise, width, height, sigma, 2);
  const stride = Math.max(1, unit * 4.2);
  const longer = stride * (2 * STEPS[0] + 1);
  smear({ plane: grain, out: noise, flow, width, height, stride, steps: STEPS[0] }, height);
  smear({ plane: noise, out: grain, flow, width, height, stride: longer, steps: STEPS[1] }, height);
  givePlane(noise);
  // Averaging flattens the noise by about the square root of what is averaged: stretched back here.
  const spread = 3 * sigma * Math.sqrt(PLACES / 2) * 0.62;
  for (let place = 0; place < grain.length; place++) {
    const value = 0.5 + ((grain[place] as number) - 0.5) * spread;
    grain[place] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
  return grain;
}

/** What is smeared along a flow, by `steps` of `stride` pixels to either side, and what the means go into. */
interface Smearing {
  readonly plane: Float32Array;
  readonly out: Float32Array;
  readonly flow: Flow;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly steps: number;
}

const smear = stage("smear", ({ plane, out, flow, width, height, stride, steps }: Smearing, from, to) => {
  const { x: flowX, y: flowY } = flow;
  const scale = 1 / (2 * steps + 1);
  for (let y = from, place = from * width; y < to; y++) {
    for (let x = 0; x < width; x++, place++) {
      let sum = plane[place] as number;
      for (let side = -stride; side <= stride; side += 2 * stride) {
        let column = x + 0.5;
        let row = y + 0.5;
        let dx = (flowX[place] as number) * side;
        let dy = (flowY[place] as number) * side;
        for (let step = 0; step < steps; step++) {
          column += dx;
          row += dy;
          const i = column < 0 ? 0 : column >= width ? width - 1 : column | 0;
          const j = row < 0 ? 0 : row >= height ? height - 1 : row | 0;
          const other = j * width + i;
          sum += plane[other] as number;
          const fx = flowX[other] as number;
          const fy = flowY[other] as number;
          const same = fx * dx + fy * dy < 0 ? -stride : stride;
          dx = fx * same;
          dy = fy * same;
        }
      }
      out[place] = sum * scale;
    }
  }
});
