/**
 * One box blur of the given radius (pixels), by running sums: the cost does not depend on the radius. Pixels
 * beyond an edge count as the edge pixel.
 */
export function boxBlur(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(plane.length);
  const scale = 1 / (radius * 2 + 1);
  for (let y = 0; y < height; y++) {
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
      across[row + x] = sum * scale;
    }
    for (let x = inner; x < outer; x++) {
      sum += (plane[row + x + radius] as number) - (plane[row + x - radius - 1] as number);
      across[row + x] = sum * scale;
    }
    for (let x = outer; x < width; x++) {
      sum += last - (plane[row + x - radius - 1] as number);
      across[row + x] = sum * scale;
    }
  }
  return blurDown(across, width, height, radius);
}

/** The vertical half: whole rows enter and leave a row of sums, which keeps memory access in order. */
function blurDown(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(width);
  const scale = 1 / (radius * 2 + 1);
  const lastRow = (height - 1) * width;
  for (let offset = -radius; offset <= radius; offset++) {
    const row = Math.min(height - 1, Math.max(0, offset)) * width;
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (plane[row + x] as number);
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const entering = y + radius + 1 < height ? (y + radius + 1) * width : lastRow;
    const leaving = y - radius > 0 ? (y - radius) * width : 0;
    for (let x = 0; x < width; x++) {
      const sum = sums[x] as number;
      out[row + x] = sum * scale;
      sums[x] = sum + (plane[entering + x] as number) - (plane[leaving + x] as number);
    }
  }
  return out;
}

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
    out = boxBlur(out, width, height, pass < smallPasses ? small : small + 1);
  }
  return out;
}

function kernelBlur(plane: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(sigma * 2.5));
  const kernel = new Float32Array(radius + 1);
  let total = 0;
  for (let tap = 0; tap <= radius; tap++) {
    const weight = Math.exp(-(tap * tap) / (2 * sigma * sigma));
    kernel[tap] = weight;
    total += tap === 0 ? weight : 2 * weight;
  }
  for (let tap = 0; tap <= radius; tap++) kernel[tap] = (kernel[tap] as number) / total;
  return convolveDown(convolveAcross(plane, width, height, kernel), width, height, kernel);
}

/** A symmetric kernel along the rows, from its centre outwards; each row is first laid out with its edges extended. */
function convolveAcross(
  plane: Float32Array,
  width: number,
  height: number,
  kernel: Float32Array,
): Float32Array {
  const out = new Float32Array(plane.length);
  const radius = kernel.length - 1;
  const line = new Float32Array(width + 2 * radius);
  const centre = kernel[0] as number;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    line.fill(plane[row] as number, 0, radius);
    line.set(plane.subarray(row, row + width), radius);
    line.fill(plane[row + width - 1] as number, radius + width);
    for (let x = 0; x < width; x++) {
      const place = x + radius;
      let sum = centre * (line[place] as number);
      for (let tap = 1; tap <= radius; tap++) {
        sum += (kernel[tap] as number) * ((line[place - tap] as number) + (line[place + tap] as number));
      }
      out[row + x] = sum;
    }
  }
  return out;
}

/** The same down the columns: whole rows are added to a row, which keeps memory access in order. */
function convolveDown(
  plane: Float32Array,
  width: number,
  height: number,
  kernel: Float32Array,
): Float32Array {
  const out = new Float32Array(plane.length);
  const centre = kernel[0] as number;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) out[row + x] = centre * (plane[row + x] as number);
    for (let tap = 1; tap < kernel.length; tap++) {
      const weight = kernel[tap] as number;
      const above = Math.max(0, y - tap) * width;
      const below = Math.min(height - 1, y + tap) * width;
      for (let x = 0; x < width; x++) {
        out[row + x] =
          (out[row + x] as number) + weight * ((plane[above + x] as number) + (plane[below + x] as number));
      }
    }
  }
  return out;
}

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
): [slopes: Float32Array, offsets: Float32Array] {
  const mean = boxBlur(plane, width, height, radius);
  const squares = new Float32Array(plane.length);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    squares[pixel] = (plane[pixel] as number) * (plane[pixel] as number);
  }
  const slope = boxBlur(squares, width, height, radius);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    const average = mean[pixel] as number;
    const variance = Math.max(0, (slope[pixel] as number) - average * average);
    const gain = variance / (variance + epsilon);
    slope[pixel] = gain;
    mean[pixel] = average * (1 - gain);
  }
  return [boxBlur(slope, width, height, radius), boxBlur(mean, width, height, radius)];
}

/** Hermite step: 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const place = (value - low) / (high - low);
  if (place <= 0) return 0;
  if (place >= 1) return 1;
  return place * place * (3 - 2 * place);
}
