import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alphaFate, finishing, usedPart } from "../../src/engine/finishing.ts";
import { defaultOutput } from "../../src/engine/output.ts";
import { fitInto } from "../../src/engine/size.ts";
import { layUpload } from "../../src/engine/upload.ts";
import { defaultModel } from "../../src/recipe/models.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";

const side = fc.integer({ min: 1, max: 20_000 });
const anySource = fc.record({ width: side, height: side });
const legalSize = fc.constantFrom(...defaultModel.sizes);
const anyFit = fc.constantFrom("crop", "pad");
const anyResize = fc.constantFrom("none" as const, "source" as const);
const anyFactor = fc.constantFrom(0.5, 1, 2);

test("the file shows all of the source that was not announced as lost, and has the size that was asked for", () => {
  fc.assert(
    fc.property(anySource, legalSize, anyFit, anyResize, anyFactor, (source, asked, fit, resize, factor) => {
      const fitting = fitInto(source, asked, fit);
      const delivered = { width: asked.width * factor, height: asked.height * factor };
      const facts = { source, fitting, asked, delivered, padded: true, resize };
      const { cut, size, source: shown, loss } = finishing(facts);
      for (const [part, all] of [
        [cut, delivered],
        [shown, source],
      ] as const) {
        expect(Math.min(part.left, part.top)).toBeGreaterThanOrEqual(0);
        expect(Math.min(part.width, part.height)).toBeGreaterThanOrEqual(1);
        expect(part.left + part.width).toBeLessThanOrEqual(all.width);
        expect(part.top + part.height).toBeLessThanOrEqual(all.height);
      }
      expect(loss).toBeCloseTo(1 - (shown.width * shown.height) / (source.width * source.height), 9);
      expect(size).toEqual(resize === "source" ? source : { width: cut.width, height: cut.height });
      if (fit === "pad") {
        expect(loss).toBe(0);
      }
    }),
  );
});

test("what goes up inside padding comes back from the same place, to the pixel", () => {
  fc.assert(
    fc.property(anySource, legalSize, (source, asked) => {
      const fitting = fitInto(source, asked, "pad");
      const { size: upload, target } = layUpload(fitting, asked, { maxPixels: 4_194_304 });
      const facts = { source, fitting, asked, delivered: asked, padded: true, resize: "none" } as const;
      const { cut } = finishing(facts);
      // One pixel of the coarser of both pictures.
      const tolerance = Math.max(1, asked.width / upload.width) * 1.5 + 1;
      expect(Math.abs((target.left * asked.width) / upload.width - cut.left)).toBeLessThanOrEqual(tolerance);
      const right = ((target.left + target.width) * asked.width) / upload.width;
      expect(Math.abs(right - cut.left - cut.width)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs((target.top * asked.height) / upload.height - cut.top)).toBeLessThanOrEqual(tolerance);
    }),
  );
});

test("a crop whose size is delivered needs no finishing", () => {
  fc.assert(
    fc.property(anySource, legalSize, (source, asked) => {
      const fitting = fitInto(source, asked, "crop");
      const facts = { source, fitting, asked, delivered: asked, padded: true, resize: "none" } as const;
      const { cut, size } = finishing(facts);
      expect(cut).toEqual({ left: 0, top: 0, ...size });
      expect(size).toEqual({ width: asked.width, height: asked.height });
    }),
  );
});

test("a local preview, which comes without padding, is not cut again", () => {
  const source = { width: 300, height: 100 };
  const asked = { width: 1024, height: 1024 };
  const fitting = fitInto(source, asked, "pad");
  const delivered = { width: 1024, height: 341 };
  const facts = { source, fitting, asked, delivered, padded: false, resize: "none" } as const;
  expect(finishing(facts)).toMatchObject({ cut: { left: 0, top: 0, ...delivered }, size: delivered });
});

test("a cropped picture is brought to the source's size by cutting, not by stretching", () => {
  const source = { width: 4000, height: 3000 };
  const asked = { width: 1024, height: 1024 };
  const fitting = fitInto(source, asked, "crop");
  const facts = { source, fitting, asked, delivered: asked, padded: true, resize: "source" } as const;
  expect(finishing(facts)).toEqual({
    cut: { left: 0, top: 128, width: 1024, height: 768 },
    size: source,
    source: { left: 500, top: 375, width: 3000, height: 2250 },
    loss: expect.closeTo(0.4375),
  });
});

test("transparency is kept, dropped, or impossible", () => {
  expect(alphaFate(false, "keep", "JPG")).toBe("none");
  expect(alphaFate(true, "keep", "JPG")).toBe("impossible");
  expect(alphaFate(true, "drop", "JPG")).toBe("impossible");
  expect(alphaFate(true, "keep", "WEBP")).toBe("kept");
  expect(alphaFate(true, "drop", "PNG")).toBe("dropped");
});

describe("the part of the source that a result shows", () => {
  const source = { width: 1200, height: 400 };
  const size = { width: 1024, height: 1024 };
  const recipe = (fit: "crop" | "pad") => ({ ...defaultRecipe, fit });
  const detail = { across: [0, 0, 0, 0, 0, 0, 0, 1], down: [1] };
  const task = (fit: "crop" | "pad", resize: "none" | "source" = "none") => ({
    fitting: fitInto(source, size, fit, detail),
    size,
    output: { ...defaultOutput, resize },
    recipe: recipe(fit),
  });
  const all = { left: 0, top: 0, width: 1, height: 1 };

  test("lies where the crop lies", () => {
    const { left } = task("crop").fitting.source;
    expect(left).not.toBe(400);
    const expected = { left: left / 1200, top: 0, width: 1 / 3, height: 1 };
    for (const isFinished of [true, false]) {
      expect(usedPart(task("crop"), "runware", isFinished)).toEqual(expected);
      expect(usedPart(task("crop"), "local", isFinished)).toEqual(expected);
    }
  });

  test("is whole where padding was cut off, and lies inside of what shows more where it was not", () => {
    expect(usedPart(task("pad"), "runware", true)).toEqual(all);
    expect(usedPart(task("pad"), "local", false)).toEqual(all);
    const uncut = usedPart(task("pad"), "runware", false);
    expect(uncut).toEqual({
      left: 0,
      width: 1,
      top: expect.closeTo(-1, 1),
      height: expect.closeTo(3, 1),
    });
  });

  test("has the source's shape at the source's size", () => {
    const used = usedPart(task("crop", "source"), "runware", true);
    expect((used?.width ?? 0) / (used?.height ?? 1)).toBeCloseTo(1, 1);
    expect(used?.width).toBeCloseTo(1 / 3);
    expect(usedPart(task("crop", "source"), "runware", false)?.height).toBe(1);
  });

  test("is unknown where an earlier version did not write down how large the source was", () => {
    const { fitting, ...rest } = task("crop");
    const { of: _of, ...recorded } = fitting;
    expect(usedPart({ ...rest, fitting: recorded }, "runware", true)).toBeUndefined();
  });
});
