import fc from "fast-check";
import { expect, test } from "vitest";
import { bestPosition } from "../../src/engine/detail.ts";
import { detailMatters, fitInto } from "../../src/engine/size.ts";
import { defaultModel } from "../../src/recipe/models.ts";

const strips = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 160 });
const side = fc.integer({ min: 1, max: 20_000 });

/** Detail between two shares of the whole, and none elsewhere. */
function between(from: number, to: number): number[] {
  return Array.from({ length: 100 }, (_, index) => (index >= from * 100 && index < to * 100 ? 1 : 0));
}

test("what is flat, even or in the centre stays centred", () => {
  expect(bestPosition(between(0, 0), 0.5)).toBe(0.5);
  expect(bestPosition(between(0, 1), 0.5)).toBe(0.5);
  expect(bestPosition(between(0.3, 0.7), 0.5)).toBe(0.5);
  // A little more at one side is not worth an uneven crop.
  expect(bestPosition(between(0.25, 0.78), 0.5)).toBe(0.5);
});

test("what lies at one side is shown whole, with room on both of its sides", () => {
  const length = 0.5;
  const start = bestPosition(between(0.55, 0.9), length) * (1 - length);
  expect(start).toBeGreaterThan(0.42);
  expect(start).toBeLessThan(0.5);
});

test("a moved crop keeps its size, lies inside, and announces the same loss", () => {
  const anySource = fc.record({ width: side, height: side });
  fc.assert(
    fc.property(
      anySource,
      fc.constantFrom(...defaultModel.sizes),
      strips,
      strips,
      (source, size, across, down) => {
        const centred = fitInto(source, size, "crop");
        const placed = fitInto(source, size, "crop", { across, down });
        expect(placed).toEqual({
          ...centred,
          source: { ...centred.source, left: placed.source.left, top: placed.source.top },
        });
        expect(Math.min(placed.source.left, placed.source.top)).toBeGreaterThanOrEqual(0);
        expect(placed.source.left + placed.source.width).toBeLessThanOrEqual(source.width);
        expect(placed.source.top + placed.source.height).toBeLessThanOrEqual(source.height);
      },
    ),
  );
});

test("detail is measured for crops that cost something", () => {
  const size = { width: 1024, height: 768 };
  expect(detailMatters({ width: 400, height: 300 }, size, "crop")).toBe(false);
  expect(detailMatters({ width: 400, height: 400 }, size, "crop")).toBe(true);
  expect(detailMatters({ width: 400, height: 400 }, size, "pad")).toBe(false);
});
