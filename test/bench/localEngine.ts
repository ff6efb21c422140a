/**
 * What the local engine costs, style by style, against what sharp alone needs to decode, resize and encode the same
 * picture in the same run: the limit at DEFAULT speed is 4 times that. Both use sharp's WebAssembly build, as the
 * extension does, read the same file, cut out the same part of it, and write the same size in the format that a result
 * gets by default, the file's own, with the same encoder settings. Times by the clock and of the processor, all
 * threads included: engine and sharp by turns, the least of all rounds of each, since other programs only add to it.
 *
 *   npm run build && node test/bench/localEngine.ts [--speed DEFAULT] [--rounds 15] [--only "1.3 MP"] [--style ANIME] [--picture file]
 *
 * `--picture` adds a file of one's own, such as a real photograph.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import type { OutputFormat } from "../../src/engine/ports.ts";
import { fitInto, leastLoss, sameSize } from "../../src/engine/size.ts";
import type { RestyleRequest, StyleType } from "../../src/providers/local/request.ts";
import { defaultModelId, models } from "../../src/recipe/models.ts";
import { projectRoot } from "../harness/paths.ts";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^@img\/sharp-(?!wasm32|libvips)[^/]+\//, "@img/sharp-wasm32/"), context),
});
const { default: sharp } = await import("sharp");
const { inspect } = await import("../../src/platform/pictures/header.ts");
const { decode, encode, encodeAs } = await import("../../src/platform/pictures/raster.ts");
const { render } = await import("../../src/providers/local/render.ts");
const { Hands } = await import("../../src/platform/hands.ts");

const styles: readonly StyleType[] = ["GENERAL", "REALISTIC", "DESIGN", "RENDER_3D", "ANIME", "FICTION"];
const speeds = ["TURBO", "DEFAULT", "QUALITY"] as const;
/** The default. */
const QUALITY = 95;
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
  readonly reference: Cost;
  /** The engine's cost as a multiple of sharp's. */
  readonly ratio: Cost;
}

/** Which of all are measured. */
export interface Chosen {
  /** Rounds, engine and sharp by turns. */
  readonly rounds: number;
  readonly speeds: readonly RestyleRequest["renderingSpeed"][];
  readonly styles: readonly StyleType[];
  /** What the pictures have in their name. */
  readonly only: string;
  /** A picture's path, besides those that are made here. */
  readonly file?: string | undefined;
}

/** Measures engine and sharp by turns, and gives the least cost of each. */
export async function measureLocalEngine(chosen: Chosen): Promise<EngineFigure[]> {
  const figures: EngineFigure[] = [];
  const all = await pictures();
  if (chosen.file !== undefined) {
    all.push({ name: path.basename(chosen.file), bytes: readFileSync(chosen.file) });
  }
  for (const { name, bytes } of all) {
    if (!name.includes(chosen.only) && name !== path.basename(chosen.file ?? "")) continue;
    figures.push(...(await measurePicture(name, bytes, chosen)));
  }
  return figures;
}

const hands = new Hands(path.join(projectRoot, "dist", "imageHand.cjs"));

async function measurePicture(name: string, bytes: Uint8Array, chosen: Chosen): Promise<EngineFigure[]> {
  const figures: EngineFigure[] = [];
  const { format, ...facts } = await inspect(bytes);
  const size = leastLoss(facts, models[defaultModelId].sizes);
  const fitting = fitInto(facts, size, "crop");
  const outputFormat: OutputFormat = format === "jpeg" ? "JPG" : format === "webp" ? "WEBP" : "PNG";
  const { source } = fitting;
  const alone = () => {
    const picture = sharp(bytes);
    // Cutting out the whole would keep JPEGs from being shrunk while they are decoded.
    const cut = sameSize(source, facts) ? picture : picture.extract(source);
    const resized = cut.resize(size.width, size.height, { fit: "fill" });
    return encodeAs(resized, outputFormat, QUALITY, true).toBuffer();
  };
  const label = `${name}, ${size.width} × ${size.height} ${outputFormat}`;
  for (const speed of chosen.speeds) {
    for (const style of chosen.styles) {
      const job = { size, fitting, outputFormat, outputQuality: QUALITY, restyle: requestOf(style, speed) };
      const [engine, reference] = await byTurns(
        chosen.rounds,
        () => render({ inspect, decode, encode }, bytes, job, hands),
        alone,
      );
      const ratio = { wall: engine.wall / reference.wall, cpu: engine.cpu / reference.cpu };
      figures.push({ picture: label, style, speed, engine, reference, ratio });
    }
  }
  return figures;
}

function requestOf(styleType: StyleType, renderingSpeed: RestyleRequest["renderingSpeed"]): RestyleRequest {
  return {
    positivePrompt: prompt,
    negativePrompt: null,
    styleType,
    remixStrength: 60,
    renderingSpeed,
    seed: 1,
  };
}

/** Rounds of which nothing is measured. */
const WARM_UP = 5;

/** The least costs of two kinds of work, done by turns. */
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
  return [leastCost(costs[0]), leastCost(costs[1])];
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

function leastCost(costs: readonly Cost[]): Cost {
  return {
    wall: Math.min(...costs.map(({ wall }) => wall)),
    cpu: Math.min(...costs.map(({ cpu }) => cpu)),
  };
}

/** A sample as it is; and it and a textured one that stands for a photograph, each of 1.3 and of 12 megapixels, as JPEG. */
async function pictures(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const drawn = readFileSync(path.join(projectRoot, "media", "samples", "tea-tin.png"));
  const textured = await withTexture(drawn);
  const sizes = [
    { name: "1.3 MP", width: 1365, height: 960 },
    { name: "12 MP", width: 4131, height: 2905 },
  ];
  const made: { name: string; bytes: Uint8Array }[] = [{ name: "tea-tin.png", bytes: drawn }];
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
    options: {
      speed: { type: "string" },
      style: { type: "string" },
      rounds: { type: "string" },
      only: { type: "string" },
      picture: { type: "string" },
    },
  });
  const figures = await measureLocalEngine({
    rounds: Number(values.rounds ?? 15),
    speeds: speeds.filter((speed) => values.speed === undefined || speed === values.speed),
    styles: styles.filter((style) => values.style === undefined || style === values.style),
    only: values.only ?? "",
    file: values.picture,
  });
  let last = "";
  for (const { picture, speed, style, engine, reference, ratio } of figures) {
    if (picture !== last) console.log(`${picture}\n${" ".repeat(21)}clock, engine / sharp      processor`);
    last = picture;
    const cells = (["wall", "cpu"] as const).map((kind) => {
      const [own, alone] = [engine[kind], reference[kind]].map((value) => value.toFixed(0));
      return `${own?.padStart(6)} / ${alone?.padStart(3)} ms ${ratio[kind].toFixed(1).padStart(5)} ×`;
    });
    console.log(`  ${speed.padEnd(9)}${style.padEnd(10)}${cells.join("  ")}`);
  }
}
