/** One measurement: a service of its own, a folder of its own, and one way of doing the job. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import * as z from "zod/mini";
import { temporaryFolder } from "../../harness/paths.ts";
import { type Measured, measured, next, type Place, place, type Seen, seen, start } from "./messages.ts";
import { photoFolder } from "./photos.ts";

/** The ways of doing the job: ours, and those that it is compared with. */
export const ways = {
  engine: ["engine.ts"],
  sdk: ["sdk.ts"],
  "sdk, all at once": ["sdk.ts", "--all-at-once"],
  fetch: ["fetch.ts"],
} as const satisfies Record<string, readonly [string, ...string[]]>;
export type Way = keyof typeof ways;

/** What is measured. */
export interface Case {
  readonly way: Way;
  /** Pictures in the folder. */
  readonly count: number;
  /** Tasks at the same time. */
  readonly concurrency: number;
  /** Milliseconds that the service takes for each. */
  readonly service: number;
  /** Megabits a second of the line to the service; null where nothing limits it. */
  readonly line: number | null;
}

/** A case and what came out. Milliseconds and bytes. */
export interface Figures extends Case, Measured, Seen {
  /** The least that the service allows: its time for each picture, so many at once. */
  readonly bound: number;
  /** Results that lie on disk, whole. */
  readonly onDisk: number;
  /** Bytes of all pictures. */
  readonly folder: number;
}

/** Runs one case, in processes that have nothing in common with others. */
export async function run(one: Case): Promise<Figures> {
  const root = temporaryFolder("bench");
  const pictures = path.join(root, "pictures");
  const children: ChildProcess[] = [];
  const begin = (script: string, ...args: readonly string[]) => {
    const child = start(path.join(import.meta.dirname, script), args);
    children.push(child);
    return child;
  };
  try {
    const files = await photoFolder(pictures, one.count);
    const { service, reached } = await serve(one, begin);
    const [script, ...args] = ways[one.way];
    const competitor = begin(script, ...args);
    const { concurrency, count } = one;
    competitor.send({ ...reached, files, concurrency, storage: path.join(root, "storage") });
    await next(competitor, z.object({ ready: z.literal(true) }));
    competitor.send({ go: true });
    const result = await next(competitor, measured);
    service.send({ report: true });
    const witnessed = await next(service, seen);
    const folder = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const bound = Math.ceil(count / concurrency) * one.service;
    return { ...one, ...result, ...witnessed, bound, folder, onDisk: wholeResults(pictures) };
  } finally {
    await Promise.all(children.map(end));
    rmSync(root, { recursive: true, force: true });
  }
}

type Begin = (script: string, ...args: readonly string[]) => ChildProcess;

/** Starts the service and, where one is wanted, the line before it. */
async function serve(
  { service: milliseconds, line: megabits }: Case,
  begin: Begin,
): Promise<{ readonly service: ChildProcess; readonly reached: Place }> {
  if (megabits === null) {
    const service = begin("service.ts", String(milliseconds));
    return { service, reached: await next(service, place) };
  }
  const line = begin("line.ts", String(megabits));
  const { port } = await next(line, z.object({ port: z.number() }));
  const service = begin("service.ts", String(milliseconds), `http://127.0.0.1:${port}`);
  const { own, ...reached } = await next(service, place);
  line.send({ port: own });
  return { service, reached: { own, ...reached } };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill();
    await gone;
  }
}

/** Results that end as a JPEG does. */
function wholeResults(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.endsWith(".remix-1.jpg"));
  return names.filter((name) => readFileSync(path.join(folder, name)).subarray(-2).toString("hex") === "ffd9")
    .length;
}
