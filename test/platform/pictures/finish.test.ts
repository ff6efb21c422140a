import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { checkResult } from "../../../src/platform/pictures/check.ts";
import { type FinishOptions, finishResult } from "../../../src/platform/pictures/finish.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { prepareUpload } from "../../../src/platform/pictures/upload.ts";
import { headerBomb, htmlNamedPng, transparentPng } from "../../fixtures/pictures.ts";

const asked = { width: 1024, height: 768 };

/** A gradient in which each pixel tells where it lies: red from left to right, green from top to bottom. */
function map(width: number, height: number) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set([(x * 255) / width, (y * 255) / height, 100], (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const usual = {
  size: asked,
  format: "PNG",
  quality: 95,
  resize: "none",
  alpha: "drop",
  padded: true,
} as const;

/** Sends a source up, has it delivered at the size that was asked for, and takes it back. */
async function thereAndBack(source: Buffer, fit: string, changed: Partial<FinishOptions> = {}, factor = 1) {
  const options = { ...usual, source, ...changed };
  const facts = await inspect(source);
  const fitting = fitInto(facts, options.size, fit);
  const upload = await prepareUpload(source, fitting, options.size, { maxPixels: 4_194_304 });
  const [width, height] = [options.size.width * factor, options.size.height * factor];
  const delivered = await sharp(upload.bytes).resize(width, height, { fit: "fill" }).png().toBuffer();
  return await finishResult(delivered, fitting, options);
}

/** The largest difference of two pictures' pixels, 0 to 255, away from what compression blurs. */
async function difference(bytes: Uint8Array, expected: Buffer): Promise<number> {
  const pixelsOf = (picture: Uint8Array) => sharp(picture).removeAlpha().raw().toBuffer();
  const [a, b] = await Promise.all([pixelsOf(bytes), pixelsOf(expected)]);
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? 999))), 0);
}

describe("nothing to do", () => {
  test("a crop at the size asked for is left alone", async () => {
    expect(await thereAndBack(await map(500, 300).png().toBuffer(), "crop")).toBeUndefined();
  });

  test("so is a source that only could be transparent, and a JPEG of one that is", async () => {
    const opaque = await map(500, 300).ensureAlpha().png().toBuffer();
    expect(await thereAndBack(opaque, "crop", { alpha: "keep" })).toBeUndefined();
    expect(await thereAndBack(transparentPng(), "crop", { alpha: "keep", format: "JPG" })).toBeUndefined();
  });
});

describe("padding", () => {
  test.each([
    [500, 100, 1],
    [100, 500, 1],
    [333, 777, 2],
    [1999, 301, 0.5],
  ])("of %i×%i is cut back, delivered at %d times the size", async (width, height, factor) => {
    const source = await map(width, height).png().toBuffer();
    const back = await thereAndBack(source, "pad", {}, factor);
    const { width: w = 0, height: h = 0, bytes = source } = back ?? {};
    expect(Math.abs(w / h - width / height) / (width / height)).toBeLessThan(0.02);
    const same = await sharp(source).resize(w, h, { fit: "fill" }).png().toBuffer();
    expect(await difference(bytes, same)).toBeLessThan(12);
  });

  test("comes back at the source's exact size", async () => {
    const source = await map(500, 131).png().toBuffer();
    const back = await thereAndBack(source, "pad", { resize: "source" });
    expect(back).toMatchObject({ width: 500, height: 131, format: "PNG" });
    expect(await sharp(back?.bytes).metadata()).toMatchObject({ width: 500, height: 131, format: "png" });
    expect(await difference(back?.bytes ?? source, source)).toBeLessThan(12);
  });
});

describe("cropping", () => {
  test("to the source's size cuts, and each pixel is where its place says", async () => {
    const source = await map(900, 300).png().toBuffer();
    const back = await thereAndBack(source, "crop", { resize: "source" });
    expect(back).toMatchObject({ width: 900, height: 300 });
    const crop = await sharp(source)
      .extract({ left: 250, top: 83, width: 400, height: 133 })
      .resize(900, 300, { fit: "fill" })
      .png()
      .toBuffer();
    expect(await difference(back?.bytes ?? source, crop)).toBeLessThan(8);
  });
});

