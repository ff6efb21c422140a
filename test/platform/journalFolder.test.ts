import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { defaultOutput } from "../../src/engine/output.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { JournalFolder } from "../../src/platform/journalFolder.ts";
import { Leases } from "../../src/platform/leases.ts";
import { type ProcessIdentity, stateOf, thisProcess } from "../../src/platform/processIdentity.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { submissionOf } from "../engine/bench.ts";

vi.setConfig({ testTimeout: 30_000 });

let storage = "";
let folder = "";
const windows: Leases[] = [];
const children: ChildProcess[] = [];
beforeEach(() => {
  storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-windows-"));
  folder = path.join(storage, "journal");
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    await kill(child);
  }
  for (const leases of windows.splice(0)) {
    await leases.release();
  }
  rmSync(storage, { recursive: true, force: true });
});

const source = sourceFile("/pictures/hero.png");
const submission = (taskUUID: string) => submissionOf({ taskUUID, source });
function plan(taskUUID: string) {
  const facts = { source: source.path, recipe: {}, preset: null, referenceBase: null, output: defaultOutput };
  return { taskUUID, batch: "run", ...facts, results: 1, estimate: 0.06 };
}
const ids = (tasks: readonly { readonly taskUUID: string }[]) =>
  tasks.map(({ taskUUID }) => taskUUID).toSorted();
const journalFiles = () => readdirSync(folder).filter((name) => name.endsWith(".jsonl"));

/** A window, as if in a process with `identity`. */
function openWindow(identity?: ProcessIdentity, beat = 50) {
  const leases = new Leases(storage, nodeFiles, { beat, ...(identity === undefined ? {} : { identity }) });
  windows.push(leases);
  return { leases, journal: new JournalFolder(storage, nodeFiles, leases) };
}

/** Starts a window in a process of its own. @returns it, and its lines as they come */
function startWindow(...given: readonly string[]) {
  const program = path.join(import.meta.dirname, "windowProcess.ts");
  const child = spawn(process.execPath, [program, storage, ...given], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

describe("a window that was killed", () => {
  test("leaves its tasks to another, with nothing else behind", async () => {
    const { child, line } = startWindow("write", "paid");
    expect(await line()).toBe("written");
    const { journal } = openWindow();
    expect(await journal.takeOver()).toEqual({ tasks: [], unreadable: [], others: 1 });
    await kill(child);
    const { tasks, others } = await journal.takeOver();
    expect(others).toBe(0);
    expect(tasks).toMatchObject([{ taskUUID: "paid", submission: submission("paid") }]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".lease"))).toHaveLength(1);
    await journal.accepted("paid");
    await journal.settled("paid", "delivered");
    expect(journalFiles()).toEqual([]);
  });

  test("leaves each task to exactly one of several that come at once", async () => {
    const writers = ["one", "two", "three"].map((id) => startWindow("write", id));
    for (const { line } of writers) {
      expect(await line()).toBe("written");
    }
    const takers = [1, 2, 3].map(() => startWindow("take"));
    for (const { line } of takers) {
      expect(await line()).toBe("ready");
    }
    for (const { child } of writers) {
      await kill(child);
    }
    for (const { child } of takers) {
      child.stdin?.write("go\n");
    }
    const taken = await Promise.all(takers.map(async ({ line }) => JSON.parse(await line())));
    expect(taken.flat().toSorted()).toEqual(["one", "three", "two"]);
    // And they are still to be had when the takers are killed in their turn.
    for (const { child } of takers) {
      await kill(child);
    }
    expect(ids((await openWindow().journal.takeOver()).tasks)).toEqual(["one", "three", "two"]);
  });
});

