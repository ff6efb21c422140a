import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { detailOf } from "../../../src/platform/pictures/detail.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { bmp, orientedJpeg, svg, transparentPng, truncatedJpeg, wide } from "../../fixtures/pictures.ts";

const square = { width: 1024, height: 1024 };
const landscape = { width: 1280, height: 720 };

async function crop(sample: string, size: typeof square) {
  const samples = path.join(import.meta.dirname, "..", "..", "..", "media", "samples");
  const bytes = readFileSync(path.join(samples, sample));
  const facts = await inspect(bytes);
  const { source } = fitInto(facts, size, "crop", await detailOf(bytes));
  return { ...source, centred: fitInto(facts, size, "crop").source };
}

test("a box that stands low is not cut in two", async () => {
  const { top, height } = await crop("oat-crunch.jpg", square);
  // The box reaches from 55 to 97 hundredths of 1600 pixels.
  expect(top).toBeLessThan(880);
  expect(top + height).toBeGreaterThan(1550);
});

test("a bottle keeps its label", async () => {
  const { top, height } = await crop("vesna.webp", landscape);
  expect(top + height).toBeGreaterThan(1050);
});

test.each([
  ["tea-tin.png", square],
  ["doree-box.jpg", square],
  ["doree-box.jpg", landscape],
  ["vesna.webp", square],
])("the centre of %s stays, where nothing is gained (%o)", async (sample, size) => {
  const { centred, ...part } = await crop(sample, size);
  expect(part).toEqual(centred);
});

test.each([
  ["bmp", bmp],
  ["svg", svg],
  ["png", transparentPng],
  ["a turned jpeg", () => orientedJpeg(6)],
  ["a strip", () => wide(5000)],
])("%s can be measured", async (_, make) => {
  const { across, down } = await detailOf(await make());
  expect(across.length * down.length).toBeGreaterThan(0);
  expect([...across, ...down].every((strip) => Number.isFinite(strip) && strip >= 0)).toBe(true);
});

test("a damaged picture is refused", async () => {
  await expect(detailOf(await truncatedJpeg())).rejects.toMatchObject({ code: "notAnImage" });
});
