/**
 * What the local engine costs, style by style, against what sharp alone needs to decode, resize and encode the same
 * picture in the same run: the limit at DEFAULT speed is 4 times that. Both use sharp's WebAssembly build, as the
 * extension does. Times by the clock and of the processor, sharp's threads included: where other programs run, only the
 * second are steady.
 *
 *   node test/bench/localEngine.ts [--speed DEFAULT] [--rounds 7] [--only "1.3 MP"]
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { fitInto, leastLoss } from "../../src/engine/size.ts";
import type { RestyleRequest, StyleType } from "../../src/providers/local/request.ts";
import { defaultModelId, models } from "../../src/recipe/models.ts";
import { projectRoot } from "../harness/paths.ts";
import { median } from "./figures.ts";

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

/** Milliseconds by the clock and of the processor. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** What one picture costs in one style and speed. */
export interface EngineFigure {
  readonly picture: string;
  readonly style: StyleType;
  readonly speed: RestyleRequest["renderingSpeed"];
  readonly engine: Cost;
  /** The engine's cost as a multiple of sharp's. */
  readonly ratio: Cost;
}

/** Measures `rounds` rounds, engine and sharp by turns, and gives the median of each: of the pictures with `only` in their name. */
export async function measureLocalEngine(
  rounds = 5,
  chosen: readonly RestyleRequest["renderingSpeed"][] = speeds,
  only = "",
): Promise<EngineFigure[]> {
  const figures: EngineFigure[] = [];
  for (const { name, bytes } of await pictures()) {
    if (!name.includes(only)) continue;
    const facts = await inspect(bytes);
    const size = leastLoss(facts, models[defaultModelId].sizes);
    const fitting = fitInto(facts, size, "crop");
    const alone = () =>
      sharp(bytes)
        .extract(fitting.source)
        .resize(size.width, size.height, { fit: "fill" })
        .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
        .toBuffer();
    for (const speed of chosen) {
      for (const style of styles) {
        const job = {
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
          () => render({ inspect, decode, encode }, bytes, job),
          alone,
        );
        const ratio = { wall: engine.wall / reference.wall, cpu: engine.cpu / reference.cpu };
        figures.push({ picture: name, style, speed, engine, ratio });
      }
    }
  }
  return figures;
}

/** Rounds of which nothing is measured. */
const WARM_UP = 4;

/** The median costs of two kinds of work, done by turns. */
async function byTurns(
  rounds: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<[Cost, Cost]> {
  const costs: [Cost[], Cost[]] = [[], []];
  // As in a worker that has drawn before: by then the code is compiled, and sharp has started its threads.
  for (let round = 0; round < WARM_UP; round++) {
    await first();
    await second();
  }
  for (let round = 0; round < rounds; round++) {
    costs[0].push(await costOf(first));
    costs[1].push(await costOf(second));
  }
  return [medianCost(costs[0]), medianCost(costs[1])];
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

function medianCost(costs: readonly Cost[]): Cost {
  return { wall: median(costs.map(({ wall }) => wall)), cpu: median(costs.map(({ cpu }) => cpu)) };
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
  const { values } = parseArgs({
    options: { speed: { type: "string" }, rounds: { type: "string" }, only: { type: "string" } },
  });
  const chosen = speeds.filter((speed) => values.speed === undefined || speed === values.speed);
  console.log("                                       clock           processor");
  for (const figure of await measureLocalEngine(Number(values.rounds ?? 5), chosen, values.only)) {
    const { picture, speed, style, engine, ratio } = figure;
    const cells = (["wall", "cpu"] as const).map(
      (kind) => `${engine[kind].toFixed(0).padStart(6)} ms ${ratio[kind].toFixed(1).padStart(5)} ×`,
    );
    console.log(`${picture.padEnd(16)}${speed.padEnd(9)}${style.padEnd(10)}${cells.join("  ")}`);
  }
}
