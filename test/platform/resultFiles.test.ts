import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ResultWriter } from "../../src/engine/ports.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { entriesOf } from "../../src/platform/outputPlaces.ts";
import { PendingFiles, temporaryFile } from "../../src/platform/pendingFiles.ts";
import { hasPendingWork } from "../../src/platform/pendingMarker.ts";
import { keptFolder, resultWriter } from "../../src/platform/resultFiles.ts";
import { sha256Hex } from "../../src/recipe/hash.ts";
import { makeReadOnly } from "../fixtures/readOnlyFolder.ts";

let root = "";
let folder = "";
let storage = "";
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "image-remix-results-"));
  folder = path.join(root, "pictures");
  storage = path.join(root, "storage");
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const nameFor = (n: number) => `hero.remix-${n}.png`;
const bytesOf = (text: string) => new TextEncoder().encode(text);
/** Stages a result and gives it its name. */
async function save(results: ResultWriter, text: string): Promise<string> {
  const staged = await results.stage(bytesOf(text), { base: folder, below: [] });
  return staged.giveName(nameFor);
}
const writer = () => resultWriter(new PendingFiles(storage), storage);

test("twenty results at once get twenty names, each complete, and nothing else is left", async () => {
  const texts = Array.from({ length: 20 }, (_, n) => `picture ${n} ${"x".repeat(50_000)}`);
  const outputs = await Promise.all(texts.map((text) => save(writer(), text)));
  expect(new Set(outputs).size).toBe(20);
  expect(readdirSync(folder)).toHaveLength(20);
  const written = outputs.map((output) => readFileSync(output, "utf8"));
  expect(written).toEqual(texts);
  expect(await hasPendingWork(storage)).toBe(false);
});

test("what exists is never replaced, be it a file, a folder or a dangling name", async () => {
  writeFileSync(path.join(folder, nameFor(1)), "mine");
  mkdirSync(path.join(folder, nameFor(2)));
  symlinkSync(path.join(root, "nowhere"), path.join(folder, nameFor(3)));
  const output = await save(writer(), "new");
  expect(output).toBe(path.join(folder, nameFor(4)));
  expect(readFileSync(path.join(folder, nameFor(1)), "utf8")).toBe("mine");
});

test("only files of our own naming are removed, whatever a journal calls a temporary file", async () => {
  const mine = path.join(folder, "mine.png");
  writeFileSync(mine, "same");
  writeFileSync(path.join(folder, "copy of mine.png"), "same");
  const sha256 = await sha256Hex(bytesOf("same"));
  const facts = { imageUUID: "i", format: "PNG", length: 4, sha256, folder } as const;
  await writer().adopt({ ...facts, temporary: mine }, nameFor);
  expect(readdirSync(folder).sort()).toEqual(["copy of mine.png", "mine.png"]);
  const ours = temporaryFile(folder, "i");
  writeFileSync(ours, "same");
  await writer().adopt({ ...facts, temporary: ours }, nameFor);
  expect(readdirSync(folder).sort()).toEqual(["copy of mine.png", "mine.png"]);
});

test("a folder that cannot be listed is not taken for an empty one", async () => {
  expect(await entriesOf(path.join(folder, "not there"))).toEqual([]);
  writeFileSync(path.join(folder, "file"), "");
  expect(await entriesOf(path.join(folder, "file", "below"))).toEqual([]);
  // A name that is too long stands for what a network drive says when it is away.
  const away = path.join(folder, "x".repeat(300));
  await expect(entriesOf(away)).rejects.toMatchObject({
    code: "unknown",
    message: expect.stringContaining(away),
  });
});

test("a read-only folder fails the probe and the saving, by name, and leaves no trace", async () => {
  const readOnly = makeReadOnly(folder);
  try {
    await expect(writer().probe({ base: folder, below: [], nameFor })).rejects.toMatchObject({
      code: "readOnly",
    });
    await expect(save(writer(), "x")).rejects.toThrow(folder);
    expect(await hasPendingWork(storage)).toBe(false);
  } finally {
    readOnly.release();
  }
});

test("a folder that is gone is named", async () => {
  rmSync(folder, { recursive: true });
  await expect(save(writer(), "x")).rejects.toThrow(`${folder} is gone`);
});

