/**
 * What the local engine costs, style by style, against what sharp alone needs to decode, resize and encode the same
 * picture in the same run: the limit at DEFAULT speed is 4 times that. Both use sharp's WebAssembly build, as the
 * extension does.
 *
 *   node test/bench/localEngine.ts
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { fitInto, leastLoss } from "../../src/engine/size.ts";
import type { RestyleRequest, StyleType } from "../../src/providers/local/request.ts";
import { defaultModelId, models } from "../../src/recipe/models.ts";
import { projectRoot } from "../harness/paths.ts";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^@img\/sharp-(?!wasm32|libvips)[^/]+\//, "@img/sharp-wasm32/"), context),
});
const { default: sharp } = await import("sharp");
const { inspect } = await import("../../src/platform/pictures/header.ts");
const { decode, encode } = await import("../../src/platform/pictures/raster.ts");
const { render } = await import("../../src/providers/local/render.ts");

const styles: readonly StyleType[] = ["GENERAL", "REALISTIC", "DESIGN", "RENDER_3D", "ANIME", "FICTION"];
const speeds = ["TURBO", "DEFAULT", "QUALITY"] as const;
const prompt = "deep forest green and warm cream with brushed copper accents, soft morning light";

/** Milliseconds of one picture in one style and speed, and as a multiple of what sharp alone needed. */
export interface EngineFigure {
  readonly picture: string;
  readonly style: StyleType;
  readonly speed: RestyleRequest["renderingSpeed"];
  readonly milliseconds: number;
  readonly ratio: number;
}

/** Measures `rounds` rounds, engine and sharp by turns, and gives the median of each. */
export async function measureLocalEngine(rounds = 5): Promise<EngineFigure[]> {
  const figures: EngineFigure[] = [];
  for (const { name, bytes } of await pictures()) {
    const facts = await inspect(bytes);
    const size = leastLoss(facts, models[defaultModelId].sizes);
    const fitting = fitInto(facts, size, "crop");
    const alone = () =>
      sharp(bytes)
        .extract(fitting.source)
        .resize(size.width, size.height, { fit: "fill" })
        .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
        .toBuffer();
    for (const speed of speeds) {
      for (const style of styles) {
        const job = {
          bytes,
          size,
          fitting,
          outputFormat: "JPG",
          outputQuality: 95,
          restyle: {
            positivePrompt: prompt,
            negativePrompt: null,
            styleType: style,
            remixStrength: 60,
            renderingSpeed: speed,
            seed: 1,
          },
        } as const;
        const [engine, reference] = await byTurns(
          rounds,
          () => render({ inspect, decode, encode }, job),
          alone,
        );
        figures.push({ picture: name, style, speed, milliseconds: engine, ratio: engine / reference });
      }
    }
  }
  return figures;
}

async function byTurns(
  rounds: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  await first();
  await second();
  for (let round = 0; round < rounds; round++) {
    times[0].push(await timed(first));
    times[1].push(await timed(second));
  }
  return [median(times[0]), median(times[1])];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** A drawn picture and a textured one that stands for a photograph, each of 1.3 and of 12 megapixels, as JPEG. */
async function pictures(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const drawn = readFileSync(path.join(projectRoot, "media", "samples", "tea-tin.png"));
  const textured = await withTexture(drawn);
  const sizes = [
    { name: "1.3 MP", width: 1365, height: 960 },
    { name: "12 MP", width: 4131, height: 2905 },
  ];
  const made: { name: string; bytes: Uint8Array }[] = [];
  for (const { name, width, height } of sizes) {
    for (const [kind, source] of [
      ["drawn", drawn],
      ["textured", textured],
    ] as const) {
      const bytes = await sharp(source).resize(width, height).jpeg({ quality: 90 }).toBuffer();
      made.push({ name: `${name} ${kind}`, bytes });
    }
  }
  return made;
}

/** Clouds of noise over a picture, coarse and fine, as foliage and skin have them. */
async function withTexture(bytes: Uint8Array): Promise<Uint8Array> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const layers = await Promise.all(
    [3, 12, 40].map((step) =>
      sharp({
        create: {
          width: Math.ceil(info.width / step),
          height: Math.ceil(info.height / step),
          channels: 3,
          background: "black",
          noise: { type: "gaussian", mean: 128, sigma: 40 },
        },
      })
        .resize(info.width, info.height, { fit: "fill" })
        .raw()
        .toBuffer(),
    ),
  );
  for (let byte = 0; byte < data.length; byte++) {
    let value = data[byte] ?? 0;
    for (const layer of layers) value += 0.5 * ((layer[byte] ?? 128) - 128);
    data[byte] = Math.max(0, Math.min(255, value));
  }
  const { width, height } = info;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

if (import.meta.main) {
  for (const { picture, style, speed, milliseconds, ratio } of await measureLocalEngine()) {
    const time = `${milliseconds.toFixed(0)} ms`.padStart(8);
    console.log(
      `${picture.padEnd(16)}${speed.padEnd(9)}${style.padEnd(10)}${time}${ratio.toFixed(1).padStart(7)} ×`,
    );
  }
}
