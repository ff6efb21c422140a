/** Runs in the extension host: remixes pictures there, and writes down for how long its thread was blocked meanwhile. */
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { RemixReport } from "../../src/editor/remixImage.ts";
import { type Blocks, blocksDuring } from "./figures.ts";
import { type HostCase, type HostOrder, type HostRun, hostOrderVariable } from "./hostOrder.ts";

export async function run(): Promise<void> {
  const order: HostOrder = JSON.parse(process.env[hostOrderVariable] ?? "");
  const runs: HostRun[] = [];
  let pictures = 0;

  /** A picture whose bytes no cache knows: what follows the end of a JPEG or a PNG is ignored. */
  function unknownPicture(source: string): vscode.Uri {
    const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "bench");
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `picture${++pictures}${path.extname(source)}`);
    copyFileSync(source, file);
    appendFileSync(file, `picture ${pictures} of ${process.pid}`);
    return vscode.Uri.file(file);
  }

  async function measure(name: string, temperature: HostRun["temperature"], work: () => Promise<unknown>) {
    // What came before has left waste, and messages to the window.
    await sleep(500);
    const started = performance.now();
    let blocks: Blocks = { wall: [], cpu: [] };
    await profiled(order.profiles, `${runs.length} ${name} ${temperature}`, async () => {
      blocks = await blocksDuring(work);
    });
    runs.push({ name, temperature, blocks, milliseconds: performance.now() - started });
  }

  async function remix({ name, source, settings, options }: HostCase, temperature: HostRun["temperature"]) {
    const uri = unknownPicture(source);
    await configure(settings);
    await measure(name, temperature, async () => {
      const all = { confirm: false, ...options };
      const report = await vscode.commands.executeCommand<RemixReport>(
        "imageRemix.remixImage",
        uri,
        [uri],
        all,
      );
      const [failed] = report.failed;
      if (failed !== undefined) {
        throw new Error(`${name}: ${failed.message}`);
      }
    });
    await configure(Object.fromEntries(Object.keys(settings).map((key) => [key, undefined])));
  }

  await configure(order.settings);
  // The window is still opening.
  await sleep(3000);
  await measure("nothing", "warm", () => sleep(3000));
  // VS Code reads the machine's certificates then, whichever extension it is.
  await measure("first request of VS Code", "cold", () => fetch(order.address));
  const [first, ...others] = order.cases;
  if (first !== undefined) {
    await remix(first, "cold");
    for (const other of others) {
      await remix(other, "first");
    }
    for (let round = 0; round < order.rounds; round++) {
      for (const one of order.cases) {
        await remix(one, "warm");
      }
    }
  }
  await measure("nothing", "warm", () => sleep(3000));
  writeFileSync(order.result, JSON.stringify(runs));
}

async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("imageRemix");
  for (const [key, value] of Object.entries(settings)) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Global);
  }
}

/** Does `work`; with a folder, writes there what the thread did, for any viewer of V8's profiles. */
async function profiled(folder: string | null, name: string, work: () => Promise<void>): Promise<void> {
  if (folder === null) {
    await work();
    return;
  }
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  writeFileSync(path.join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
}
