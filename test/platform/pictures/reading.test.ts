import { crc32, gzipSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { decode, type Pixels } from "../../../src/platform/pictures/raster.ts";
import type { Size } from "../../../src/recipe/models.ts";
import {
  animatedGif,
  avif,
  bmp,
  cmykJpeg,
  emptyFile,
  headerBomb,
  htmlNamedPng,
  hugeFlatPng,
  orientations,
  orientedCorners,
  orientedJpeg,
  orientedSize,
  sixteenBitPng,
  smallPng,
  svg,
  svgWithText,
  tiff,
  transparentPng,
  truncatedJpeg,
} from "../../fixtures/pictures.ts";
import { bitmap, bitmaps, expected, palette } from "./bitmaps.ts";
import { adobeRgb } from "./profiles.ts";

/** The whole picture at a size. */
async function decoded(bytes: Uint8Array, size?: Size): Promise<Pixels> {
  const facts = await inspect(bytes);
  const shape = size ?? { width: facts.width, height: facts.height };
  return await decode(bytes, fitInto(facts, shape, "crop"), shape);
}

function colourAt({ data, width }: Pixels, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((channel, index) => Math.abs(channel - (b[index] ?? 999))));
}

/** A flat picture that is meant to look like `colour` in sRGB, as a pipeline. */
function flat([r, g, b]: readonly [number, number, number]) {
  return sharp({ create: { width: 32, height: 32, channels: 3, background: { r, g, b } } });
}

const brick = [200, 80, 60] as const;
/** Dull enough for four inks. */
const clay = [150, 110, 100] as const;

describe("formats", () => {
  test.each([
    ["avif", avif],
    ["gif", animatedGif],
    ["tiff", tiff],
    ["svg", svg],
    ["bmp", bmp],
    ["png", sixteenBitPng],
  ])("%s is read", async (format, make) => {
    const bytes = await make();
    const facts = await inspect(bytes);
    expect(facts.format).toBe(format);
    expect((await decoded(bytes)).data).toHaveLength(facts.width * facts.height * 4);
  });

  test("of an animation, the first frame is read", async () => {
    const bytes = await animatedGif();
    expect(await inspect(bytes)).toMatchObject({ width: 48, height: 48 });
    expect(distance(colourAt(await decoded(bytes), 24, 24), [220, 40, 40])).toBeLessThan(3);
  });

  test("a drawing is drawn at the size that is wanted, not enlarged from its own", async () => {
    const bytes = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="12.4" height="8.4" viewBox="0 0 12 8"><rect width="6" height="8" fill="red"/></svg>',
    );
    const large = await decoded(bytes, { width: 1200, height: 800 });
    // Enlarged from 12 pixels, the edge would be some hundred pixels wide.
    expect(distance(colourAt(large, 590, 400), [255, 0, 0])).toBeLessThan(3);
    expect(large.data[(400 * 1200 + 610) * 4 + 3]).toBe(0);
  });

  const drawing = (content: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40">${content}</svg>`);
  const pixel = `data:image/png;base64,${smallPng().toString("base64")}`;
  test.each([
    { name: "lettering", bytes: svgWithText() },
    { name: "lettering in a compressed file", bytes: gzipSync(svgWithText()) },
    {
      name: "lettering in HTML",
      bytes: drawing(
        '<foreignObject width="60" height="40"><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>',
      ),
    },
    {
      name: "other files",
      bytes: drawing(`<image href="${pixel}"/><image width="9" height="9" href="photo.png"/>`),
    },
  ])("a drawing with $name is refused, since that would be lost", async ({ bytes }) => {
    await expect(inspect(bytes)).rejects.toMatchObject({
      code: "notAnImage",
      message: expect.stringContaining("which would be lost. Export it as PNG."),
    });
  });

  test.each([
    { name: "a compressed drawing", bytes: gzipSync(svg()), size: { width: 120, height: 80 } },
    {
      name: "a drawing with a picture inside and words in a remark",
      bytes: drawing(`<!-- <text> --><image width="9" height="9" href="${pixel}"/>`),
      size: { width: 60, height: 40 },
    },
  ])("$name is read", async ({ bytes, size }) => {
    expect(await inspect(bytes)).toMatchObject({ format: "svg", ...size });
  });

  test.each(orientations)("orientation %i is turned upright", async (orientation) => {
    const bytes = await orientedJpeg(orientation);
    const { width, height } = orientedSize;
    expect(await inspect(bytes)).toMatchObject({ width, height });
    const pixels = await decoded(bytes);
    expect(distance(colourAt(pixels, 8, 8), orientedCorners.topLeft)).toBeLessThan(8);
    expect(distance(colourAt(pixels, width - 8, 8), orientedCorners.topRight)).toBeLessThan(8);
    expect(distance(colourAt(pixels, 8, height - 8), orientedCorners.bottomLeft)).toBeLessThan(8);
  });
});

