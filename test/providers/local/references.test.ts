import { describe, expect, it } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { decode, encode } from "../../../src/platform/pictures/raster.ts";
import { labFromRaster } from "../../../src/providers/local/oklab.ts";
import { localProvider } from "../../../src/providers/local/provider.ts";
import type { Raster } from "../../../src/providers/local/raster.ts";
import { render } from "../../../src/providers/local/render.ts";
import { restyle } from "../../../src/providers/local/restyle.ts";
import { distance, packshot, photograph, plain, request, STYLES } from "./pictures.ts";
import { withDefaults } from "./task.ts";

const dark = plain(64, 64, [18, 30, 52, 255]);
const light = plain(64, 64, [250, 244, 226, 255]);

describe("style references", () => {
  it.each(STYLES)("give %s their tones", (styleType) => {
    for (const source of [packshot(), photograph()]) {
      const given = request({ styleType, positivePrompt: "something new" });
      const [low, high] = [dark, light].map((reference) =>
        meanLightness(restyle(source, given, [reference])),
      );
      expect((high as number) - (low as number)).toBeGreaterThan(0.15);
    }
  });

  it("give their colours to a prompt that names none", () => {
    const source = packshot();
    const given = request({ positivePrompt: "something new" });
    const [violet, orange] = ["violet", "orange"].map((name) => {
      const color = name === "violet" ? ([110, 50, 190, 255] as const) : ([240, 130, 30, 255] as const);
      return labFromRaster(restyle(source, given, [plain(64, 64, color)]));
    });
    const mean = (plane: Float32Array) => plane.reduce((sum, value) => sum + value, 0) / plane.length;
    expect(mean(orange?.b ?? new Float32Array(1)) - mean(violet?.b ?? new Float32Array(1))).toBeGreaterThan(
      0.08,
    );
  });

  it("reach the worker from paths, and not from addresses", async () => {
    const codec = { inspect, decode, encode };
    const source = packshot();
    const size = { width: source.width, height: source.height };
    const bytes = await encode(source, { left: 0, top: 0, ...size }, "PNG", 90);
    const reference = await encode(dark, { left: 0, top: 0, width: 64, height: 64 }, "PNG", 90);
    const asked: string[] = [];
    const provider = localProvider(
      (_, job) => render(codec, bytes, job),
      async (name) => {
        asked.push(name);
        return reference;
      },
    );
    const draw = async (styleReferenceImages: readonly string[]) => {
      const task = withDefaults({ positivePrompt: "something new", styleReferenceImages }, size);
      for await (const result of provider.remix(task, new AbortController().signal)) {
        return decode(result.bytes, fitInto(size, size, "crop"), size);
      }
      throw new Error("no result");
    };
    const without = await draw([]);
    expect(distance(await draw(["https://example.com/style.png"]), without)).toBe(0);
    expect(distance(await draw(["style.png"]), without)).toBeGreaterThan(0.05);
    expect(asked).toEqual(["style.png"]);
  });
});

function meanLightness(picture: Raster): number {
  const { lightness } = labFromRaster(picture);
  return lightness.reduce((sum, value) => sum + value, 0) / lightness.length;
}