describe("a window", () => {
  test("that is there keeps its tasks", async () => {
    const first = openWindow();
    await first.journal.submitting(submission("a"));
    const second = openWindow();
    expect(await second.journal.takeOver()).toMatchObject({ tasks: [], unreadable: [] });
    expect(ids(await second.journal.allOpenTasks())).toEqual(["a"]);
    await first.journal.accepted("a");
  });

  test("whose process number is in use by another process is gone", async () => {
    const now = await thisProcess();
    const earlier = { ...now, started: "an earlier boot/1" };
    // Where the system tells nothing of its processes, only silence does.
    expect(await stateOf(earlier)).toBe(now.started === null ? "there" : "gone");
    const first = openWindow(now.started === null ? { ...now, pid: 2 ** 22 + 1 } : earlier);
    await first.journal.submitting(submission("a"));
    expect(ids((await openWindow().journal.takeOver()).tasks)).toEqual(["a"]);
  });

  test("of another machine is there while it gives signs of life, and gone when it does not", async () => {
    const elsewhere = { host: "another-machine", pid: 1, started: null };
    const living = openWindow(elsewhere, 20);
    const silent = openWindow(elsewhere, 3_600_000);
    await living.journal.submitting(submission("living"));
    await silent.journal.submitting(submission("silent"));
    const { tasks } = await openWindow(undefined, 100).journal.takeOver();
    expect(ids(tasks)).toEqual(["silent"]);
  });

  test("that may only hang, since its process's number is in use, is left alone for many beats", async () => {
    const hanging = { host: os.hostname(), pid: process.ppid, started: null };
    const { leases, journal } = openWindow(hanging, 3_600_000);
    await journal.submitting(submission("a"));
    expect((await openWindow(undefined, 50).journal.takeOver()).tasks).toEqual([]);
    const long = new Date(Date.now() - 3_600_000);
    utimesSync(path.join(folder, `${leases.window}.lease`), long, long);
    expect(ids((await openWindow(undefined, 50).journal.takeOver()).tasks)).toEqual(["a"]);
  });

  test("that was only asleep can write nothing more into what was taken over, and goes on with new tasks", async () => {
    const asleep = openWindow({ host: "another-machine", pid: 1, started: null }, 3_600_000);
    await asleep.journal.planned([plan("a"), plan("b")]);
    const taker = openWindow();
    expect(ids((await taker.journal.takeOver()).tasks)).toEqual(["a", "b"]);
    const takenOver = { code: "unknown", message: expect.stringContaining("taken") };
    await expect(asleep.journal.submitting(submission("a"))).rejects.toMatchObject(takenOver);
    // Neither may the next one be sent from here, nor counted twice.
    await expect(asleep.journal.submitting(submission("b"))).rejects.toMatchObject(takenOver);
    await asleep.journal.planned([plan("new")]);
    await asleep.journal.submitting(submission("new"));
    expect(ids(asleep.journal.openTasks())).toEqual(["new"]);
    expect(ids(await asleep.journal.allOpenTasks())).toEqual(["a", "b", "new"]);
    expect((await taker.journal.allOpenTasks()).filter((task) => task.submission !== null)).toHaveLength(1);
  });

  test("that closed leaves its open tasks to the next", async () => {
    const first = openWindow();
    await first.journal.planned([plan("a")]);
    await first.leases.release();
    const second = openWindow();
    expect(ids((await second.journal.takeOver()).tasks)).toEqual(["a"]);
    await second.leases.release();
    expect(ids((await openWindow().journal.takeOver()).tasks)).toEqual(["a"]);
  });

  test("sends an adopted task such that it ends once and for all", async () => {
    const first = openWindow();
    await first.journal.planned([plan("a"), plan("b")]);
    await first.leases.release();
    const second = openWindow();
    await second.journal.takeOver();
    await second.journal.planned([plan("a"), plan("new")]);
    expect(ids(second.journal.openTasks())).toEqual(["a", "b", "new"]);
    for (const id of ["a", "new"]) {
      await second.journal.submitting(submission(id));
      await second.journal.settled(id, "delivered");
    }
    expect(ids(await second.journal.allOpenTasks())).toEqual(["b"]);
    await second.leases.release();
    expect(ids((await openWindow().journal.takeOver()).tasks)).toEqual(["b"]);
  });

  test("leaves what a later version wrote as it is, with its lease, and takes the rest", async () => {
    const [later, usual] = [openWindow(), openWindow()];
    await later.journal.submitting(submission("later"));
    const [name = ""] = journalFiles();
    const file = path.join(folder, name);
    appendFileSync(file, '{"version":2}\n');
    const before = readFileSync(file, "utf8");
    await usual.journal.submitting(submission("usual"));
    await Promise.all([later.leases.release(), usual.leases.release()]);
    const { tasks, unreadable } = await openWindow().journal.takeOver();
    expect(ids(tasks)).toEqual(["usual"]);
    expect(unreadable).toEqual([file]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("clears away drafts and leases of windows that are gone, and nothing else", async () => {
    const living = openWindow();
    await living.journal.submitting(submission("a"));
    const dead = { host: os.hostname(), pid: 2 ** 22 + 1, started: null };
    const gone = openWindow(dead);
    await gone.journal.submitting(submission("b"));
    const [mine = ""] = journalFiles().filter((name) => name.startsWith(living.leases.window));
    const [theirs = ""] = journalFiles().filter((name) => name.startsWith(gone.leases.window));
    for (const name of [`${mine}.x.tmp`, `${theirs}.x.tmp`, "notes.txt"]) {
      writeFileSync(path.join(folder, name), "half");
    }
    await openWindow().journal.takeOver();
    const left = readdirSync(folder);
    expect(left).toEqual(
      expect.arrayContaining([mine, `${mine}.x.tmp`, "notes.txt", `${living.leases.window}.lease`]),
    );
    expect(left.filter((name) => name.includes(gone.leases.window))).toEqual([]);
  });

  test("whose lease is only being written is not taken for gone by those that clear away", async () => {
    const [starting, other] = [openWindow(), openWindow()];
    let isFirst = true;
    const slow = {
      ...nodeFiles,
      writeFile: async (...given: Parameters<typeof nodeFiles.writeFile>) => {
        if (!isFirst) {
          return nodeFiles.writeFile(...given);
        }
        isFirst = false;
        // Between making a file and filling it, others come by.
        await nodeFiles.writeFile(given[0], "");
        await other.leases.sweep(new Set());
        return nodeFiles.writeFile(given[0], given[1], { flag: "r+" }).catch(() => undefined);
      },
    };
    const leases = new Leases(storage, slow);
    windows.push(leases);
    await starting.leases.hold();
    await leases.hold();
    expect(existsSync(path.join(folder, `${leases.window}.lease`))).toBe(true);
    expect(await other.leases.gone([leases.window])).toEqual(new Set());
  });

  test("that can hold no lease writes nothing", async () => {
    writeFileSync(folder, "a file in the way");
    await expect(openWindow().journal.planned([plan("a")])).rejects.toMatchObject({ name: "RemixFailure" });
  });
});
