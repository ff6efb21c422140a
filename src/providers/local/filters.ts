import { stage } from "./crew.ts";
import { givePlane, takePlane } from "./planePool.ts";

/**
 * One box blur of the given radius (pixels), by running sums: the cost does not depend on the radius. Pixels
 * beyond an edge count as the edge pixel.
 */
export function boxBlur(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = takePlane(plane.length);
  blurAcross({ plane, out: across, width, height, radius }, height);
  const out = takePlane(plane.length);
  blurDown({ plane: across, out, width, height, radius }, width);
  givePlane(across);
  return out;
}

/** A plane, its size, and what it is blurred into. */
interface Blurring {
  readonly plane: Float32Array;
  readonly out: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

const blurAcross = stage("blurAcross", ({ plane, out, width, radius }: Blurring, from, to) => {
  const scale = 1 / (radius * 2 + 1);
  for (let y = from; y < to; y++) {
    const row = y * width;
    const first = plane[row] as number;
    const last = plane[row + width - 1] as number;
    let sum = first * (radius + 1);
    for (let x = 0; x < radius; x++) sum += x < width ? (plane[row + x] as number) : last;
    // Three stretches, so that the long middle one runs without any test for the border.
    const inner = Math.min(width, radius + 1);
    const outer = Math.max(inner, width - radius);
    for (let x = 0; x < inner; x++) {
      sum += (x + radius < width ? (plane[row + x + radius] as number) : last) - first;
      out[row + x] = sum * scale;
    }
    for (let x = inner; x < outer; x++) {
      sum += (plane[row + x + radius] as number) - (plane[row + x - radius - 1] as number);
      out[row + x] = sum * scale;
    }
    for (let x = outer; x < width; x++) {
      sum += last - (plane[row + x - radius - 1] as number);
      out[row + x] = sum * scale;
    }
  }
});

/** The vertical half, by columns: whole rows enter and leave a row of sums, which keeps memory access in order. */
const blurDown = stage("blurDown", ({ plane, out, width, height, radius }: Blurring, from, to) => {
  const sums = new Float64Array(width);
  const scale = 1 / (radius * 2 + 1);
  const lastRow = (height - 1) * width;
  for (let offset = -radius; offset <= radius; offset++) {
    const row = Math.min(height - 1, Math.max(0, offset)) * width;
    for (let x = from; x < to; x++) sums[x] = (sums[x] as number) + (plane[row + x] as number);
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const entering = y + radius + 1 < height ? (y + radius + 1) * width : lastRow;
    const leaving = y - radius > 0 ? (y - radius) * width : 0;
    for (let x = from; x < to; x++) {
      const sum = sums[x] as number;
      out[row + x] = sum * scale;
      sums[x] = sum + (plane[entering + x] as number) - (plane[leaving + x] as number);
    }
  }
});

/**
 * Gaussian blur of standard deviation `sigma` (pixels) as repeated box blurs (W. Wells, "Efficient synthesis of
 * Gaussian filters by cascaded uniform filters", PAMI 1986). Small sigmas use a true kernel: boxes of whole
 * pixels are too coarse there. Three passes are round to the eye; two do where the blur only gathers statistics.
 */
export function gaussianBlur(
  plane: Float32Array,
  width: number,
  height: number,
  sigma: number,
  passes: 2 | 3 = 3,
): Float32Array {
  if (sigma < 0.25) return plane.slice();
  if (sigma < 1.6) return kernelBlur(plane, width, height, sigma);
  const ideal = Math.sqrt((12 * sigma * sigma) / passes + 1);
  const small = Math.max(0, Math.floor((ideal - 1) / 2));
  const smallSize = 2 * small + 1;
  const smallPasses = Math.round(
    (12 * sigma * sigma - passes * smallSize * smallSize - 4 * passes * smallSize - 3 * passes) /
      (-4 * smallSize - 4),
  );
  let out = plane;
  for (let pass = 0; pass < passes; pass++) {
    const before = out;
    out = boxBlur(before, width, height, pass < smallPasses ? small : small + 1);
    if (before !== plane) givePlane(before);
  }
  return out;
}

/** Taps of the longest true kernel to either side. */
const TAPS = 4;

function kernelBlur(plane: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.min(TAPS, Math.max(1, Math.ceil(sigma * 2.5 - 0.3)));
  const kernel = new Float64Array(TAPS + 1);
  let total = 0;
  for (let tap = 0; tap <= radius; tap++) {
    const weight = Math.exp(-(tap * tap) / (2 * sigma * sigma));
    kernel[tap] = weight;
    total += tap === 0 ? weight : 2 * weight;
  }
  for (let tap = 0; tap <= radius; tap++) kernel[tap] = (kernel[tap] as number) / total;
  const out = takePlane(plane.length);
  weighRows({ plane, out, width, height, radius, kernel }, height);
  return out;
}

/** Row by row, down and then across, while the row is in the processor's cache. */
const weighRows = stage("kernelBlur", (args: Blurring & { readonly kernel: Float64Array }, from, to) => {
  const { plane, out, width, height, radius, kernel } = args;
  const line = new Float32Array(width + 2 * TAPS);
  const weigh = radius === 1 ? weighOne : radius === 2 ? weighTwo : weighFour;
  const starts = new Int32Array(2 * TAPS);
  for (let y = from; y < to; y++) {
    for (let tap = 1; tap <= TAPS; tap++) {
      starts[2 * tap - 2] = Math.max(0, y - tap) * width;
      starts[2 * tap - 1] = Math.min(height - 1, y + tap) * width;
    }
    weigh(line, TAPS, width, plane, kernel, y * width, starts);
    line.fill(line[TAPS] as number, 0, TAPS);
    line.fill(line[TAPS + width - 1] as number, TAPS + width);
    weigh(out, y * width, width, line, kernel, TAPS, BESIDE);
  }
});

/** Where the stretches of each tap across start in a line with margins, the one before and the one after. */
const BESIDE = Int32Array.from({ length: 2 * TAPS }, (_, index) =>
  index % 2 === 0 ? TAPS - 1 - index / 2 : TAPS + (index + 1) / 2,
);

/**
 * A row of `out` from `at` on: a symmetric kernel over stretches of `from`, the middle one that starts at `middle` and for
 * each tap the one that starts before and the one that starts after. Written out by the number of taps, since a loop over
 * so few, or a test for them, would take longer than they do.
 */
type Weigh = (
  out: Float32Array,
  at: number,
  width: number,
  from: Float32Array,
  kernel: Float64Array,
  middle: number,
  starts: Int32Array,
) => void;

const weighOne: Weigh = (out, at, width, from, kernel, middle, starts) => {
  const k0 = kernel[0] as number;
  const k1 = kernel[1] as number;
  const before = starts[0] as number;
  const after = starts[1] as number;
  for (let x = 0; x < width; x++) {
    out[at + x] =
      k0 * (from[middle + x] as number) + k1 * ((from[before + x] as number) + (from[after + x] as number));
  }
};

const weighTwo: Weigh = (out, at, width, from, kernel, middle, starts) => {
  const k0 = kernel[0] as number;
  const k1 = kernel[1] as number;
  const k2 = kernel[2] as number;
  const b1 = starts[0] as number;
  const a1 = starts[1] as number;
  const b2 = starts[2] as number;
  const a2 = starts[3] as number;
  for (let x = 0; x < width; x++) {
    out[at + x] =
      k0 * (from[middle + x] as number) +
      k1 * ((from[b1 + x] as number) + (from[a1 + x] as number)) +
      k2 * ((from[b2 + x] as number) + (from[a2 + x] as number));
  }
};

/** Also for three taps: the fourth weighs nothing then. */
const weighFour: Weigh = (out, at, width, from, kernel, middle, starts) => {
  const k3 = kernel[3] as number;
  const k4 = kernel[4] as number;
  const b3 = starts[4] as number;
  const a3 = starts[5] as number;
  const b4 = starts[6] as number;
  const a4 = starts[7] as number;
  weighTwo(out, at, width, from, kernel, middle, starts);
  for (let x = 0; x < width; x++) {
    out[at + x] =
      (out[at + x] as number) +
      k3 * ((from[b3 + x] as number) + (from[a3 + x] as number)) +
      k4 * ((from[b4 + x] as number) + (from[a4 + x] as number));
  }
};

/**
 * Edge-preserving smoothing: the guided filter with the plane as its own guide (K. He, J. Sun, X. Tang, "Guided
 * image filtering", ECCV 2010), as the slope and the offset that each pixel is to be sent through. `radius` in pixels;
 * `epsilon` is the variance below which detail is smoothed away, in squared units of the plane.
 */
export function guidedFit(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  epsilon: number,
): readonly [slopes: Float32Array, offsets: Float32Array] {
  const mean = boxBlur(plane, width, height, radius);
  const squares = takePlane(plane.length);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    squares[pixel] = (plane[pixel] as number) * (plane[pixel] as number);
  }
  const slope = boxBlur(squares, width, height, radius);
  givePlane(squares);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    const average = mean[pixel] as number;
    const variance = Math.max(0, (slope[pixel] as number) - average * average);
    const gain = variance / (variance + epsilon);
    slope[pixel] = gain;
    mean[pixel] = average * (1 - gain);
  }
  const fit = [boxBlur(slope, width, height, radius), boxBlur(mean, width, height, radius)] as const;
  givePlane(slope);
  givePlane(mean);
  return fit;
}

/** Hermite step: 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const place = (value - low) / (high - low);
  if (place <= 0) return 0;
  if (place >= 1) return 1;
  return place * place * (3 - 2 * place);
}

/** The largest number within `radius` pixels each way, a new plane. */
export function largestAround(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const across = takePlane(plane.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      let most = plane[pixel] as number;
      const end = pixel - x + Math.min(width - 1, x + radius);
      for (let other = pixel - x + Math.max(0, x - radius); other <= end; other++) {
        if ((plane[other] as number) > most) most = plane[other] as number;
      }
      across[pixel] = most;
    }
  }
  const out = takePlane(plane.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    const first = Math.max(0, y - radius);
    const last = Math.min(height - 1, y + radius);
    for (let x = 0; x < width; x++, pixel++) {
      let most = across[pixel] as number;
      for (let row = first; row <= last; row++) {
        if ((across[row * width + x] as number) > most) most = across[row * width + x] as number;
      }
      out[pixel] = most;
    }
  }
  givePlane(across);
  return out;
}