describe("on a file system without hard links", () => {
  const refusing = {
    ...nodeFiles,
    link: async () => Promise.reject(Object.assign(new Error("no links"), { code: "EISDIR" })),
  };
  const plain = () => resultWriter(new PendingFiles(storage), storage, refusing);

  test("results get free names all the same, and nothing is replaced", async () => {
    writeFileSync(path.join(folder, nameFor(1)), "mine");
    const outputs = await Promise.all([1, 2, 3].map((n) => save(plain(), `new ${n}`)));
    expect(outputs.map((output) => readFileSync(output, "utf8"))).toEqual(["new 1", "new 2", "new 3"]);
    expect(readFileSync(path.join(folder, nameFor(1)), "utf8")).toBe("mine");
    expect(readdirSync(folder)).toHaveLength(4);
    expect(await hasPendingWork(storage)).toBe(false);
  });

  test("a name that a dead window reserved is freed, unless it holds a picture by now", async () => {
    const pending = path.join(storage, "pending");
    mkdirSync(pending, { recursive: true });
    for (const [id, text] of [
      ["empty", ""],
      ["full", "a picture"],
    ] as const) {
      const file = path.join(folder, `${id}.png`);
      writeFileSync(file, text);
      const record = {
        version: 1,
        kind: "reserved",
        file,
        host: os.hostname(),
        pid: 2 ** 22 + 1,
        started: null,
      };
      writeFileSync(path.join(pending, `${id}.json`), JSON.stringify(record));
    }
    await new PendingFiles(storage).sweep();
    expect(readdirSync(folder)).toEqual(["full.png"]);
  });
});

test("a name that would be too long is refused before anything is drawn", async () => {
  const long = { base: folder, below: [], nameFor: (n: number) => `${"ä".repeat(125)}.remix-${n}.png` };
  await expect(writer().probe(long)).rejects.toThrow(/too long for a file name\. Shorten/);
});

test("a result that is saved stays saved when its note cannot be taken back", async () => {
  const pending = new PendingFiles(storage);
  const stubborn = Object.assign(Object.create(pending), {
    note: async () => () => Promise.reject(new Error("locked")),
  });
  const output = await save(resultWriter(stubborn, storage), "new");
  expect(readFileSync(output, "utf8")).toBe("new");
});

test("a leftover that cannot be removed does not stop the others", async () => {
  const pending = path.join(storage, "pending");
  mkdirSync(pending, { recursive: true });
  const file = path.join(folder, "notes.txt");
  writeFileSync(file, "mine");
  const dead = { version: 1, kind: "temporary", host: os.hostname(), pid: 2 ** 22 + 1, started: null };
  const stuck = { ...dead, file: temporaryFile(file, "inside-a-file") };
  const free = { ...dead, file: temporaryFile(folder, "free") };
  writeFileSync(free.file, "half");
  for (const [n, record] of [stuck, free].entries()) {
    writeFileSync(path.join(pending, `${n}.json`), JSON.stringify(record));
  }
  expect(await new PendingFiles(storage).sweep()).toEqual([free.file]);
});

test("what its folder will not take is kept in storage", async () => {
  const kept = await writer().keep(bytesOf("paid"), nameFor);
  expect(path.dirname(kept)).toBe(keptFolder(storage));
  expect(readFileSync(kept, "utf8")).toBe("paid");
});

test("a storage folder that cannot be written to is named", async () => {
  writeFileSync(storage, "a file where the folder should be");
  await expect(writer().probe({ base: folder, below: [], nameFor })).rejects.toThrow(storage);
  expect(readdirSync(folder)).toEqual([]);
  // By the time a picture is there, it is worth more than the note.
  expect(readFileSync(await save(writer(), "x"), "utf8")).toBe("x");
});

test("a probe leaves nothing behind", async () => {
  await writer().probe({ base: folder, below: [], nameFor });
  expect(readdirSync(folder)).toEqual([]);
  expect(await hasPendingWork(storage)).toBe(false);
});

test("only leftovers of processes that are gone are swept, on this machine, and only our own files", async () => {
  const pending = path.join(storage, "pending");
  mkdirSync(pending, { recursive: true });
  const leave = (id: string, record: object) => {
    const temporary = temporaryFile(folder, id);
    writeFileSync(temporary, "half");
    const content = {
      version: 1,
      kind: "temporary",
      file: temporary,
      host: os.hostname(),
      pid: 2 ** 22 + 1,
      started: null,
      ...record,
    };
    writeFileSync(path.join(pending, `${id}.json`), JSON.stringify(content));
    return temporary;
  };
  const dead = leave("dead", {});
  const alive = leave("alive", { pid: process.pid });
  const elsewhere = leave("elsewhere", { host: "another-machine" });
  const newer = leave("newer", { version: 2 });
  const precious = path.join(folder, "precious.png");
  writeFileSync(precious, "mine");
  leave("forged", { file: precious });
  writeFileSync(path.join(pending, "torn.json"), '{"version": 1, "tempor');

  expect(await new PendingFiles(storage).sweep()).toEqual([dead]);
  const left = readdirSync(folder).map((name) => path.join(folder, name));
  expect(left).toEqual(expect.arrayContaining([alive, elsewhere, newer, precious]));
  expect(left).not.toContain(dead);
});
