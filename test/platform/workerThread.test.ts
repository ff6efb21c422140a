import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WorkerThread } from "../../src/platform/workerThread.ts";

/** What the worker below can do. */
interface Methods {
  readonly [name: string]: (...args: never[]) => Promise<unknown>;
  readonly echo: (value: unknown) => Promise<unknown>;
  readonly fail: () => Promise<never>;
  readonly die: () => Promise<never>;
  readonly devour: () => Promise<never>;
  readonly hang: () => Promise<never>;
}

const folder = mkdtempSync(path.join(os.tmpdir(), "image-remix-worker-"));
const script = path.join(folder, "worker.cjs");
let thread: WorkerThread<Methods>;

beforeAll(() => {
  const workerpool = createRequire(import.meta.url).resolve("workerpool");
  writeFileSync(
    script,
    `const { worker } = require(${JSON.stringify(workerpool)});
     worker({
       echo: async (value) => value,
       fail: async () => { throw Object.assign(new Error("is too large"), { code: "tooLarge" }); },
       die: async () => process.exit(7),
       devour: async () => { const all = []; for (;;) all.push(Array.from({ length: 1e4 }, Math.random)); },
       hang: async () => { for (;;); },
     });`,
  );
  thread = new WorkerThread<Methods>(script);
});
afterEach(() => thread.end());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const echo = (value: unknown) => thread.call("echo", [value], never);

test("calls are answered, also after the thread was ended", async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  expect(await echo(bytes)).toEqual(bytes);
  await thread.end();
  expect(await echo("again")).toBe("again");
});

test("a failure keeps its code and its message", async () => {
  await expect(thread.call("fail", [], never)).rejects.toMatchObject({
    code: "tooLarge",
    message: "is too large",
  });
});

test("a thread that dies fails its call and is replaced", async () => {
  await expect(thread.call("die", [], never)).rejects.toMatchObject({ code: "unknown" });
  expect(await echo("alive")).toBe("alive");
});

test("a thread that runs out of memory fails its call and is replaced, and nothing else dies", async () => {
  const small = new WorkerThread<Methods>(script, { heapMegabytes: 64 });
  await expect(small.call("devour", [], never)).rejects.toMatchObject({ code: "unknown" });
  expect(await small.call("echo", ["alive"], never)).toBe("alive");
  await small.end();
});

test("an abort ends a thread that hangs, and the calls that wait behind it go on", async () => {
  await echo("warm");
  const stop = new AbortController();
  const hanging = thread.call("hang", [], stop.signal);
  const waiting = echo("next");
  stop.abort();
  await expect(hanging).rejects.toThrow(/abort/i);
  expect(await waiting).toBe("next");
});

test("nothing is started for a call that is aborted already", async () => {
  await expect(thread.call("hang", [], AbortSignal.abort())).rejects.toThrow(/abort/i);
});
