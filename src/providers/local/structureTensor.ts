import { stage } from "./crew.ts";
import { gaussianBlur } from "./filters.ts";
import { givePlane, takePlane } from "./planePool.ts";

/** Local direction of a picture's structure. */
export interface Flow {
  /** Unit vector along edges and strokes, x part. */
  readonly x: Float32Array;
  /** The same, y part. */
  readonly y: Float32Array;
  /** 0 where no direction prevails, 1 along a clean edge. */
  readonly anisotropy: Float32Array;
}

/** The drift joins in with the weight of a very faint edge. */
const FAINT = 2e-5;

/**
 * Smoothed structure tensor of a plane and the direction of least change (T. Brox et al., "Nonlinear structure
 * tensors", 2006). Where the picture is flat a gentle drift takes over, turned by `drift` (radians), so that
 * brush strokes run the same way there instead of following noise.
 */
export function structureFlow(
  plane: Float32Array,
  width: number,
  height: number,
  sigma: number,
  drift: number,
): Flow {
  const count = plane.length;
  const xx = takePlane(count);
  const xy = takePlane(count);
  const yy = takePlane(count);
  differentiate({ plane, xx, xy, yy, width, height }, height);
  const sxx = gaussianBlur(xx, width, height, sigma, 2);
  const sxy = gaussianBlur(xy, width, height, sigma, 2);
  const syy = gaussianBlur(yy, width, height, sigma, 2);
  turn({ sxx, sxy, syy, x: xx, y: xy, anisotropy: yy, width, height, drift }, height);
  givePlane(sxx);
  givePlane(sxy);
  givePlane(syy);
  return { x: xx, y: xy, anisotropy: yy };
}

/** A plane, and its tensor's entries. */
interface Tensor {
  readonly plane: Float32Array;
  readonly xx: Float32Array;
  readonly xy: Float32Array;
  readonly yy: Float32Array;
  readonly width: number;
  readonly height: number;
}

const differentiate = stage("structureTensor", ({ plane, xx, xy, yy, width, height }: Tensor, from, to) => {
  for (let y = from; y < to; y++) {
    const up = y > 0 ? -width : 0;
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const left = x > 0 ? -1 : 0;
      const right = x + 1 < width ? 1 : 0;
      const upLeft = plane[pixel + up + left] as number;
      const upRight = plane[pixel + up + right] as number;
      const downLeft = plane[pixel + down + left] as number;
      const downRight = plane[pixel + down + right] as number;
      const gx =
        (upRight + downRight - upLeft - downLeft) / 8 +
        ((plane[pixel + right] as number) - (plane[pixel + left] as number)) / 4;
      const gy =
        (downLeft + downRight - upLeft - upRight) / 8 +
        ((plane[pixel + down] as number) - (plane[pixel + up] as number)) / 4;
      xx[pixel] = gx * gx;
      xy[pixel] = gx * gy;
      yy[pixel] = gy * gy;
    }
  }
});

/** A smoothed tensor, and the flow that becomes of it. */
interface Turning extends Flow {
  readonly sxx: Float32Array;
  readonly sxy: Float32Array;
  readonly syy: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly drift: number;
}

const turn = stage("structureFlow", (args: Turning, from, to) => {
  const { sxx, sxy, syy, x: flowX, y: flowY, anisotropy, width, height, drift } = args;
  const waves = Float64Array.from({ length: width }, (_, x) => 1.2 * Math.sin((3 * x) / width + 2 * drift));
  const faintCosine = FAINT * Math.cos(2 * drift);
  const faintSine = FAINT * Math.sin(2 * drift);
  for (let y = from, pixel = from * width; y < to; y++) {
    const swing = Math.cos((2.4 * y) / height);
    for (let x = 0; x < width; x++, pixel++) {
      const energy = (sxx[pixel] as number) + (syy[pixel] as number);
      // Double-angle vector of the tangent.
      let cosine = (syy[pixel] as number) - (sxx[pixel] as number);
      let sine = -2 * (sxy[pixel] as number);
      const strength = Math.sqrt(cosine * cosine + sine * sine);
      // Sine and cosine of the drift's swing by their series, good to a thousandth up to 1.2.
      const angle = (waves[x] as number) * swing;
      const square = angle * angle;
      const turnCosine = 1 - square * (0.5 - square * (0.041667 - square * 0.0013889));
      const turnSine = angle * (1 - square * (0.166667 - square * 0.0083333));
      cosine += faintCosine * turnCosine - faintSine * turnSine;
      sine += faintSine * turnCosine + faintCosine * turnSine;
      const size = Math.sqrt(cosine * cosine + sine * sine) + 1e-12;
      const half = Math.sqrt(Math.max(0, 0.5 * (1 + cosine / size)));
      const side = Math.sqrt(Math.max(0, 0.5 * (1 - cosine / size)));
      flowX[pixel] = half;
      flowY[pixel] = sine < 0 ? -side : side;
      anisotropy[pixel] = strength / (energy + 1e-5);
    }
  }
});
