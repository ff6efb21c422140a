import { expect, test } from "vitest";
import type { Clusters } from "../../../src/providers/local/clusters.ts";
import { applyMap, colorMap } from "../../../src/providers/local/colorMap.ts";
import { blankPlanes } from "../../../src/providers/local/raster.ts";

const dark = { lightness: 0.3, a: 0.02, b: 0.01 };
const light = { lightness: 0.7, a: 0.02, b: 0.01 };
const blue = { lightness: 0.3, a: -0.02, b: -0.12 };
const orange = { lightness: 0.7, a: 0.08, b: 0.12 };

/** What becomes of the b axis along the way from the one source colour to the other. */
function wayWith(softness: number): Float32Array {
  const steps = 101;
  const way = blankPlanes(steps, 1);
  for (let step = 0; step < steps; step++) {
    const share = step / (steps - 1);
    way.lightness[step] = dark.lightness + (light.lightness - dark.lightness) * share;
    way.a[step] = dark.a;
    way.b[step] = dark.b;
  }
  const clusters: Clusters = { colors: [dark, light], shares: [0.5, 0.5], contact: [] };
  const map = colorMap(clusters, [blue, orange], {
    lightness: 0.5,
    variation: 0.3,
    protectSkin: 0,
    softness,
  });
  return applyMap(way, map).b;
}

/** The largest step from one colour of the way to the next. */
const steepest = (way: Float32Array) =>
  Math.max(...Array.from(way.subarray(1), (value, index) => Math.abs(value - (way[index] as number))));

test("a soft map hands over from one colour to the next slowly, a hard one fast, and both end at the same", () => {
  const [soft, hard] = [wayWith(0.1), wayWith(0.03)];
  expect(soft[0]).toBeLessThan(-0.05);
  expect(soft[100]).toBeGreaterThan(0.05);
  expect(Math.abs((hard[0] as number) - (soft[0] as number))).toBeLessThan(0.03);
  expect(Math.abs((hard[100] as number) - (soft[100] as number))).toBeLessThan(0.03);
  expect(steepest(hard)).toBeGreaterThan(1.3 * steepest(soft));
});