describe("bitmaps", () => {
  test.each(Object.entries(bitmaps))("%s", async (_, bytes) => {
    expect(await inspect(bytes)).toEqual({ width: 3, height: 2, format: "bmp", hasAlpha: false });
    const { data } = await decoded(bytes);
    expect([...data].filter((_value, index) => index % 4 < 3)).toEqual(expected);
  });

  test("1 bit, with a width that fills no whole byte", async () => {
    const pixels = [0b10100000, 0b01000000, 0, 0];
    const bytes = bitmap({ width: 10, height: 1, bitsPerPixel: 1, palette: palette.slice(0, 2), pixels });
    const { data } = await decoded(bytes);
    const isGreen = Array.from({ length: 10 }, (_, x) => data[x * 4 + 1] === 255);
    expect(isGreen).toEqual([true, false, true, false, false, false, false, false, false, true]);
  });

  test("the fixture's colours", async () => {
    expect(colourAt(await decoded(bmp()), 10, 5)).toEqual([200, 60, 80]);
  });

  test("a header that promises too much is refused before anything is decoded", async () => {
    const bytes = bitmap({ width: 60_000, height: 60_000, bitsPerPixel: 24, pixels: [] });
    await expect(inspect(bytes)).rejects.toMatchObject({ code: "tooLarge" });
  });

  test("whatever is broken ends as a failure, never as a crash", async () => {
    const good = Object.values(bitmaps);
    const change = fc.record({
      file: fc.constantFrom(...good),
      at: fc.nat({ max: 80 }),
      value: fc.nat({ max: 255 }),
      length: fc.nat({ max: 130 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ file, at, value, length }) => {
        const bytes = Buffer.from(file);
        bytes[Math.max(2, at)] = value;
        const outcome = await decoded(bytes.subarray(0, Math.max(2, length)), { width: 3, height: 2 }).catch(
          (error: unknown) => error,
        );
        expect(outcome instanceof Error ? outcome.name : "pixels").toMatch(/^(RemixFailure|pixels)$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe("colours", () => {
  test("Display P3 is converted", async () => {
    const bytes = await flat(brick).withIccProfile("p3").png().toBuffer();
    expect(distance(colourAt(await decoded(bytes), 9, 9), brick)).toBeLessThan(3);
  });

  test("Display P3 with 16 bits is converted", async () => {
    const bytes = await flat(brick).withIccProfile("p3").toColourspace("rgb16").png().toBuffer();
    expect(distance(colourAt(await decoded(bytes), 9, 9), brick)).toBeLessThan(3);
  });

  test("16 bits without a profile are sRGB", async () => {
    const bytes = await flat(brick).toColourspace("rgb16").png().toBuffer();
    expect(distance(colourAt(await decoded(bytes), 9, 9), brick)).toBeLessThan(3);
  });

  test("Adobe RGB is converted", async () => {
    const bytes = await adobeRgb(flat(brick));
    const stored = [...(await sharp(bytes, { ignoreIcc: true }).raw().toBuffer())].slice(0, 3);
    expect(distance(stored, brick)).toBeGreaterThan(15);
    expect(distance(colourAt(await decoded(bytes), 9, 9), brick)).toBeLessThan(3);
  });

  test("print colours with their profile are converted", async () => {
    const bytes = await flat(clay).withIccProfile("cmyk").jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe("cmyk");
    expect(distance(colourAt(await decoded(bytes), 9, 9), clay)).toBeLessThan(20);
  });

  test("print colours without a profile come out as colours", async () => {
    const [red = 0, , blue = 255] = colourAt(await decoded(await cmykJpeg()), 10, 10);
    expect(red).toBeGreaterThan(blue + 60);
  });

  test("transparency stays, and what it hides does not shine through", async () => {
    const { data } = await decoded(transparentPng(), { width: 32, height: 32 });
    const soft = Array.from({ length: 32 * 32 }, (_, pixel) => [...data.subarray(pixel * 4, pixel * 4 + 4)]);
    const edge = soft.filter(([, , , alpha = 0]) => alpha > 40 && alpha < 255);
    expect(edge.length).toBeGreaterThan(10);
    expect(edge.every(([, green = 255]) => green < 90)).toBe(true);
  });
});

describe("what cannot be read", () => {
  test.each([
    ["tooLarge", hugeFlatPng],
    ["tooLarge", headerBomb],
    ["notAnImage", emptyFile],
    ["notAnImage", htmlNamedPng],
  ])("%s: %o", async (code, make) => {
    await expect(inspect(make())).rejects.toMatchObject({ code });
  });

  test("a picture that ends early is noticed when it is decoded", async () => {
    await expect(decoded(await truncatedJpeg())).rejects.toMatchObject({ code: "notAnImage" });
  });

  test("a header that promises more than there is, is noticed too", async () => {
    const bytes = Buffer.from(smallPng());
    bytes.writeUInt32BE(4000, 16);
    bytes.writeUInt32BE(4000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    expect(await inspect(bytes)).toMatchObject({ width: 4000, height: 4000 });
    await expect(decoded(bytes, { width: 64, height: 64 })).rejects.toMatchObject({ code: "notAnImage" });
  });

  test("an SVG that calls itself absurdly large is refused", async () => {
    const bytes = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="50000" height="50000"/>');
    await expect(inspect(bytes)).rejects.toMatchObject({ code: "tooLarge" });
  });
});
