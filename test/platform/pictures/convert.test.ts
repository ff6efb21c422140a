import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { embedProvenance, readProvenance } from "../../../src/platform/metadata/provenance.ts";
import { convert } from "../../../src/platform/pictures/convert.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import {
  headerBomb,
  orientedJpeg,
  smallPng,
  transparentPng,
  truncatedJpeg,
} from "../../fixtures/pictures.ts";
import { paidProvenance } from "../../fixtures/provenances.ts";

const formats = { PNG: "png", JPG: "jpeg", WEBP: "webp" } as const;
type Format = keyof typeof formats;
const all: readonly Format[] = ["PNG", "JPG", "WEBP"];
const pixels = async (bytes: Uint8Array) => sharp(bytes).removeAlpha().raw().toBuffer();

describe.each(all)("to %s", (format) => {
  test("keeps size and colours, and where the picture came from", async () => {
    const picture = await sharp(
      await sharp({ create: { width: 64, height: 48, channels: 3, background: "#3a7f55" } })
        .png()
        .toBuffer(),
    )
      .webp()
      .toBuffer();
    const source = await embedProvenance(picture, "WEBP", paidProvenance, "full");
    const converted = await convert(source, format, 95);
    expect(await inspect(converted)).toMatchObject({ format: formats[format], width: 64, height: 48 });
    expect(await readProvenance(converted)).toEqual(paidProvenance);
    const [before, after] = [await pixels(source), await pixels(converted)];
    expect(Math.max(...before.map((value, index) => Math.abs(value - (after[index] ?? 0))))).toBeLessThan(6);
  });

  test("keeps a marking a marking", async () => {
    const marked = await embedProvenance(smallPng(), "PNG", paidProvenance, "marking");
    expect(await readProvenance(await convert(marked, format, 95))).toEqual({
      ...paidProvenance,
      recipe: null,
    });
  });

  test("puts a turned picture upright", async () => {
    const turned = await orientedJpeg(6);
    const { width, height } = await inspect(turned);
    const metadata = await sharp(await convert(turned, format, 95)).metadata();
    expect([metadata.width, metadata.height, metadata.orientation]).toEqual([width, height, undefined]);
  });
});

test("transparency stays where the format has it", async () => {
  expect((await inspect(await convert(transparentPng(), "WEBP", 95))).hasAlpha).toBe(true);
  expect((await inspect(await convert(transparentPng(), "JPG", 95))).hasAlpha).toBe(false);
});

test("what cannot be done is said", async () => {
  await expect(convert(await truncatedJpeg(), "PNG", 95)).rejects.toMatchObject({ code: "notAnImage" });
  await expect(convert(headerBomb(), "PNG", 95)).rejects.toMatchObject({ code: "tooLarge" });
  const long = await sharp({ create: { width: 16_384, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  await expect(convert(long, "WEBP", 95)).rejects.toThrow(
    "cannot become a WebP: that holds 16383 pixels a side",
  );
});
