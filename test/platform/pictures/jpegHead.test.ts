import sharp, { type JpegOptions } from "sharp";
import { describe, expect, test } from "vitest";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { jpegHead } from "../../../src/platform/pictures/jpegHead.ts";
import { smallPng, truncatedJpeg, twelveMegapixelJpeg } from "../../fixtures/pictures.ts";

async function jpeg(options: JpegOptions, orientation: number): Promise<Uint8Array> {
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  return await sharp({ create: { width: 600, height: 300, channels: 3, background: "teal", noise } })
    .withExif({ IFD0: { Orientation: String(orientation) } })
    .jpeg(options)
    .toBuffer();
}

describe("the head of a JPEG", () => {
  test.each([
    ["baseline", {}, 1],
    ["progressive", { progressive: true }, 1],
    ["on its side", {}, 6],
  ] as const)("says all that the file says: %s", async (_, options, orientation) => {
    const whole = await jpeg(options, orientation);
    const head = jpegHead(whole);
    expect(head.length).toBeLessThan(whole.length / 2);
    expect(await inspect(head)).toEqual(await inspect(whole));
  });

  test("of a photograph is a fraction of it", async () => {
    const whole = await twelveMegapixelJpeg();
    const head = jpegHead(whole);
    expect(head.length).toBeLessThan(10_000);
    expect(head.buffer.byteLength).toBe(head.length);
    expect(await inspect(head)).toEqual(await inspect(whole));
  });

  test("is the whole of anything else", async () => {
    const broken = (await truncatedJpeg()).subarray(0, 20);
    for (const bytes of [smallPng(), new Uint8Array(), broken, Buffer.from([0xff, 0xd8, 1, 2, 3, 4])]) {
      expect(jpegHead(bytes)).toBe(bytes);
    }
  });
});
