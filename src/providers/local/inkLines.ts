import { gaussianBlur } from "./filters.ts";
import { takePlane } from "./planePool.ts";

/** How lines are drawn. */
export interface LineTaste {
  /** Width of the finer Gaussian in pixels: half the line's width. */
  readonly sigma: number;
  /** Sharpening of the difference: higher finds more lines. */
  readonly gain: number;
  /** Lightness difference below which nothing is drawn, so that soft gradients stay clean. */
  readonly threshold: number;
}

/**
 * Ink lines by extended difference of Gaussians (H. Winnemöller, J. E. Kyprianidis, S. Olsen, "XDoG: an
 * eXtended difference-of-Gaussians compendium including advanced image stylization", 2012). Returns how much
 * ink each pixel takes, 0 to 1, with soft borders from the tanh ramp.
 */
export function inkLines(plane: Float32Array, width: number, height: number, taste: LineTaste): Float32Array {
  const fine = gaussianBlur(plane, width, height, taste.sigma);
  const coarse = gaussianBlur(plane, width, height, taste.sigma * 1.6);
  const ink = takePlane(plane.length);
  for (let pixel = 0; pixel < ink.length; pixel++) {
    const difference = (coarse[pixel] as number) - (fine[pixel] as number) - taste.threshold;
    ink[pixel] = difference > 0 ? Math.tanh(difference * taste.gain) : 0;
  }
  return ink;
}
