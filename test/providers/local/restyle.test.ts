import { describe, expect, it } from "vitest";
import { hueOf, labFromHex, labFromRaster } from "../../../src/providers/local/oklab.ts";
import { restyle, seedOfAuto } from "../../../src/providers/local/restyle.ts";
import { distance, packshot, plain, request, STYLES, shareOfHue } from "./pictures.ts";

const source = packshot();
const TEAL = hueOf(labFromHex("0f7f7e"));
const MAGENTA = hueOf(labFromHex("d4198b"));

describe("restyle", () => {
  it("gives the same bytes for the same request and leaves the source alone", () => {
    const before = source.data.slice();
    for (const styleType of STYLES) {
      const first = restyle(source, request({ styleType }));
      expect(restyle(source, request({ styleType })).data).toEqual(first.data);
      expect([first.width, first.height]).toEqual([source.width, source.height]);
    }
    expect(source.data).toEqual(before);
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

  it("makes six different looks of one prompt", () => {
    const looks = STYLES.map((styleType) => restyle(source, request({ styleType })));
    looks.forEach((look, index) => {
      for (const other of looks.slice(index + 1)) expect(distance(look, other)).toBeGreaterThan(0.012);
    });
  });

  it.each(STYLES)("%s follows the prompt's palette", (styleType) => {
    const results = ["teal and gold", "magenta and black", "lavender, mint and peach"].map((positivePrompt) =>
      restyle(source, request({ styleType, positivePrompt })),
    );
    results.forEach((result, index) => {
      for (const other of results.slice(index + 1)) expect(distance(result, other)).toBeGreaterThan(0.05);
    });
  });

  it.each(STYLES)("%s shows the colour that is named, and not the one refused", (styleType) => {
    const named = restyle(source, request({ styleType, positivePrompt: "a box in teal" }));
    expect(shareOfHue(named, TEAL)).toBeGreaterThan(0.1);
    const refused = restyle(
      source,
      request({ styleType, positivePrompt: "magenta and yellow", negativePrompt: "magenta, pink, purple" }),
    );
    expect(shareOfHue(refused, MAGENTA)).toBeLessThan(0.03);
  });

  it.each(STYLES)("%s makes a task's results differ", (styleType) => {
    const results = [3, 4, 5, 6, 7, 8].map((seed) => restyle(source, request({ styleType, seed })));
    results.forEach((result, index) => {
      for (const other of results.slice(index + 1)) expect(distance(result, other)).toBeGreaterThan(0.004);
    });
    const spread = results.slice(1).map((result) => distance(result, results[0] as typeof source));
    expect(Math.max(...spread)).toBeGreaterThan(0.03);
  });

  it.each([
    ["anime, manga, in teal", "ANIME"],
    ["a flat poster in teal", "DESIGN"],
    ["an oil painting in teal", "FICTION"],
  ] as const)("AUTO reads the style from the prompt: %s", (positivePrompt, styleType) => {
    const auto = restyle(source, request({ styleType: "AUTO", positivePrompt, seed: 5 }));
    const chosen = request({ styleType, positivePrompt, seed: seedOfAuto(5) });
    expect(auto.data).toEqual(restyle(source, chosen).data);
  });

  it.each(STYLES)("%s keeps lettering apart from its ground", (styleType) => {
    for (const positivePrompt of ["teal and gold", "midnight, neon", "pastel mint and peach", "anything"]) {
      const { lightness } = labFromRaster(restyle(source, request({ styleType, positivePrompt })));
      const row = Math.round(0.56 * source.height) * source.width;
      const bars: number[] = [];
      for (let x = 66; x < 94; x++) bars.push(lightness[row + x] as number);
      expect(Math.max(...bars) - Math.min(...bars)).toBeGreaterThan(0.3);
    }
  });

  it("works on every speed", () => {
    for (const renderingSpeed of ["TURBO", "DEFAULT", "QUALITY"] as const) {
      for (const styleType of STYLES) {
        const result = restyle(source, request({ styleType, renderingSpeed }));
        expect(distance(source, result)).toBeGreaterThan(0.05);
      }
    }
  });

  it.each(STYLES)("%s takes pictures of any shape, and keeps their alpha", (styleType) => {
    const shapes: readonly (readonly [number, number])[] = [
      [1, 1],
      [1, 37],
      [41, 1],
      [2, 2],
      [3, 5],
    ];
    for (const [width, height] of shapes) {
      for (const alpha of [0, 7, 128, 255]) {
        for (const color of [
          [0, 0, 0, alpha] as const,
          [255, 255, 255, alpha] as const,
          [30, 90, 200, alpha] as const,
        ]) {
          const result = restyle(plain(width, height, color), request({ styleType }));
          expect(result.data).toHaveLength(width * height * 4);
          for (let byte = 3; byte < result.data.length; byte += 4) expect(result.data[byte]).toBe(alpha);
        }
      }
    }
  });
});
