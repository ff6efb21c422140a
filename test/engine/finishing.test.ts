import fc from "fast-check";
import { expect, test } from "vitest";
import { alphaFate, finishing } from "../../src/engine/finishing.ts";
import { fitInto } from "../../src/engine/size.ts";
import { layUpload } from "../../src/engine/upload.ts";
import { defaultModel } from "../../src/recipe/models.ts";

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
