import { stage } from "./crew.ts";
import { gaussianBlur } from "./filters.ts";
import { givePlane, takePlane } from "./planePool.ts";
import { givePlanes, type LabPlanes, takePlanes } from "./raster.ts";
import type { Flow } from "./structureTensor.ts";

/** Larger than any shift: numbers above 0 are rounded by cutting off. */
const ROUNDING = 4096;
/** Pairs of opposite sectors around each pixel. */
const PAIRS = 4;
const COSINES = Float64Array.from({ length: PAIRS }, (_, pair) => Math.cos((pair * Math.PI) / PAIRS));
const SINES = Float64Array.from({ length: PAIRS }, (_, pair) => Math.sin((pair * Math.PI) / PAIRS));

/**
 * Anisotropic Kuwahara filter (J. E. Kyprianidis, H. Kang, J. Döllner, "Image and video abstraction by
 * anisotropic Kuwahara filtering", 2009): eight sectors around each pixel, stretched along the local direction,
 * and of their means the calmest count most. Each sector is one look-up in a blurred mean and variance instead
 * of a weighted sum over its pixels, which makes the cost independent of `radius` (pixels). Without a flow the sectors
 * lie on a circle.
 */
export function kuwahara(planes: LabPlanes, flow: Flow | null, radius: number, sharpness: number): LabPlanes {
  const { width, height } = planes;
  const means = weighedMeans(planes, Math.max(0.8, radius * 0.42), sharpness);
  const out = takePlanes(width, height);
  gather({ means, flow, radius, out }, height);
  givePlane(means);
  return out;
}

/** Means with their weights, and where to put what is gathered from them. */
interface Gathering {
  readonly means: Float32Array;
  readonly flow: Flow | null;
  readonly radius: number;
  readonly out: LabPlanes;
}

const gather = stage("kuwahara", ({ means, flow, radius, out }: Gathering, from, to) => {
  const { width, height } = out;
  const reach = Math.ceil(radius * (flow === null ? 1 : 1.9)) + 1;
  for (let y = from, pixel = from * width; y < to; y++) {
    const innerRow = y >= reach && y < height - reach;
    for (let x = 0; x < width; x++, pixel++) {
      const inside = innerRow && x >= reach && x < width - reach;
      const along = flow === null ? radius : radius * (1 + 0.9 * (flow.anisotropy[pixel] as number));
      const across = (radius * radius) / along;
      const fx = flow === null ? 1 : (flow.x[pixel] as number);
      const fy = flow === null ? 0 : (flow.y[pixel] as number);
      let total = 0;
      let sumL = 0;
      let sumA = 0;
      let sumB = 0;
      for (let pair = 0; pair < PAIRS; pair++) {
        const u = along * (COSINES[pair] as number);
        const v = across * (SINES[pair] as number);
        const aside = u * fx - v * fy;
        const down = u * fy + v * fx;
        const shiftX = ((aside + ROUNDING + 0.5) | 0) - ROUNDING;
        const shiftY = ((down + ROUNDING + 0.5) | 0) - ROUNDING;
        const shift = (shiftY * width + shiftX) * 4;
        const one = inside ? pixel * 4 + shift : placeAt(x + shiftX, y + shiftY, width, height);
        const two = inside ? pixel * 4 - shift : placeAt(x - shiftX, y - shiftY, width, height);
        total += (means[one] as number) + (means[two] as number);
        sumL += (means[one + 1] as number) + (means[two + 1] as number);
        sumA += (means[one + 2] as number) + (means[two + 2] as number);
        sumB += (means[one + 3] as number) + (means[two + 3] as number);
      }
      const scale = 1 / total;
      out.lightness[pixel] = sumL * scale;
      out.a[pixel] = sumA * scale;
      out.b[pixel] = sumB * scale;
    }
  }
});

/** Where the numbers of a pixel begin, four a pixel; outside the picture, those of the nearest inside. */
function placeAt(column: number, row: number, width: number, height: number): number {
  const inX = column < 0 ? 0 : column >= width ? width - 1 : column;
  const inY = row < 0 ? 0 : row >= height ? height - 1 : row;
  return (inY * width + inX) * 4;
}

/** For each pixel the weight of the mean around it, the less the more it varies there, and the mean times that weight. */
function weighedMeans(planes: LabPlanes, sigma: number, sharpness: number): Float32Array {
  const { width, height } = planes;
  const squares = takePlane(planes.lightness.length);
  for (let pixel = 0; pixel < squares.length; pixel++) {
    const l = planes.lightness[pixel] as number;
    const a = planes.a[pixel] as number;
    const b = planes.b[pixel] as number;
    squares[pixel] = l * l + 2 * (a * a + b * b);
  }
  const meanSquare = gaussianBlur(squares, width, height, sigma, 2);
  const mean = {
    width,
    height,
    lightness: gaussianBlur(planes.lightness, width, height, sigma, 2),
    a: gaussianBlur(planes.a, width, height, sigma, 2),
    b: gaussianBlur(planes.b, width, height, sigma, 2),
  };
  const out = takePlane(squares.length * 4);
  weigh({ mean, meanSquare, sharpness, out }, height);
  givePlanes(mean);
  givePlane(squares);
  givePlane(meanSquare);
  return out;
}

/** Blurred planes, and what their weighed means go into. */
interface Weighing {
  readonly mean: LabPlanes;
  readonly meanSquare: Float32Array;
  readonly sharpness: number;
  readonly out: Float32Array;
}

const weigh = stage("weighedMeans", ({ mean, meanSquare, sharpness, out }: Weighing, from, to) => {
  const { width } = mean;
  for (let pixel = from * width, place = 4 * pixel; pixel < to * width; pixel++, place += 4) {
    const l = mean.lightness[pixel] as number;
    const a = mean.a[pixel] as number;
    const b = mean.b[pixel] as number;
    const variance = (meanSquare[pixel] as number) - l * l - 2 * (a * a + b * b);
    const spread = 1 + (variance > 0 ? variance * sharpness : 0);
    const square = 1 / (spread * spread);
    const weight = square * square;
    out[place] = weight;
    out[place + 1] = weight * l;
    out[place + 2] = weight * a;
    out[place + 3] = weight * b;
  }
});
