/**
 * For how long the extension host's own thread is blocked while a 12-megapixel photograph is remixed, from the call to
 * the saved file: in a real VS Code with the built extension, by the service's emulator and by the local engine, beside
 * the same host doing nothing. Prints a table.
 *
 *   npm run bench:host -- [--rounds N] [--json FILE] [--profiles FOLDER] [--desktop]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
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
const cases: readonly HostCase[] = [
  { name: "paid", settings: {}, options: { provider: "runware", recipe } },
  { name: "local", settings: {}, options: { provider: "local", recipe } },
  { name: "paid, at 12 MP", settings: atSource, options: { provider: "runware", recipe } },
  {
    name: "paid, PNG in the reply",
    settings: { outputType: "base64Data" },
    options: { provider: "runware", recipe: { ...recipe, outputFormat: "PNG" } },
  },
];

const folder = temporaryFolder("bench");
const bundles = path.join(outputFolder, "bench");
const photo = path.join(folder, "photo.jpg");
const workspace = path.join(folder, "workspace");
const result = path.join(folder, "runs.json");
const emulator = await startEmulator();

/** One start of VS Code, with `first` as what the extension is loaded for. */
async function runsIn(first: HostCase): Promise<readonly HostRun[]> {
  const order: HostOrder = {
    photo,
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
    timeoutMs: 300_000,
    desktop: options.desktop,
    artifacts: path.join(outputFolder, "bench-failure"),
  });
  return JSON.parse(readFileSync(result, "utf8"));
}

function print(runs: readonly HostRun[]): void {
  console.log("\nblocks of the extension host's thread, in ms   by the clock            of the processor");
  console.log("12-megapixel JPEG            runs  seconds    p50    p99     max       p50    p99     max");
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
    const label = kind.replace("\n", ", ").padEnd(29);
    console.log(
      `${label}${String(same.length).padStart(4)}  ${seconds.toFixed(1).padStart(7)} ${figures.join("    ")}`,
    );
  }
}

try {
  mkdirSync(workspace);
  writeFileSync(photo, await twelveMegapixelJpeg());
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
