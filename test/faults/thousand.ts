/** A thousand tiny pictures through the emulator, and how much memory that takes: `node --expose-gc test/faults/thousand.ts`. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { Window } from "./window.ts";
import { newWorld, removeWorld, startService } from "./world.ts";

/** Sources of a run. */
const count = 1000;
const megabyte = 1024 * 1024;

/** The window alone is measured: the service runs in the process that started it. */
async function window(): Promise<void> {
  const job = JSON.parse(process.env["THOUSAND"] ?? "") as {
    readonly storage: string;
    readonly endpoint: string;
    readonly key: string;
    readonly sources: readonly string[];
  };
  const one = new Window(job, { concurrency: 16 });
  const [first = "", ...others] = job.sources;
  await one.start({ sources: [first], results: 1 }).outcome;
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  const samples: number[] = [];
  let peak = idle;
  const timer = setInterval(() => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    peak = Math.max(peak, rss);
    samples.push(heapUsed);
  }, 250);
  const started = performance.now();
  const { saved, failed } = await one.start({ sources: others, results: 1 }).outcome;
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  globalThis.gc?.();
  const half = samples.length >> 1;
  const mean = (part: readonly number[]) =>
    part.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, part.length);
  const slope = ((mean(samples.slice(half)) - mean(samples.slice(0, half))) / (count / 2)) * 1000;
  await one.close();
  const handles = process.getActiveResourcesInfo().length;
  console.log(
    [
      `${saved.length + 1} saved, ${failed.length} failed in ${seconds.toFixed(1)} s`,
      `RSS idle ${(idle / megabyte).toFixed(1)} MB, peak ${((peak - idle) / megabyte).toFixed(1)} MB above that`,
      `heap ${(slope / megabyte).toFixed(2)} MB more for each thousand, ${handles} handles left`,
    ].join("\n"),
  );
}

async function service(): Promise<void> {
  const made = await startService();
  const world = newWorld(made, count);
  const THOUSAND = JSON.stringify({ ...world.place, sources: world.sources });
  const child = fork(import.meta.filename, { execArgv: ["--expose-gc"], env: { ...process.env, THOUSAND } });
  const [code] = await once(child, "exit");
  console.log(
    `charged: ${made.emulator.ledger.charged().length}, bought twice: ${made.emulator.ledger.repeatedWork().length}`,
  );
  removeWorld(world);
  await made.emulator.close();
  process.exitCode = code === 0 ? 0 : 1;
}

await (process.env["THOUSAND"] === undefined ? service() : window());
