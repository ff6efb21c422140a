/**
 * For how long the extension host's own thread is blocked while a 12-megapixel picture (JPEG, and PNG with and without
 * transparency) is remixed, from the call to the saved file: in a real VS Code with the built extension, by the service's
 * emulator and by the local engine, beside the same host doing nothing. Prints a table.
 *
 *   npm run bench:host -- [--rounds N] [--json FILE] [--profiles FOLDER] [--desktop]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { startEmulator } from "../emulator/startEmulator.ts";
import { twelveMegapixelJpeg } from "../fixtures/pictures.ts";
import { bundleForHost } from "../harness/bundle.ts";
import { reportFailure } from "../harness/commands.ts";
import { outputFolder, temporaryFolder } from "../harness/paths.ts";
import { runInVSCode } from "../harness/runInVSCode.ts";
import { quantile } from "./figures.ts";
import { type HostCase, type HostOrder, type HostRun, hostOrderVariable } from "./hostOrder.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    json: { type: "string" },
    profiles: { type: "string" },
    desktop: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds ?? 5);
const recipe = { positivePrompt: "deep forest green and warm cream", size: "1280x720" };
const atSource = { "output.resize": "source", "output.sidecar": true };
const folder = temporaryFolder("bench");
const photo = path.join(folder, "photo.jpg");
const png = path.join(folder, "photo.png");
const cutout = path.join(folder, "cutout.png");
const paid = { provider: "runware", recipe };
const cases: readonly HostCase[] = [
  { name: "paid", source: photo, settings: {}, options: paid },
  { name: "local", source: photo, settings: {}, options: { provider: "local", recipe } },
  { name: "paid, at 12 MP", source: photo, settings: atSource, options: paid },
  { name: "PNG, paid", source: png, settings: {}, options: paid },
  { name: "PNG, paid, at 12 MP", source: png, settings: atSource, options: paid },
  { name: "PNG, local", source: png, settings: {}, options: { provider: "local", recipe } },
  { name: "cutout, paid, alpha kept", source: cutout, settings: { "output.alpha": "keep" }, options: paid },
  {
    name: "paid, PNG in the reply",
    source: photo,
    settings: { outputType: "base64Data" },
    options: { provider: "runware", recipe: { ...recipe, outputFormat: "PNG" } },
  },
];

const bundles = path.join(outputFolder, "bench");
const workspace = path.join(folder, "workspace");
const result = path.join(folder, "runs.json");
const emulator = await startEmulator();

/** One start of VS Code, with `first` as what the extension is loaded for. */
async function runsIn(first: HostCase): Promise<readonly HostRun[]> {
  const order: HostOrder = {
    address: emulator.origin,
    settings: { "runware.endpoint": emulator.url, "output.sidecar": false },
    cases: [first, ...cases.filter((one) => one !== first)],
    rounds,
    result,
    profiles: options.profiles === undefined ? null : path.resolve(options.profiles, first.name),
  };
  if (order.profiles !== null) {
    mkdirSync(order.profiles, { recursive: true });
  }
  await runInVSCode({
    entry: path.join(bundles, "hostSuite.cjs"),
    folder: workspace,
    env: { [hostOrderVariable]: JSON.stringify(order), RUNWARE_API_KEY: emulator.key },
    timeoutMs: 600_000,
    desktop: options.desktop,
    artifacts: path.join(outputFolder, "bench-failure"),
  });
  return JSON.parse(readFileSync(result, "utf8"));
}

/** The photograph, the same as PNG, and with all shades of transparency from edge to edge. */
async function writeSources(): Promise<void> {
  const jpeg = await twelveMegapixelJpeg();
  writeFileSync(photo, jpeg);
  const picture = sharp(jpeg).autoOrient();
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  await sharp(data, { raw: info }).png().toFile(png);
  const { width, height } = info;
  const shade = Buffer.alloc(
    width * height,
    new Uint8Array(256).map((_, value) => value),
  );
  const raw = { width, height, channels: 1 } as const;
  await sharp(data, { raw: info }).joinChannel(shade, { raw }).png().toFile(cutout);
}

function print(runs: readonly HostRun[]): void {
  console.log(
    "\nblocks of the extension host's thread, in ms       by the clock            of the processor",
  );
  console.log(
    "12-megapixel picture             runs  seconds    p50    p99     max       p50    p99     max",
  );
  const kinds = new Set(runs.map(({ name, temperature }) => `${name}\n${temperature}`));
  for (const kind of [...kinds].toSorted()) {
    const same = runs.filter(({ name, temperature }) => `${name}\n${temperature}` === kind);
    const seconds = same.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / same.length / 1000;
    const figures = [same.flatMap(({ blocks }) => blocks.wall), same.flatMap(({ blocks }) => blocks.cpu)].map(
      (values) =>
        [quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]
          .map((value) => value.toFixed(1).padStart(6))
          .join(" "),
    );
    const label = kind.replace("\n", ", ").padEnd(33);
    console.log(
      `${label}${String(same.length).padStart(4)}  ${seconds.toFixed(1).padStart(7)} ${figures.join("    ")}`,
    );
  }
}

try {
  mkdirSync(workspace);
  await writeSources();
  rmSync(bundles, { recursive: true, force: true });
  bundleForHost([path.join(import.meta.dirname, "hostSuite.ts")], bundles);
  const runs: HostRun[] = [];
  for (const first of cases.slice(0, 2)) {
    runs.push(...(await runsIn(first)));
  }
  print(runs);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(runs)}\n`);
  }
} catch (error) {
  reportFailure(error);
} finally {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
}
