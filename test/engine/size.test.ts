import fc from "fast-check";
import { expect, test } from "vitest";
import { centredPart, cropLoss, fitInto, leastLoss, sizeFor } from "../../src/engine/size.ts";
import { defaultModel } from "../../src/recipe/models.ts";

const side = fc.integer({ min: 1, max: 20_000 });
const anySize = fc.record({ width: side, height: side });
const legalSize = fc.constantFrom(...defaultModel.sizes);

test("a source that has a legal shape loses nothing", () => {
  for (const { width, height } of defaultModel.sizes) {
    const source = { width: width * 3, height: height * 3 };
    expect(cropLoss(source, leastLoss(source, defaultModel.sizes))).toBe(0);
  }
});

test.each([
  [
    { width: 4000, height: 3000 },
    { width: 1024, height: 768 },
  ],
  [
    { width: 3000, height: 4000 },
    { width: 768, height: 1024 },
  ],
  [
    { width: 500, height: 500 },
    { width: 1024, height: 1024 },
  ],
  [
    { width: 1067, height: 1600 },
    { width: 832, height: 1248 },
  ],
  [
    { width: 20_000, height: 1 },
    { width: 1536, height: 512 },
  ],
  [
    { width: 1, height: 20_000 },
    { width: 512, height: 1536 },
  ],
])("%o is drawn as %o", (source, size) => {
  expect(leastLoss(source, defaultModel.sizes)).toMatchObject(size);
});

test("no legal size loses less than the chosen one", () => {
  fc.assert(
    fc.property(anySize, legalSize, (source, other) => {
      const chosen = leastLoss(source, defaultModel.sizes);
      expect(cropLoss(source, chosen)).toBeLessThanOrEqual(cropLoss(source, other));
    }),
  );
});

test("of two sizes that lose the same, the larger is chosen, whatever their order", () => {
  const small = { width: 100, height: 100 };
  const large = { width: 200, height: 200 };
  expect(leastLoss({ width: 3, height: 5 }, [small, large])).toBe(large);
  expect(leastLoss({ width: 3, height: 5 }, [large, small])).toBe(large);
});

test("a named size is taken, an illegal one is not", () => {
  expect(sizeFor("1536x512", { width: 10, height: 10 }, defaultModel.sizes)).toMatchObject({ width: 1536 });
  expect(sizeFor("1000x1000", { width: 10, height: 10 }, defaultModel.sizes)).toBeUndefined();
});

test("a centred part lies inside, touches two sides, and cuts off what the loss announces", () => {
  fc.assert(
    fc.property(anySize, legalSize, (source, size) => {
      const { left, top, width, height } = centredPart(source, size);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(source.width);
      expect(top + height).toBeLessThanOrEqual(source.height);
      expect(width === source.width || height === source.height).toBe(true);
      const lost = 1 - (width * height) / (source.width * source.height);
      const onePixel = 1 / Math.min(source.width, source.height);
      expect(Math.abs(lost - cropLoss(source, size))).toBeLessThanOrEqual(onePixel);
    }),
  );
});

test("crop fills the drawn size, pad keeps the whole source", () => {
  const source = { width: 300, height: 100 };
  const size = { width: 1024, height: 1024 };
  expect(fitInto(source, size, "crop")).toEqual({
    source: { left: 100, top: 0, width: 100, height: 100 },
    target: { left: 0, top: 0, width: 1024, height: 1024 },
    loss: expect.closeTo(2 / 3),
    of: source,
  });
  expect(fitInto(source, size, "pad")).toEqual({
    source: { left: 0, top: 0, width: 300, height: 100 },
    target: { left: 0, top: 341, width: 1024, height: 341 },
    loss: 0,
    of: source,
  });
});
