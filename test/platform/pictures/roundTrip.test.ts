/** Sources of any size, shape and orientation, sent up, delivered and taken back: what comes back shows what was announced. */
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { finishing } from "../../../src/engine/finishing.ts";
import { fitInto } from "../../../src/engine/size.ts";
import { finishResult } from "../../../src/platform/pictures/finish.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { prepareUpload } from "../../../src/platform/pictures/upload.ts";
import { defaultModel, type Size } from "../../../src/recipe/models.ts";

/** A gradient in which each pixel tells where it lies: red from left to right, green from top to bottom. */
function map({ width, height }: Size): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set([((x + 0.5) * 255) / width, ((y + 0.5) * 255) / height, 100], (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** How a picture is stored so that an EXIF orientation sets it upright (EXIF 2.32, tag 0x0112). */
const stored = {
  1: (upright: Sharp) => upright,
  2: (upright: Sharp) => upright.flop(),
  3: (upright: Sharp) => upright.rotate(180),
  4: (upright: Sharp) => upright.flip(),
  6: (upright: Sharp) => upright.rotate(270),
  8: (upright: Sharp) => upright.rotate(90),
} as const;
type Orientation = keyof typeof stored;

const side = fc.integer({ min: 8, max: 500 });
const strips = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 40 });
const anything = fc.record({
  source: fc.record({ width: side, height: side }),
  asked: fc.constantFrom(...defaultModel.sizes),
  fit: fc.constantFrom("crop", "pad"),
  resize: fc.constantFrom("none" as const, "source" as const),
  orientation: fc.constantFrom<Orientation>(1, 2, 3, 4, 6, 8),
  isJpeg: fc.boolean(),
  detail: fc.record({ across: strips, down: strips }),
  factor: fc.constantFrom(0.5, 1),
});

test("nothing is lost, shifted, turned or mirrored that was not announced", async () => {
  await fc.assert(
    fc.asyncProperty(
      anything,
      async ({ source: facts, asked, fit, resize, orientation, isJpeg, detail, factor }) => {
        const upright = await map(facts).png().toBuffer();
        const turned = stored[orientation](sharp(upright)).withMetadata({ orientation });
        const encoded = isJpeg ? turned.jpeg({ quality: 98, chromaSubsampling: "4:4:4" }) : turned.png();
        const source = await encoded.toBuffer();
        expect(await inspect(source)).toMatchObject(facts);

        const fitting = fitInto(facts, asked, fit, detail);
        const upload = await prepareUpload(source, fitting, asked, { maxPixels: 4_194_304 });
        const delivered = { width: asked.width * factor, height: asked.height * factor };
        const { width, height } = delivered;
        const came = sharp(upload.bytes).resize(width, height, { fit: "fill" });
        const result = await came.png({ compressionLevel: 1 }).toBuffer();
        const usual = {
          size: asked,
          format: "PNG",
          quality: 95,
          resize,
          alpha: "drop",
          padded: true,
        } as const;
        const back = await finishResult(result, fitting, { ...usual, source });

        const { source: shown, size } = finishing({
          source: facts,
          fitting,
          asked,
          delivered,
          padded: true,
          resize,
        });
        const { data, info } = await sharp(back?.bytes ?? result)
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true });
        expect(info).toMatchObject(size);
        const announced = await sharp(upright)
          .extract(shown)
          .resize(size.width, size.height, { fit: "fill" })
          .raw()
          .toBuffer();
        const worst = data.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - (announced[at] ?? 999))),
          0,
        );
        // What compression does, and three quarters of a pixel of the coarsest picture on the way: 0.71 of one was seen
        // with a source 10 pixels wide, whose place is rounded to whole pixels of what is sent.
        const laid = [fitting.target.width * factor, fitting.target.height * factor];
        const pixel = 255 / Math.min(facts.width, facts.height, size.width, size.height, ...laid);
        expect(worst).toBeLessThanOrEqual(8 + (pixel * 3) / 4);
      },
    ),
    { numRuns: 100 },
  );
}, 120_000);
