/** Draws the pictures of the gallery with the local engine, each at the size that a real run would draw. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fitInto, leastLoss } from "../../src/engine/size.ts";
import { inspect } from "../../src/platform/pictures/header.ts";
import { decode, encode } from "../../src/platform/pictures/raster.ts";
import type { Raster } from "../../src/providers/local/raster.ts";
import type { RestyleRequest, StyleType } from "../../src/providers/local/request.ts";
import { restyle } from "../../src/providers/local/restyle.ts";
import { defaultModelId, models } from "../../src/recipe/models.ts";

/** The looks in the order of the sheet's columns. */
export const styles: readonly StyleType[] = [
  "AUTO",
  "GENERAL",
  "REALISTIC",
  "DESIGN",
  "RENDER_3D",
  "ANIME",
  "FICTION",
];

export const strengths = [20, 50, 80] as const;

/** Prompts of different palettes; the first is that of the styles' sheet. */
export const prompts = [
  "deep forest green and warm cream with brushed copper accents, soft morning light",
  "midnight blue and silver, a frosted pattern of pine sprigs, candlelit and festive",
  "sunlit lemon yellow, coral and mint, fresh and playful, a flat vector poster",
  "a moody neon night in magenta, violet and cyan, oil painting",
] as const;

/** A source as it is drawn: cropped to the size of the model that loses least of it. */
export interface Source {
  /** File name without extension. */
  readonly name: string;
  readonly pixels: Raster;
}

/** The pictures of a folder, by name. */
export async function readSources(folder: string): Promise<Source[]> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:png|jpe?g|webp)$/i.test(entry.name))
    .map(({ name }) => path.join(folder, name));
  return Promise.all(files.sort().map(readSource));
}

async function readSource(file: string): Promise<Source> {
  const bytes = readFileSync(file);
  const facts = await inspect(bytes);
  const size = leastLoss(facts, models[defaultModelId].sizes);
  return { name: path.parse(file).name, pixels: await decode(bytes, fitInto(facts, size, "crop"), size) };
}

/** A seed that a task could have had: the sheet shows the same variation each time. */
export const seed = 20_261_122;

/** Draws a picture; what is not given is a plain request. */
export function draw(source: Source, given: Partial<RestyleRequest>): Raster {
  return restyle(source.pixels, {
    positivePrompt: prompts[0],
    negativePrompt: null,
    styleType: "GENERAL",
    remixStrength: 50,
    renderingSpeed: "DEFAULT",
    seed,
    ...given,
  });
}

/** Writes a picture as WebP and returns its name relative to `folder`. */
export async function write(folder: string, name: string, pixels: Raster): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const whole = { left: 0, top: 0, width: pixels.width, height: pixels.height };
  writeFileSync(path.join(folder, name), await encode(pixels, whole, "WEBP", 92));
  return name;
}
