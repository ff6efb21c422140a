import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rasterFromLab } from "../../../src/providers/local/encode.ts";
import {
  chromaOf,
  intoGamut,
  labDistance,
  labFromHex,
  labFromRaster,
} from "../../../src/providers/local/oklab.ts";
import { buildPalette, resembles } from "../../../src/providers/local/palette.ts";
import { chooseStyle, readPrompt } from "../../../src/providers/local/promptReading.ts";
import type { Raster } from "../../../src/providers/local/raster.ts";

describe("readPrompt", () => {
  it("finds named colours in order, the longest name first", () => {
    const { named } = readPrompt("Bright tangerine, aqua, rose gold and #102030 palette", null);
    expect(named).toHaveLength(4);
    expect(labDistance(named[2] as never, labFromHex("d29a8a"))).toBeLessThan(0.001);
    expect(labDistance(named[3] as never, labFromHex("102030"))).toBeLessThan(0.001);
  });

  it("shades a colour by the word before it", () => {
    const [dark] = readPrompt("dark teal", null).named;
    const [light] = readPrompt("light teal", null).named;
    expect((light?.lightness ?? 0) - (dark?.lightness ?? 0)).toBeGreaterThan(0.2);
  });

  it("takes colours denied in either prompt as unwanted", () => {
    const reading = readPrompt("blue, no red, without any green", "orange");
    expect(reading.named).toHaveLength(1);
    expect(reading.unwanted).toHaveLength(3);
  });

  it("reads places and moods", () => {
    const reading = readPrompt("a moody autumn forest", null);
    expect(reading.evoked.length).toBeGreaterThan(3);
    expect(reading.mood.key).toBeLessThan(0);
    expect(readPrompt("neon", "neon").mood.chroma).toBe(1);
  });
});

describe("chooseStyle", () => {
  it.each([
    ["a photorealistic studio shot of a bottle", "REALISTIC"],
    ["a flat vector logo for a fictional brand", "DESIGN"],
    ["a clay render, isometric 3D", "RENDER_3D"],
    ["manga cover", "ANIME"],
    ["oil painting of a dragon", "FICTION"],
    ["something new", "GENERAL"],
  ])("%s is %s", (prompt, style) => {
    expect(chooseStyle(prompt)).toBe(style);
  });
});

describe("buildPalette", () => {
  it("always has paper, ink and 3 to 8 colours that sRGB can show", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.nat(), (prompt, seed) => {
        const palette = buildPalette(prompt, readPrompt(prompt, null), seed);
        expect(palette.swatches.length).toBeGreaterThanOrEqual(3);
        expect(palette.swatches.length).toBeLessThanOrEqual(8);
        expect(palette.paper.lightness - palette.ink.lightness).toBeGreaterThan(0.4);
        for (const { color } of palette.swatches) {
          expect(chromaOf(color) - chromaOf(intoGamut(color))).toBeLessThan(0.02);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("keeps refused colours out", () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const refused of ["red", "blue", "green", "purple", "orange"]) {
        const reading = readPrompt("a new idea", refused);
        const { swatches } = buildPalette("a new idea", reading, seed);
        for (const { color } of swatches) expect(resembles(color, reading.unwanted[0] as never)).toBe(false);
      }
    }
  });
});

describe("OKLab", () => {
  it("brings every 8-bit colour back", () => {
    const data = new Uint8ClampedArray(17 ** 3 * 4);
    for (let index = 0; index < 17 ** 3; index++) {
      const levels = [index % 17, Math.floor(index / 17) % 17, Math.floor(index / 289)];
      data.set([...levels.map((level) => Math.min(255, level * 16)), 255], index * 4);
    }
    const raster: Raster = { width: 17 ** 3, height: 1, data };
    const back = rasterFromLab(labFromRaster(raster), raster, false);
    for (let byte = 0; byte < data.length; byte++) {
      expect(Math.abs((back.data[byte] as number) - (data[byte] as number))).toBeLessThanOrEqual(1);
    }
  });
});
