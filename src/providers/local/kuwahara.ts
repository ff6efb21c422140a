import { gaussianBlur } from "./filters.ts";
import { blankPlanes, type LabPlanes } from "./raster.ts";
import type { Flow } from "./structureTensor.ts";

/**
 * Anisotropic Kuwahara filter (J. E. Kyprianidis, H. Kang, J. Döllner, "Image and video abstraction by
 * anisotropic Kuwahara filtering", 2009): eight sectors around each pixel, stretched along the local direction,
 * and of their means the calmest count most. Each sector is one look-up in a blurred mean and variance instead
 * of a weighted sum over its pixels, which makes the cost independent of `radius` (pixels).
 */
export function kuwahara(planes: LabPlanes, flow: Flow, radius: number, sharpness: number): LabPlanes {
  const { width, height } = planes;
  const sigma = Math.max(0.8, radius * 0.42);
  const l = gaussianBlur(planes.lightness, width, height, sigma, 2);
  const a = gaussianBlur(planes.a, width, height, sigma, 2);
  const b = gaussianBlur(planes.b, width, height, sigma, 2);
  const variance = varianceOf(planes, l, a, b, sigma);
  const out = blankPlanes(width, height);
  const sectors = 8;
  const cosines = new Float32Array(sectors);
  const sines = new Float32Array(sectors);
  for (let sector = 0; sector < sectors; sector++) {
    cosines[sector] = Math.cos((sector * 2 * Math.PI) / sectors);
    sines[sector] = Math.sin((sector * 2 * Math.PI) / sectors);
  }
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const along = radius * (1 + 0.9 * (flow.anisotropy[pixel] as number));
      const across = (radius * radius) / along;
      const fx = flow.x[pixel] as number;
      const fy = flow.y[pixel] as number;
      let total = 0;
      let sumL = 0;
      let sumA = 0;
      let sumB = 0;
      for (let sector = 0; sector < sectors; sector++) {
        const u = along * (cosines[sector] as number);
        const v = across * (sines[sector] as number);
        let column = (x + u * fx - v * fy + 0.5) | 0;
        let row = (y + u * fy + v * fx + 0.5) | 0;
        column = column < 0 ? 0 : column >= width ? width - 1 : column;
        row = row < 0 ? 0 : row >= height ? height - 1 : row;
        const other = row * width + column;
        const spread = 1 + (variance[other] as number) * sharpness;
        const square = spread * spread;
        const weight = 1 / (square * square);
        total += weight;
        sumL += weight * (l[other] as number);
        sumA += weight * (a[other] as number);
        sumB += weight * (b[other] as number);
      }
      out.lightness[pixel] = sumL / total;
      out.a[pixel] = sumA / total;
      out.b[pixel] = sumB / total;
    }
  }
  return out;
}

function varianceOf(
  planes: LabPlanes,
  meanL: Float32Array,
  meanA: Float32Array,
  meanB: Float32Array,
  sigma: number,
): Float32Array {
  const squares = new Float32Array(meanL.length);
  for (let pixel = 0; pixel < squares.length; pixel++) {
    const l = planes.lightness[pixel] as number;
    const a = planes.a[pixel] as number;
    const b = planes.b[pixel] as number;
    squares[pixel] = l * l + 2 * (a * a + b * b);
  }
  const mean = gaussianBlur(squares, planes.width, planes.height, sigma, 2);
  for (let pixel = 0; pixel < squares.length; pixel++) {
    const l = meanL[pixel] as number;
    const a = meanA[pixel] as number;
    const b = meanB[pixel] as number;
    squares[pixel] = Math.max(0, (mean[pixel] as number) - l * l - 2 * (a * a + b * b));
  }
  return squares;
}
