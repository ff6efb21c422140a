import { describe, expect, it } from "vitest";
import { hueOf, labFromHex, labFromRaster } from "../../../src/providers/local/oklab.ts";
import { isDrawn } from "../../../src/providers/local/photographs.ts";
import type { Raster } from "../../../src/providers/local/raster.ts";
import { restyle } from "../../../src/providers/local/restyle.ts";
import { distance, FACE, packshot, photograph, request, STYLES, shareOfHue, sharesOf } from "./pictures.ts";

const source = photograph();
const prompts = [
  "teal and gold",
  "magenta and black",
  "lavender, mint and peach",
  "crimson and cream",
] as const;

describe("restyle of a photograph", () => {
  it("is told from a drawing", () => {
    expect(isDrawn(labFromRaster(source))).toBe(false);
    expect(isDrawn(labFromRaster(packshot()))).toBe(true);
  });

  it.each(STYLES)("%s goes further from the source with every step of strength", (styleType) => {
    const distances = [1, 10, 20, 35, 50, 65, 80, 100].map((remixStrength) =>
      distance(source, restyle(source, request({ styleType, remixStrength }))),
    );
    for (let step = 1; step < distances.length; step++) {
      expect(distances[step]).toBeGreaterThan(distances[step - 1] as number);
    }
    expect(distances[0]).toBeLessThan(0.012);
    expect(distances.at(-1)).toBeGreaterThan(0.06);
  });

  it("makes seven different looks of one prompt", () => {
    const looks = STYLES.map((styleType) => restyle(source, request({ styleType })));
    const auto = restyle(source, request({ styleType: "AUTO" }));
    for (const look of looks) expect(distance(look, auto)).toBeGreaterThan(0.006);
    looks.forEach((look, index) => {
      for (const other of looks.slice(index + 1)) expect(distance(look, other)).toBeGreaterThan(0.015);
    });
  });

  it.each(STYLES)("%s follows the prompt's palette", (styleType) => {
    const results = prompts.map((positivePrompt) => restyle(source, request({ styleType, positivePrompt })));
    results.forEach((result, index) => {
      for (const other of results.slice(index + 1)) expect(distance(result, other)).toBeGreaterThan(0.03);
    });
  });

  it.each(STYLES)("%s shows named colours, and none that is refused", (styleType) => {
    const [teal, gold] = [labFromHex("0f7f7e"), labFromHex("d4a53a")];
    const named = restyle(
      source,
      request({ styleType, positivePrompt: "teal and gold", remixStrength: 100 }),
    );
    for (const share of sharesOf(named, [teal, gold])) expect(share).toBeGreaterThan(0.05);
    const refused = restyle(
      source,
      request({
        styleType,
        positivePrompt: "forest green and cream",
        negativePrompt: "green",
        remixStrength: 100,
      }),
    );
    expect(shareOfHue(refused, hueOf(labFromHex("2f9446")))).toBeLessThan(0.05);
  });

  it.each(STYLES)("%s makes a task's results differ", (styleType) => {
    const results = [3, 4, 5, 6].map((seed) => restyle(source, request({ styleType, seed })));
    results.forEach((result, index) => {
      for (const other of results.slice(index + 1)) expect(distance(result, other)).toBeGreaterThan(0.006);
    });
  });

  it.each(["DESIGN", "ANIME"] as const)("%s keeps the eyes of a face", (styleType) => {
    const face = photograph(640, 480);
    const centre = { x: Math.round(FACE.u * face.width), y: Math.round(FACE.v * face.height) };
    darken(face, centre.x, centre.y, 3);
    const { lightness } = labFromRaster(restyle(face, request({ styleType, remixStrength: 80 })));
    const at = (x: number) => lightness[centre.y * face.width + x] as number;
    expect(at(centre.x)).toBeLessThan(at(centre.x - 20) - 0.25);
    expect(at(centre.x)).toBeLessThan(at(centre.x + 20) - 0.25);
  });

  it.each(STYLES)("%s leaves skin the colour of skin", (styleType) => {
    const blue = restyle(source, request({ styleType, positivePrompt: "cobalt blue and mint" }));
    const { a, b } = labFromRaster(blue);
    const centre = Math.round(FACE.v * source.height) * source.width + Math.round(FACE.u * source.width);
    const hues = [-3, -2, -1, 0, 1, 2, 3].map((step) =>
      hueOf({ lightness: 0, a: a[centre + step] as number, b: b[centre + step] as number }),
    );
    const middle = hues.toSorted((x, y) => x - y)[3] as number;
    expect(middle).toBeGreaterThan(15);
    expect(middle).toBeLessThan(100);
  });

  it("darkens for a dark mood, whatever is drawn", () => {
    for (const picture of [source, packshot()]) {
      for (const styleType of STYLES) {
        const dark = restyle(picture, request({ styleType, positivePrompt: "teal, a dark and moody night" }));
        const plain = restyle(picture, request({ styleType, positivePrompt: "teal" }));
        expect(meanLightness(plain) - meanLightness(dark)).toBeGreaterThan(0.08);
      }
    }
  });
});

function meanLightness(picture: Raster): number {
  const { lightness } = labFromRaster(picture);
  return lightness.reduce((sum, value) => sum + value, 0) / lightness.length;
}

/** Draws a dark disc, as an eye or a nostril is, into a picture; all in pixels. */
function darken({ width, data }: Raster, x: number, y: number, radius: number): void {
  for (let row = y - radius; row <= y + radius; row++) {
    for (let column = x - radius; column <= x + radius; column++) {
      if ((row - y) ** 2 + (column - x) ** 2 > radius ** 2) continue;
      const byte = (row * width + column) * 4;
      for (let channel = byte; channel < byte + 3; channel++) {
        data[channel] = Math.max(0, (data[channel] as number) - 80);
      }
    }
  }
}
