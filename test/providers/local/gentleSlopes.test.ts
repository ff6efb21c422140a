import { expect, test } from "vitest";
import { evenOut, gentleness } from "../../../src/providers/local/gentleSlopes.ts";
import { randomStream } from "../../../src/providers/local/random.ts";
import { blankPlanes, copyPlanes, type LabPlanes } from "../../../src/providers/local/raster.ts";

const [width, height] = [160, 120];

/** A picture without colour whose light depends on the place. */
function lit(lightnessAt: (x: number, y: number) => number): LabPlanes {
  const planes = blankPlanes(width, height);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) planes.lightness[pixel] = lightnessAt(x, y);
  }
  return planes;
}

/** Root mean square of how far a picture's light lies from another's, in columns `from` to `to - 1`. */
function apart(one: LabPlanes, other: LabPlanes, from: number, to: number): number {
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) {
      const step = (one.lightness[y * width + x] as number) - (other.lightness[y * width + x] as number);
      sum += step * step;
    }
  }
  return Math.sqrt(sum / (height * (to - from)));
}

test("grain is taken out of a sky, and the border of a thing before it stays where it is", () => {
  const clean = lit((x) => (x < 100 ? 0.8 - 0.0008 * x : 0.3));
  const random = randomStream(5);
  const grainy = copyPlanes(clean);
  for (let pixel = 0; pixel < grainy.lightness.length; pixel++) {
    grainy.lightness[pixel] = (grainy.lightness[pixel] as number) + 0.02 * (random() - 0.5);
  }
  const even = copyPlanes(grainy);
  evenOut(even, 1);
  expect(apart(even, clean, 12, 50)).toBeLessThan(apart(grainy, clean, 12, 50) / 3);
  expect(apart(even, clean, 97, 103)).toBeLessThan(0.012);
});

test("wide gentle slopes are gentle, steep ones and the narrow insides of things are not", () => {
  const rowOf = (planes: LabPlanes, unit = 1) => {
    const start = Math.floor(height / 2) * width;
    return gentleness(planes, unit).subarray(start, start + width);
  };
  expect(Math.min(...rowOf(lit((x) => 0.3 + 0.001 * x)).subarray(20, 140))).toBeGreaterThan(0.95);
  expect(Math.max(...rowOf(lit((x) => 0.2 + 0.005 * x)).subarray(20, 140))).toBe(0);
  // Stripes of two greys, each even within.
  expect(Math.max(...rowOf(lit((x) => (x % 16 < 8 ? 0.3 : 0.6))).subarray(20, 140))).toBe(0);
  // Of a picture twice as large, one slope is half as steep to the pixel.
  expect(
    Math.max(
      ...rowOf(
        lit((x) => 0.3 + 0.0025 * x),
        2,
      ).subarray(40, 120),
    ),
  ).toBe(0);
});
