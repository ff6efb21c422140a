import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitInto } from "../../src/engine/size.ts";
import { layUpload } from "../../src/engine/upload.ts";
import { defaultModel } from "../../src/recipe/models.ts";

const side = fc.integer({ min: 1, max: 20_000 });
const anySource = fc.record({ width: side, height: side });
const legalSize = fc.constantFrom(...defaultModel.sizes);
const anyFit = fc.constantFrom("crop", "pad");
const anyLimit = fc.integer({ min: 100_000, max: 20_000_000 });
const usual = { maxPixels: 4_194_304 };

describe("examples", () => {
  test.each([
    ["a photo is shrunk to what is drawn", { width: 4000, height: 3000 }, { width: 1024, height: 768 }],
    ["so is a square", { width: 5000, height: 5000 }, { width: 1024, height: 1024 }],
    [
      "one that is little larger keeps its pixels",
      { width: 1440, height: 1080 },
      { width: 1440, height: 1080 },
    ],
    ["a small picture keeps its pixels", { width: 800, height: 600 }, { width: 800, height: 600 }],
    ["a tiny one is enlarged", { width: 4, height: 3 }, { width: 42, height: 32 }],
  ])("%s", (_, source, expected) => {
    const size =
      expected.width === expected.height ? { width: 1024, height: 1024 } : { width: 1024, height: 768 };
    const { size: upload } = layUpload(fitInto(source, size, "crop"), size, usual);
    expect(upload).toEqual(expected);
  });

  test("a lower limit shrinks further, and a higher one does not keep what is not drawn", () => {
    const size = { width: 1024, height: 1024 };
    const fitting = fitInto({ width: 9000, height: 9000 }, size, "crop");
    const sizeAt = (maxPixels: number) => layUpload(fitting, size, { maxPixels }).size;
    expect(sizeAt(262_144)).toEqual({ width: 512, height: 512 });
    expect(sizeAt(16_000_000)).toEqual(size);
  });

  test("padding is laid around the source's own pixels", () => {
    const size = { width: 1024, height: 1024 };
    expect(layUpload(fitInto({ width: 300, height: 100 }, size, "pad"), size, usual)).toEqual({
      size: { width: 300, height: 300 },
      target: { left: 0, top: 100, width: 300, height: 100 },
    });
  });
});

test("an upload is within the limits and in shape, and its part lies inside", () => {
  fc.assert(
    fc.property(anySource, legalSize, anyFit, anyLimit, (source, size, fit, maxPixels) => {
      const { size: upload, target } = layUpload(fitInto(source, size, fit), size, { maxPixels });
      expect(upload.width * upload.height).toBeLessThanOrEqual(maxPixels);
      expect(Math.max(upload.width, upload.height)).toBeLessThanOrEqual(Math.max(2048, Math.sqrt(maxPixels)));
      expect(Math.min(upload.width, upload.height)).toBeGreaterThanOrEqual(32);
      const exact = (upload.width * size.height) / size.width;
      expect(Math.abs(upload.height - exact)).toBeLessThan(2 * Math.max(1, size.height / size.width) + 1);
      expect(Math.min(target.left, target.top)).toBeGreaterThanOrEqual(0);
      expect(target.left + target.width).toBeLessThanOrEqual(upload.width);
      expect(target.top + target.height).toBeLessThanOrEqual(upload.height);
    }),
  );
});

test("an upload has no more than twice the pixels that are drawn", () => {
  fc.assert(
    fc.property(anySource, legalSize, anyFit, anyLimit, (source, size, fit, maxPixels) => {
      const { size: upload } = layUpload(fitInto(source, size, fit), size, { maxPixels });
      expect(upload.width * upload.height).toBeLessThanOrEqual(2 * size.width * size.height);
    }),
  );
});

test("a source is enlarged only where a side would have less than 32 pixels", () => {
  fc.assert(
    fc.property(anySource, legalSize, anyFit, (source, size, fit) => {
      const fitting = fitInto(source, size, fit);
      const { size: upload, target } = layUpload(fitting, size, usual);
      const enlarged = target.width > fitting.source.width + 1 || target.height > fitting.source.height + 1;
      // One pixel is the least a part can have, so a sliver of a source may seem enlarged.
      const sliver = Math.min(fitting.target.width, fitting.target.height) === 1;
      expect(!enlarged || sliver || Math.min(upload.width, upload.height) <= 33).toBe(true);
    }),
  );
});
