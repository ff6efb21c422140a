import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JournalNote } from "../../src/engine/journal.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { JournalFile, readJournal, readLine } from "../../src/platform/journalFile.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { gate, submissionOf } from "../engine/bench.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "image-remix-journal-"));
  file = path.join(folder, "own.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source = sourceFile("/pictures/hero.png");
function submitting(taskUUID: string, request: unknown = {}): JournalNote {
  return { kind: "submitting", ...submissionOf({ taskUUID, source }), request };
}
const settled = (taskUUID: string): JournalNote => ({ kind: "settled", taskUUID, settlement: "delivered" });
const accepted = (taskUUID: string): JournalNote => ({ kind: "accepted", taskUUID });
async function openIn(where: string): Promise<readonly string[]> {
  return [...(await readJournal(where, nodeFiles)).tasks.keys()];
}

/** Files that count how often they are opened for writing, and wait before the first time until they may. */
function counted(may: Promise<void> = Promise.resolve()) {
  const flags: unknown[] = [];
  const files: Files = {
    ...nodeFiles,
    async open(...given) {
      if (given[1] !== "r") {
        flags.push(given[1]);
        await may;
      }
      return nodeFiles.open(...given);
    },
  };
  return { files, flags };
}

describe("a journal", () => {
  test("writes together what comes while it is busy, all of it", async () => {
    const go = gate();
    const { files, flags } = counted(go.opened);
    const journal = new JournalFile(file, files);
    const ids = Array.from({ length: 50 }, (_, index) => `task-${index}`);
    const first = journal.write([submitting("first")]);
    const rest = ids.map((id) => journal.write([submitting(id)]));
    go.open();
    await Promise.all([first, ...rest]);
    expect(await openIn(file)).toEqual(["first", ...ids]);
    expect(flags.length).toBeLessThanOrEqual(3);
  });

  test("is removed with its last open task, and made anew by the next", async () => {
    const journal = new JournalFile(file, nodeFiles);
    await journal.write([submitting("a"), submitting("b")]);
    await journal.write([settled("a")]);
    expect(await openIn(file)).toEqual(["b"]);
    await journal.write([settled("b")]);
    expect(readdirSync(folder)).toEqual([]);
    await journal.write([submitting("c")]);
    await journal.write([accepted("c")]);
    expect((await readJournal(file, nodeFiles)).tasks.get("c")?.isAccepted).toBe(true);
  });

  test("keeps what is written while its last task ends", async () => {
    const operation = fc.array(fc.constantFrom("submit", "settle", "wait"), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(operation, async (operations) => {
        const where = path.join(folder, `${crypto.randomUUID()}.jsonl`);
        const journal = new JournalFile(where, nodeFiles);
        const open: string[] = [];
        const under: Promise<void>[] = [];
        for (const [index, name] of operations.entries()) {
          if (name === "submit") {
            under.push(journal.write([submitting(`${index}`)]).then(() => void open.push(`${index}`)));
          } else if (name === "settle") {
            const ending = open.splice(0);
            under.push(journal.write(ending.map(settled)));
          } else {
            await Promise.race([...under, new Promise((resolve) => setImmediate(resolve))]);
          }
        }
        await Promise.all(under);
        expect((await openIn(where)).toSorted()).toEqual(open.toSorted());
        await journal.write([submitting("last")]);
        await journal.write([accepted("last")]);
        expect(await openIn(where)).toContain("last");
      }),
      { numRuns: 150 },
    );
  });

  test("keeps what comes at the very moment in which its last task has ended", async () => {
    for (let delay = 0; delay < 40; delay++) {
      const where = path.join(folder, `${delay}.jsonl`);
      let late: Promise<void> | undefined;
      const files: Files = {
        ...nodeFiles,
        async open(...given) {
          const handle = await nodeFiles.open(...given);
          const close = handle.close.bind(handle);
          handle.close = async () => {
            await close();
            void (async () => {
              for (let turn = 0; turn < delay; turn++) {
                await undefined;
              }
              late ??= isEnding ? journal.write([submitting("late")]) : undefined;
            })();
          };
          return handle;
        },
      };
      let isEnding = false;
      const journal = new JournalFile(where, files);
      await journal.write([submitting("a")]);
      isEnding = true;
      await journal.write([settled("a")]);
      await late;
      await journal.write([accepted("late")]);
      expect(await openIn(where), `after ${delay} turns`).toEqual(["late"]);
    }
  });

  test("that has grown is rewritten with its open tasks, and nothing of theirs is lost", async () => {
    const journal = new JournalFile(file, nodeFiles);
    const large = "x".repeat(1_000_000);
    await journal.write([submitting("open"), accepted("open")]);
    for (let index = 0; index < 5; index++) {
      await journal.write([submitting(`done-${index}`, large), settled(`done-${index}`)]);
    }
    await journal.write([accepted("open")]);
    expect(readFileSync(file).length).toBeLessThan(2_100_000);
    expect(readdirSync(folder)).toEqual(["own.jsonl"]);
    const { tasks, isForeign } = await readJournal(file, nodeFiles);
    expect(isForeign).toBe(false);
    expect([...tasks.values()]).toMatchObject([{ taskUUID: "open", isAccepted: true }]);
    await journal.write([submitting("after")]);
    expect(await openIn(file)).toEqual(["open", "after"]);
  });

  test("stays as it is when it cannot be rewritten", async () => {
    const files = { ...nodeFiles, rename: () => Promise.reject(new Error("held by a scanner")) };
    const journal = new JournalFile(file, files);
    await journal.write([submitting("open", "x".repeat(5_000_000))]);
    await journal.write([submitting("after")]);
    expect(await openIn(file)).toEqual(["open", "after"]);
  });

  test("that another window has taken over takes nothing more, and is not made anew", async () => {
    const journal = new JournalFile(file, nodeFiles);
    await journal.write([submitting("a")]);
    const theirs = path.join(folder, "theirs.jsonl");
    renameSync(file, theirs);
    const before = readFileSync(theirs, "utf8");
    await expect(journal.write([submitting("b")])).rejects.toMatchObject({
      code: "unknown",
      message: expect.stringMatching(/Another window has taken.*Nothing was sent/),
    });
    expect(readdirSync(folder)).toEqual(["theirs.jsonl"]);
    expect(readFileSync(theirs, "utf8")).toBe(before);
  });

  test("is not made anew either by what waited while it was taken over", async () => {
    const files: Files = {
      ...nodeFiles,
      async open(...given) {
        const handle = await nodeFiles.open(...given);
        const close = handle.close.bind(handle);
        handle.close = async () => {
          await close();
          // The other window comes as soon as the first lines are there.
          if (readdirSync(folder).includes("own.jsonl") && readFileSync(file, "utf8") !== "") {
            renameSync(file, path.join(folder, `theirs-${crypto.randomUUID()}.jsonl`));
          }
        };
        return handle;
      },
    };
    const journal = new JournalFile(file, files);
    const outcomes = await Promise.allSettled(["a", "b", "c"].map((id) => journal.write([submitting(id)])));
    expect(readdirSync(folder)).toHaveLength(1);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  });

  test("that cannot be written says why", async () => {
    const blocked = path.join(folder, "blocked");
    writeFileSync(blocked, "a file in the way");
    const journal = new JournalFile(path.join(blocked, "own.jsonl"), nodeFiles);
    await expect(journal.write([submitting("a")])).rejects.toThrow(blocked);
    mkdirSync(file);
    await expect(readJournal(file, nodeFiles)).rejects.toMatchObject({ name: "RemixFailure" });
  });
});

describe("what is read", () => {
  test("lines of a later version make the journal foreign, torn ones do not", async () => {
    const journal = new JournalFile(file, nodeFiles);
    await journal.write([submitting("a")]);
    const text = readFileSync(file, "utf8");
    expect(readLine(text.slice(0, -1))).toMatchObject({ kind: "submitting", taskUUID: "a" });
    for (let length = 0; length < text.length - 1; length += 5) {
      expect(readLine(text.slice(0, length))).toBe("torn");
    }
    writeFileSync(file, `${text}\0\0\0\0`);
    expect((await readJournal(file, nodeFiles)).isForeign).toBe(false);
    for (const line of ['{"version":2,"kind":"settled"}', '{"version":1,"kind":"odd"}', "{}"]) {
      expect(readLine(line)).toBe("foreign");
      writeFileSync(file, `${text}${line}\n`);
      expect(await readJournal(file, nodeFiles)).toMatchObject({ isForeign: true });
      expect(await openIn(file)).toEqual(["a"]);
    }
  });

  test("wherever a journal is cut off, all that had been sent by then is open or has its end there", async () => {
    const step = fc.array(fc.record({ task: fc.nat(5), kind: fc.constantFrom("submit", "settle") }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
        async (steps, cuts) => {
          const where = path.join(folder, `${crypto.randomUUID()}.jsonl`);
          const journal = new JournalFile(where, nodeFiles);
          // Without it the file would be removed on the way.
          await journal.write([submitting("always")]);
          const sent: { readonly task: string; readonly size: number }[] = [];
          for (const [index, notes] of steps.entries()) {
            await Promise.all(
              notes.map(async ({ task, kind }) => {
                const name = `${index}-${task}`;
                await journal.write([kind === "submit" ? submitting(name) : settled(`${index - 1}-${task}`)]);
                if (kind === "submit") {
                  sent.push({ task: name, size: readFileSync(where).length });
                }
              }),
            );
          }
          const whole = readFileSync(where);
          for (const cut of cuts) {
            const size = Math.floor(cut * whole.length);
            const torn = whole.subarray(0, size);
            writeFileSync(`${where}.cut`, torn);
            const open = new Set(await openIn(`${where}.cut`));
            const lost = sent.filter(
              ({ task, size: needed }) =>
                needed <= size &&
                !open.has(task) &&
                !torn.toString().includes(JSON.stringify({ kind: "settled", taskUUID: task }).slice(1, -1)),
            );
            expect(lost).toEqual([]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
