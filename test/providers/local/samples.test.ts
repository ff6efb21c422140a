import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { decode } from "../../../src/platform/pictures/raster.ts";
import { hueOf, labFromHex } from "../../../src/providers/local/oklab.ts";
import type { Raster } from "../../../src/providers/local/raster.ts";
import { restyle } from "../../../src/providers/local/restyle.ts";
import { prompts, strengths, styles } from "../../gallery/drawings.ts";
import { projectRoot } from "../../harness/paths.ts";
import { distance, request, shareOfHue, sharesOf } from "./pictures.ts";

const folder = path.join(projectRoot, "media", "samples");
const files = readdirSync(folder).filter((name) => /\.(?:png|jpg|webp)$/.test(name));

/** A sample picture with about `pixels` pixels. */
async function sample(name: string, pixels: number): Promise<Raster> {
  const bytes = readFileSync(path.join(folder, name));
  const { width, height } = await inspect(bytes);
  const scale = Math.sqrt(pixels / (width * height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return decode(bytes, fitInto({ width, height }, size, "crop"), size);
}

/** The least distance between any two of them. */
function leastApart(pictures: readonly Raster[]): number {
  const gaps = pictures.flatMap((one, index) =>
    pictures.slice(index + 1).map((other) => distance(one, other)),
  );
  return Math.min(...gaps);
}

const named = "deep forest green, warm cream and copper";
const namedColors = ["1f3d28", "f6ecd9", "b8693a"].map(labFromHex);
const green = hueOf(labFromHex("2f9446"));

describe.each(files)("the contact sheet of %s", async (name) => {
  const source = await sample(name, 90_000);

  it.each(styles)("%s goes further from the source in every row", (styleType) => {
    const [first = 0, second = 0, third = 0] = strengths.map((remixStrength) =>
      distance(source, restyle(source, request({ styleType, remixStrength, positivePrompt: prompts[0] }))),
    );
    expect(first).toBeGreaterThan(0.01);
    expect(second - first).toBeGreaterThan(0.008);
    expect(third - second).toBeGreaterThan(0.004);
  });

  it("shows looks, prompts and results that differ", () => {
    const looks = styles.map((styleType) =>
      restyle(source, request({ styleType, positivePrompt: prompts[0] })),
    );
    const prompted = prompts.map((positivePrompt) => restyle(source, request({ positivePrompt })));
    const results = [1, 2, 3, 4].map((seed) =>
      restyle(source, request({ positivePrompt: prompts[0], seed })),
    );
    expect(leastApart(looks)).toBeGreaterThan(0.015);
    expect(leastApart(prompted)).toBeGreaterThan(0.1);
    expect(leastApart(results)).toBeGreaterThan(0.005);
  });

  it.each(styles)("%s shows the colours that are named, and not those refused", (styleType) => {
    const shown = restyle(source, request({ styleType, positivePrompt: named, remixStrength: 100 }));
    for (const share of sharesOf(shown, namedColors)) expect(share).toBeGreaterThan(0.04);
    const refused = restyle(
      source,
      request({ styleType, positivePrompt: named, negativePrompt: "green", remixStrength: 100 }),
    );
    expect(shareOfHue(refused, green)).toBeLessThan(0.03);
  });
});

describe("a picture of the size that is delivered", async () => {
  const source = await sample("tea-tin.png", 880_000);

  it.each(styles)("%s is drawn in the colours that are named", (styleType) => {
    const shown = restyle(source, request({ styleType, positivePrompt: named, remixStrength: 100 }));
    for (const share of sharesOf(shown, namedColors)) expect(share).toBeGreaterThan(0.04);
  });
});
