/**
 * A thousand tiny pictures through the emulator, and how much memory that takes; with a number, so many of them, at a
 * service where one in ten of all calls fails:
 *
 *   node test/faults/thousand.ts
 *   node test/faults/thousand.ts 10000
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { sha256 } from "../emulator/ledger.ts";
import { Window } from "./window.ts";
import { bury, filesIn, newWorld, removeWorld, startService } from "./world.ts";

/** Sources of a run. */
const count = Number(process.argv[2] ?? 1000);
const isStormy = process.argv[2] !== undefined;
const megabyte = 1024 * 1024;

/** What the window is told. */
const job = z.object({
  storage: z.string(),
  endpoint: z.string(),
  key: z.string(),
  sources: z.array(z.string()),
});
type Job = z.infer<typeof job>;

/** The window alone is measured: the service runs in the process that started it. */
async function window(job: Job): Promise<void> {
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
  if (isStormy) {
    for (const [seed, name] of (["rateLimited", "serverError", "connectionLost"] as const).entries()) {
      made.emulator.faults.inject({ name, when: { probability: 0.033, times: count, seed } });
    }
  }
  const child = fork(import.meta.filename, [String(count)], { execArgv: ["--expose-gc"] });
  child.send({ ...world.place, sources: world.sources });
  const [code] = await once(child, "exit");
  console.log(
    `charged: ${made.emulator.ledger.charged().length}, bought twice: ${made.emulator.ledger.repeatedWork().length}`,
  );
  made.emulator.faults.clear();
  bury(world);
  const next = new Window(world.place);
  const { recovered, sent } = await next.recover();
  await next.close();
  console.log(`fetched by the next window: ${recovered.saved.length}, sent by it: ${sent.saved.length}`);
  const found = filesIn(world.pictures).flatMap((file) => made.drawn.get(sha256(readFileSync(file))) ?? []);
  const charged = made.emulator.ledger.charged();
  console.log(`on disk: ${new Set(found).size} different of ${found.length}, charged: ${charged.length}`);
  removeWorld(world);
  await made.emulator.close();
  const isWhole = found.length === charged.length && new Set(found).size === charged.length;
  process.exitCode = code === 0 && isWhole ? 0 : 1;
}

if (process.send === undefined) {
  await service();
} else {
  const [told] = await once(process, "message");
  await window(job.parse(told));
  process.disconnect();
}
