import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { prepareUploadOnce } from "../../../src/platform/pictures/preparedUploads.ts";
import { prepareStyle, prepareUpload } from "../../../src/platform/pictures/upload.ts";
import type { Size } from "../../../src/recipe/models.ts";
import {
  animatedGif,
  avif,
  bmp,
  cmykJpeg,
  orientations,
  orientedJpeg,
  orientedSize,
  smallPng,
  svg,
  tiff,
  transparentPng,
  truncatedJpeg,
  twelveMegapixelJpeg,
} from "../../fixtures/pictures.ts";

const limits = { maxPixels: 4_194_304 };
const canary = "GPS-CANARY-46.5N-8.25E";

async function prepared(bytes: Uint8Array, size?: Size, fit = "crop") {
  const facts = await inspect(bytes);
  const shape = size ?? { width: facts.width, height: facts.height };
  return await prepareUpload(bytes, fitInto(facts, shape, fit), shape, limits);
}

/** A picture with detail, and every kind of metadata a format can hold. */
function withCanary(width = 640, height = 480) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = (Math.imul(at, 2_654_435_761) >>> 27) + ((at / 3) % width) / 4;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Copyright: canary, Make: canary }, IFD3: { GPSLatitude: "46/1 30/1 0/1" } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- ${canary} --></x:xmpmeta>`);
}

async function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  return await sharp(bytes).raw().toBuffer();
}

const canaries = [
  ["jpeg", () => withCanary().jpeg({ quality: 80 }).toBuffer()],
  ["progressive jpeg", () => withCanary().jpeg({ quality: 80, progressive: true }).toBuffer()],
  ["png", () => withCanary().png().toBuffer()],
  ["lossy webp", () => withCanary().webp({ quality: 80 }).toBuffer()],
  ["lossless webp", () => withCanary().webp({ lossless: true }).toBuffer()],
] as const;

describe("metadata", () => {
  test.each(canaries)("of a legal %s goes, its pixels stay", async (_, make) => {
    const bytes = await make();
    const before = await sharp(bytes).metadata();
    expect(Buffer.from(before.exif ?? "").includes(canary)).toBe(true);
    const upload = await prepared(bytes);
    const after = await sharp(upload.bytes).metadata();
    expect(after).toMatchObject({ format: before.format, width: 640, height: 480 });
    expect([after.exif, after.xmp, after.icc, after.iptc]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(Buffer.from(upload.bytes).includes("CANARY")).toBe(false);
    expect(upload.bytes.length).toBeLessThan(bytes.length);
    expect(await pixelsOf(upload.bytes)).toEqual(await pixelsOf(bytes));
  });

  test.each(canaries)("of a %s that has to be changed goes too", async (_, make) => {
    const upload = await prepared(await make(), { width: 1024, height: 1024 });
    expect(Buffer.from(upload.bytes).includes("CANARY")).toBe(false);
    const { exif, xmp, width, height } = await sharp(upload.bytes).metadata();
    expect([exif, xmp, width, height]).toEqual([undefined, undefined, 480, 480]);
  });

  test("comments, thumbnails and what follows the end of a JPEG go", async () => {
    const bytes = await withCanary().jpeg().toBuffer();
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, canary.length + 2]), Buffer.from(canary)]);
    const thumbnail = Buffer.concat([Buffer.from([0xff, 0xe0, 0, canary.length + 2]), Buffer.from(canary)]);
    const start = bytes.subarray(0, 2);
    const stuffed = Buffer.concat([start, thumbnail, comment, bytes.subarray(2), Buffer.from(canary)]);
    const upload = await prepared(stuffed);
    expect(Buffer.from(upload.bytes).includes("CANARY")).toBe(false);
    expect(await pixelsOf(upload.bytes)).toEqual(await pixelsOf(bytes));
  });

  test("text and time of a PNG, and what follows its end, go", async () => {
    const bytes = await withCanary().png().toBuffer();
    const text = Buffer.concat([
      Buffer.from([0, 0, 0, canary.length]),
      Buffer.from(`tEXt${canary}`),
      Buffer.alloc(4),
    ]);
    const stuffed = Buffer.concat([bytes.subarray(0, 33), text, bytes.subarray(33), Buffer.from(canary)]);
    const upload = await prepared(stuffed);
    expect(Buffer.from(upload.bytes).includes("CANARY")).toBe(false);
    expect(await pixelsOf(upload.bytes)).toEqual(await pixelsOf(bytes));
  });

  test("a photo's place and camera go, and the sRGB profile needs no conversion", async () => {
    const bytes = await withCanary().withIccProfile("srgb").jpeg({ quality: 80 }).toBuffer();
    const upload = await prepared(bytes);
    expect(await pixelsOf(upload.bytes)).toEqual(await sharp(bytes, { ignoreIcc: true }).raw().toBuffer());
    expect((await sharp(upload.bytes).metadata()).icc).toBeUndefined();
  });
});

describe("what is sent", () => {
  test("a 12-megapixel photo is shrunk, smaller than the file, in its shape", async () => {
    const bytes = await twelveMegapixelJpeg();
    const upload = await prepared(bytes, { width: 1024, height: 768 });
    expect(upload.mime).toBe("image/jpeg");
    expect(upload.bytes.length).toBeLessThan(bytes.length);
    expect(await sharp(upload.bytes).metadata()).toMatchObject({ format: "jpeg", width: 1024, height: 768 });
  }, 30_000);

  test.each([
    ["gif", animatedGif],
    ["avif", avif],
    ["tiff", tiff],
    ["bmp", bmp],
    ["svg", svg],
    ["jpeg in print colours", cmykJpeg],
  ])("a %s goes as JPEG, in sRGB", async (_, make) => {
    const upload = await prepared(await make());
    expect(upload.mime).toBe("image/jpeg");
    expect(await sharp(upload.bytes).metadata()).toMatchObject({
      format: "jpeg",
      space: "srgb",
      channels: 3,
    });
  });

  test("a picture in Display P3 goes in sRGB, with the same look", async () => {
    const brick = { r: 200, g: 80, b: 60 };
    const flat = sharp({ create: { width: 64, height: 64, channels: 3, background: brick } });
    const upload = await prepared(await flat.withIccProfile("p3").jpeg({ quality: 95 }).toBuffer());
    const [r = 0, g = 0, b = 0] = await pixelsOf(upload.bytes);
    expect(Math.max(Math.abs(r - brick.r), Math.abs(g - brick.g), Math.abs(b - brick.b))).toBeLessThan(4);
    expect((await sharp(upload.bytes).metadata()).icc).toBeUndefined();
  });

  test("a transparent picture goes as PNG, one that only could be transparent as JPEG", async () => {
    const cut = { width: 1024, height: 768 };
    expect((await prepared(transparentPng(), cut)).mime).toBe("image/png");
    const full = await sharp(smallPng()).resize(256, 256).ensureAlpha().png().toBuffer();
    expect((await prepared(full, cut)).mime).toBe("image/jpeg");
  });

  test("what transparency hides is not sent", async () => {
    const source = transparentPng();
    const upload = await prepared(source);
    const { data, info } = await sharp(upload.bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 64, height: 64, channels: 4 });
    const pixel = (x: number, y: number) => [...data.subarray((y * 64 + x) * 4, (y * 64 + x) * 4 + 4)];
    expect(pixel(0, 0)).toEqual([255, 255, 255, 0]);
    expect(pixel(32, 32)).toEqual([200, 60, 90, 255]);
  });

  test("a legal picture that only could be transparent goes as it is", async () => {
    const bytes = await withCanary().ensureAlpha().png().toBuffer();
    const upload = await prepared(bytes);
    expect(upload.mime).toBe("image/png");
    expect(await pixelsOf(upload.bytes)).toEqual(await pixelsOf(bytes));
  });

  test("of an animation, the first frame goes, also where the format is legal", async () => {
    const colours = ["#dc2828", "#28b43c", "#2850dc"];
    const frames = await Promise.all(
      colours.map((background) =>
        sharp({ create: { width: 64, height: 64, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const upload = await prepared(
      await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer(),
    );
    const { pages, height } = await sharp(upload.bytes).metadata();
    expect([pages ?? 1, height]).toEqual([1, 64]);
    const [red = 0, green = 255] = await pixelsOf(upload.bytes);
    expect(red - green).toBeGreaterThan(150);
  });

  test("what is legal but huge as a file is sent as a smaller one", async () => {
    const noise = Buffer.alloc(1800 * 1800 * 3);
    let seed = 1;
    for (let at = 0; at < noise.length; at++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
      noise[at] = seed >>> 24;
    }
    const bytes = await sharp(noise, { raw: { width: 1800, height: 1800, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const upload = await prepared(bytes);
    expect(bytes.length).toBeGreaterThan(9_000_000);
    expect(upload.bytes.length).toBeLessThanOrEqual(7_000_000);
  });

  test.each(orientations)("orientation %i goes upright", async (orientation) => {
    const upload = await prepared(await orientedJpeg(orientation));
    const { width, height, orientation: left } = await sharp(upload.bytes).metadata();
    expect({ width, height }).toEqual(orientedSize);
    expect(left ?? 1).toBe(1);
    const [red = 0, green = 255] = await sharp(upload.bytes)
      .extract({ left: 8, top: 8, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect(red - green).toBeGreaterThan(150);
  });

  test("padding extends the edges around the source's own pixels", async () => {
    const upload = await prepared(
      await withCanary(300, 100).png().toBuffer(),
      { width: 1024, height: 1024 },
      "pad",
    );
    const { data, info } = await sharp(upload.bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 300, height: 300 });
    const row = (y: number) => data.subarray(y * 900, (y + 1) * 900);
    const difference =
      row(20).reduce((sum, value, at) => sum + Math.abs(value - (row(80)[at] ?? 0)), 0) / 900;
    expect(difference).toBeLessThan(3);
  });

  test("a coarsely compressed file does not grow by being turned", async () => {
    const bytes = await withCanary().withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
    const upload = await prepared(bytes);
    expect(upload.bytes.length).toBeLessThanOrEqual(bytes.length);
    expect(await sharp(upload.bytes).metadata()).toMatchObject({ width: 480, height: 640 });
  });

  test("a file that ends early is refused, also where it could go as it is", async () => {
    const bytes = await truncatedJpeg();
    await expect(prepared(bytes)).rejects.toMatchObject({ code: "notAnImage" });
    await expect(prepared(bytes, { width: 512, height: 512 })).rejects.toMatchObject({ code: "notAnImage" });
  });

  test("a style reference goes upright, small and bare", async () => {
    const bytes = await withCanary(2000, 1000).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const style = await prepareStyle(bytes);
    expect(await sharp(style.bytes).metadata()).toMatchObject({ width: 512, height: 1024 });
    expect(Buffer.from(style.bytes).includes("CANARY")).toBe(false);
  });
});

describe("the cache", () => {
  const size = { width: 64, height: 48 };
  const fitting = fitInto(size, size, "crop");
  const folder = mkdtempSync(path.join(tmpdir(), "image-remix-upload-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const content = (name: string, bytes: Uint8Array) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return { file, sha256: createHash("sha256").update(bytes).digest("hex") };
  };

  test("prepares the same bytes once, and others anew", async () => {
    const first = await prepareUploadOnce(content("small.png", smallPng()), fitting, size, limits);
    expect(await prepareUploadOnce(content("small.png", smallPng()), fitting, size, limits)).toBe(first);
    const padded = fitInto(size, { width: 64, height: 64 }, "pad");
    expect(
      await prepareUploadOnce(content("small.png", smallPng()), padded, { width: 64, height: 64 }, limits),
    ).not.toBe(first);
  });

  test("does not remember failures", async () => {
    const bytes = await truncatedJpeg();
    const facts = await inspect(bytes);
    const once = () =>
      prepareUploadOnce(content("cut.jpg", bytes), fitInto(facts, size, "crop"), size, limits);
    const failures = await Promise.all([once().catch(String), once().catch(String)]);
    expect(failures[0]).toContain("damaged");
    await expect(once()).rejects.toMatchObject({ code: "notAnImage" });
  });
});
