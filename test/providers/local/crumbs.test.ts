import { expect, it } from "vitest";
import { dropCrumbs } from "../../../src/providers/local/crumbs.ts";
import { blankPlanes } from "../../../src/providers/local/raster.ts";

/** Two inks, dark and light, by their places in the rows of colours. */
const [DARK, LIGHT] = [0, 3];
const colors = Float32Array.from([0.2, 0, 0, 0.9, 0.01, 0.02]);

it("gives a small area the ink it lies within, and leaves a large one and its surroundings", () => {
  const [width, height] = [12, 6];
  const inks = new Uint8Array(width * height).fill(DARK);
  const crumb = 2 * width + 2;
  const large = [7, 8, 9, 10].flatMap((x) => [1, 2, 3, 4].map((y) => y * width + x));
  for (const pixel of [crumb, crumb + 1, ...large]) inks[pixel] = LIGHT;
  const planes = blankPlanes(width, height);
  dropCrumbs(inks, planes, () => 5, colors);
  expect(inks[crumb]).toBe(DARK);
  expect(planes.lightness[crumb]).toBeCloseTo(0.2, 6);
  for (const pixel of large) expect(inks[pixel]).toBe(LIGHT);
  expect(inks.filter((ink) => ink === LIGHT).length).toBe(large.length);
});

it("leaves the rim between two inks", () => {
  const [width, height] = [6, 5];
  const rim = 6;
  const rows = [DARK, DARK, rim, LIGHT, LIGHT];
  const inks = Uint8Array.from(
    { length: width * height },
    (_, pixel) => rows[Math.floor(pixel / width)] ?? 0,
  );
  dropCrumbs(inks, blankPlanes(width, height), (ink) => (ink === rim ? 100 : 0), new Float32Array(9));
  expect(inks.filter((ink) => ink === rim).length).toBe(width);
});