describe("transparency", () => {
  test.each(["PNG", "WEBP"] as const)("is put back on a %s", async (format) => {
    const source = await sharp(transparentPng()).resize(256, 192).png().toBuffer();
    const back = await thereAndBack(source, "crop", { alpha: "keep", format });
    expect(back).toMatchObject({ ...asked, format });
    const alphaOf = (picture: Uint8Array) =>
      sharp(picture)
        .resize(asked.width, asked.height, { fit: "fill" })
        .ensureAlpha()
        .raw()
        .toBuffer()
        .then((data) => data.filter((_, index) => index % 4 === 3));
    const [there, here] = await Promise.all([alphaOf(source), alphaOf(back?.bytes ?? source)]);
    const most = there.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (here[at] ?? 999))), 0);
    expect(most).toBeLessThan(3);
    expect(there.includes(0) && there.includes(255)).toBe(true);
  });

  test("follows the crop to the source's size", async () => {
    const left = await sharp({ create: { width: 200, height: 200, channels: 4, background: "#ff0000ff" } })
      .extend({ right: 200, background: "#00000000" })
      .png()
      .toBuffer();
    const back = await thereAndBack(left, "crop", {
      size: { width: 1024, height: 1024 },
      alpha: "keep",
      resize: "source",
    });
    const data = await sharp(back?.bytes).raw().toBuffer();
    expect(back).toMatchObject({ width: 400, height: 200 });
    expect([data[3], data[190 * 4 + 3], data[210 * 4 + 3], data[399 * 4 + 3]]).toEqual([255, 255, 0, 0]);
  });
});

describe("encoding", () => {
  test("keeps the delivered profile", async () => {
    const source = await map(500, 100).png().toBuffer();
    const fitting = fitInto({ width: 500, height: 100 }, asked, "pad");
    const delivered = await map(1024, 768).withIccProfile("p3").png().toBuffer();
    const plain = await sharp(delivered, { ignoreIcc: true }).extract(fitting.target).png().toBuffer();
    const back = await finishResult(delivered, fitting, { ...usual, source });
    const { icc } = await sharp(back?.bytes).metadata();
    expect(icc).toEqual((await sharp(delivered).metadata()).icc);
    const stored = await sharp(back?.bytes, { ignoreIcc: true }).png().toBuffer();
    expect(await difference(stored, plain)).toBeLessThan(4);
  });

  test("is PNG where WebP cannot hold the size", async () => {
    const source = await map(18_000, 20).png().toBuffer();
    const back = await thereAndBack(source, "pad", { format: "WEBP", resize: "source" });
    expect(back).toMatchObject({ width: 18_000, height: 20, format: "PNG" });
    expect((await sharp(back?.bytes).metadata()).format).toBe("png");
  });

  test("follows the format and the quality that were asked for", async () => {
    const source = await map(500, 100).png().toBuffer();
    const sizes = await Promise.all(
      [30, 95].map(async (quality) => {
        const back = await thereAndBack(source, "pad", { format: "JPG", quality });
        expect((await sharp(back?.bytes).metadata()).format).toBe("jpeg");
        return back?.bytes.length ?? 0;
      }),
    );
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
  });
});

describe("checking", () => {
  test.each([
    ["JPG", () => map(1024, 768).jpeg().toBuffer()],
    ["PNG", () => map(1024, 768).png().toBuffer()],
    ["WEBP", () => map(1024, 768).webp().toBuffer()],
  ] as const)("a %s is known by its bytes, and a part of one is not taken", async (format, make) => {
    const bytes = await make();
    expect(await checkResult(bytes)).toEqual({ format, ...asked });
    const part = bytes.subarray(0, Math.floor(bytes.length * 0.7));
    await expect(checkResult(part)).rejects.toMatchObject({ code: "notAnImage" });
  });

  test("its true size and another format are told", async () => {
    const bytes = await map(512, 384).gif().toBuffer();
    expect(await checkResult(bytes)).toEqual({ format: undefined, width: 512, height: 384 });
  });

  test("a JPEG of which a part is missing is doubted", async () => {
    const whole = await map(1024, 768).jpeg().toBuffer();
    const holed = Buffer.concat([whole.subarray(0, whole.length / 2), whole.subarray(-2)]);
    expect(await checkResult(holed)).toMatchObject({
      ...asked,
      doubt: expect.stringContaining("premature end"),
    });
  });

  test("bombs and web pages are refused", async () => {
    await expect(checkResult(headerBomb())).rejects.toMatchObject({ code: "tooLarge" });
    await expect(checkResult(htmlNamedPng())).rejects.toMatchObject({ code: "notAnImage" });
  });
});
