import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BinFolder } from "../../src/platform/bin.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { PendingFiles } from "../../src/platform/pendingFiles.ts";
import { bytesOf, hashOf, remove } from "../engine/reviewBench.ts";

let storage = "";
beforeEach(() => {
  storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-bin-"));
});
afterEach(() => remove(storage));

const folder = () => path.join(storage, "bin");
const bin = (files: Files = nodeFiles) => new BinFolder(storage, files, new PendingFiles(storage));
const item = (origin: string) =>
  ({ why: "discarded", origin, isPaid: true, sidecar: null, replacedBy: null }) as const;
const contents = () => readdirSync(folder()).filter((name) => name !== "index.jsonl");

test("files are named by their content, each once, and go when nobody needs them", async () => {
  const first = await bin().put(bytesOf("same"), item("/p/a.png"));
  const second = await bin().put(bytesOf("same"), item("/p/b.png"));
  const third = await bin().put(bytesOf("same"), item("/p/c.we/ird"));
  expect(contents().sort()).toEqual([hashOf("same"), `${hashOf("same")}.png`]);
  expect(await bin().entries()).toEqual([first, second, third]);
  await bin().remove([first]);
  expect(await bin().read(second)).toEqual(Buffer.from("same"));
  await bin().remove([second, third]);
  expect(contents()).toEqual([]);
  expect(await bin().entries()).toEqual([]);
});

test("one content is one file, however its extension is written", async () => {
  const shout = await bin().put(bytesOf("same"), item("/p/A.PNG"));
  const quiet = await bin().put(bytesOf("same"), item("/p/b.png"));
  expect(contents()).toEqual([`${hashOf("same")}.png`]);
  await bin().remove([quiet]);
  expect(await bin().read(shout)).toEqual(Buffer.from("same"));
});

test("several windows see the same bin", async () => {
  const [one, other] = [bin(), bin()];
  const entries = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? one : other).put(bytesOf(`${n % 5}`), item(`/p/${n}.png`)),
    ),
  );
  expect(new Set((await one.entries()).map(({ id }) => id))).toEqual(new Set(entries.map(({ id }) => id)));
  expect(contents()).toHaveLength(5);
});

test("what one window puts in while another deletes the same content stays whole", async () => {
  for (let round = 0; round < 30; round++) {
    const before = await bin().put(bytesOf("same"), item("/p/a.png"));
    const [entry] = await Promise.all([bin().put(bytesOf("same"), item("/p/b.png")), bin().remove([before])]);
    expect(await bin().entries()).toEqual([entry]);
    expect(hashOf(await bin().read(entry))).toBe(entry.sha256);
    await bin().remove([entry]);
  }
});

test("content that a window was about to delete when it died is still there for who needs it", async () => {
  const entry = await bin().put(bytesOf("needed"), item("/p/a.png"));
  renameSync(bin().pathOf(entry), `${bin().pathOf(entry)}.leaving`);
  writeFileSync(path.join(folder(), `${hashOf("other")}.png.leaving`), "other");
  expect(await bin().entries()).toEqual([entry]);
  expect(contents()).toEqual([`${hashOf("needed")}.png`]);
});

test("a damaged copy is never handed out, and is mended when the same content comes again", async () => {
  const entry = await bin().put(bytesOf("content"), item("/p/a.png"));
  writeFileSync(bin().pathOf(entry), "c0ntent");
  await expect(bin().read(entry)).rejects.toThrow("is damaged");
  await bin().put(bytesOf("content"), item("/p/b.png"));
  expect(hashOf(await bin().read(entry))).toBe(entry.sha256);
});

test("a disk that gives back other bytes than were written is noticed", async () => {
  const readFile = async (...args: Parameters<Files["readFile"]>) => {
    const [file] = args;
    return String(file).endsWith(".png") ? Buffer.from("rotten") : nodeFiles.readFile(...args);
  };
  const lying = { ...nodeFiles, readFile } as Files;
  await expect(bin(lying).put(bytesOf("content"), item("/p/a.png"))).rejects.toThrow(
    "reads back as something else",
  );
  expect(await bin().entries()).toEqual([]);
});

test("torn lines and lines of later versions are passed over", async () => {
  const entry = await bin().put(bytesOf("content"), item("/p/a.png"));
  const index = path.join(folder(), "index.jsonl");
  appendFileSync(index, `{"version":2,"kind":"left","id":"${entry.id}"}\n{"version":1,"ki`);
  const second = await bin().put(bytesOf("more"), item("/p/b.png"));
  expect(await bin().entries()).toEqual([entry, second]);
  expect(readFileSync(index, "utf8").split("\n")).toHaveLength(5);
});

test("an entry without its bytes does not count", async () => {
  const entry = await bin().put(bytesOf("content"), item("/p/a.png"));
  remove(bin().pathOf(entry));
  expect(await bin().entries()).toEqual([]);
  await expect(bin().read(entry)).rejects.toThrow("a.png is no longer in the bin");
});
