import { cpSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type EarlierOptions,
  type EarlierParts,
  type EarlierResult,
  earlierResults,
  earlierRuns,
} from "../../src/engine/earlierResults.ts";
import type { Provenance } from "../../src/engine/provenance.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { folderWalker } from "../../src/platform/folderWalk.ts";
import { HistoryFile } from "../../src/platform/historyFile.ts";
import { pictureReader } from "../../src/platform/metadata/pictureReader.ts";
import { embedProvenance } from "../../src/platform/metadata/provenance.ts";
import { pictureFacts } from "../../src/platform/pictures/sources.ts";
import { surveyPicture } from "../../src/platform/pictures/survey.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { sha256Hex } from "../../src/recipe/hash.ts";
import { paidProvenance } from "../fixtures/provenances.ts";
import { projectRoot, temporaryFolder } from "../harness/paths.ts";

const sample = path.join(projectRoot, "media", "samples", "tea-tin.png");
let folder = "";
let storage = "";
let history: HistoryFile;
/** Paths of the files that were opened. */
let opened: string[] = [];

beforeEach(() => {
  folder = temporaryFolder("earlier");
  storage = temporaryFolder("earlier-storage");
  history = new HistoryFile(storage, nodeFiles);
  opened = [];
  cpSync(sample, path.join(folder, "tea-tin.png"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(storage, { recursive: true, force: true });
});

const parts = (): EarlierParts => ({
  walker: folderWalker(),
  history,
  survey: (file) => {
    opened.push(path.basename(file));
    return surveyPicture(file);
  },
  toSource: sourceFile,
  sourceOf: pictureReader({
    factsOf: pictureFacts,
    roots: () => [folder],
    findByName: async () => [],
  }).sourceOf,
  modified: async (file) => statSync(file).mtimeMs,
});

async function found(options: Partial<EarlierOptions> = {}): Promise<readonly EarlierResult[]> {
  const all: EarlierResult[] = [];
  const usual: EarlierOptions = {
    folders: [folder],
    elsewhere: [],
    known: new Set(),
    limit: 500,
    signal: new AbortController().signal,
  };
  for await (const one of earlierResults(parts(), { ...usual, ...options })) {
    all.push(one);
  }
  return all;
}

/** Writes a picture that says that it is a result. @param age in seconds */
async function marked(name: string, age: number, change: Partial<Provenance> = {}): Promise<string> {
  const told = { ...paidProvenance, source: { ...paidProvenance.source, path: "tea-tin.png" }, ...change };
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await embedProvenance(readFileSync(sample), "PNG", told, "full"));
  const time = new Date(Date.now() - age * 1000);
  utimesSync(file, time, time);
  return file;
}

test("results are found by what they say of themselves, newest first, with their source", async () => {
  await marked("tea-tin.remix-1.png", 20);
  const second = await marked("tea-tin.remix-2.png", 10);
  cpSync(sample, path.join(folder, "other.remix-1.png"));
  const results = await found();
  expect(results.map(({ path: file }) => path.basename(file))).toEqual([
    "tea-tin.remix-2.png",
    "tea-tin.remix-1.png",
  ]);
  expect(results[0]).toMatchObject({
    path: second,
    origin: second,
    source: path.join(folder, "tea-tin.png"),
    provider: "runware",
    taskUUID: paidProvenance.taskUUID,
    time: Date.parse(paidProvenance.time),
    facts: { width: 1600, height: 800 },
    provenance: { preset: "Winter gift edition", cost: 0.06 },
  });
  expect(opened).not.toContain("tea-tin.png");
});

test("a result without metadata and under a name of its own is found by the history of this machine", async () => {
  const file = path.join(folder, "kept as hero.png");
  const bytes = readFileSync(await marked("tea-tin.remix-9.png", 0));
  rmSync(path.join(folder, "tea-tin.remix-9.png"));
  const source = path.join(folder, "tea-tin.png");
  const plain = Buffer.concat([readFileSync(sample), Buffer.from([0])]);
  writeFileSync(file, plain);
  const used = { left: 0.1, top: 0.2, width: 0.5, height: 0.5 };
  await history.add({
    version: 1,
    time: "2026-11-20T08:00:00.000Z",
    sha256: await sha256Hex(plain),
    folder,
    source,
    sourceHash: await sha256Hex(bytes),
    recipeHash: "c".repeat(64),
    provider: "local",
    model: null,
    taskUUID: "t1",
    used,
  });
  const results = await found();
  expect(results).toMatchObject([{ path: file, source, provider: "local", provenance: null, used }]);
});

test("a source that a result has replaced is no result", async () => {
  const result = await marked("tea-tin.remix-1.png", 0);
  cpSync(result, path.join(folder, "tea-tin.png"));
  await history.add({
    version: 1,
    time: paidProvenance.time,
    sha256: await sha256Hex(readFileSync(result)),
    folder,
    source: path.join(folder, "tea-tin.png"),
    sourceHash: "a".repeat(64),
    recipeHash: paidProvenance.recipeHash,
    provider: "runware",
    model: null,
    taskUUID: paidProvenance.taskUUID,
  });
  expect((await found()).map(({ path: file }) => file)).toEqual([result]);
  expect(opened.toSorted()).toEqual(["tea-tin.png", "tea-tin.remix-1.png"]);
});

test("what is known is not opened, and no more than the limit", async () => {
  for (let n = 1; n <= 6; n++) {
    await marked(`tea-tin.remix-${n}.png`, 10 * n);
  }
  const known = new Set([path.join(folder, "tea-tin.remix-1.png")]);
  const results = await found({ known, limit: 3 });
  expect(results.map(({ path: file }) => path.basename(file))).toEqual([
    "tea-tin.remix-2.png",
    "tea-tin.remix-3.png",
    "tea-tin.remix-4.png",
  ]);
  expect(opened).toHaveLength(3);
});

test("pictures that lie elsewhere are told by the place that they had", async () => {
  const file = await marked("bin/content.png", 0);
  const origin = path.join(folder, "tea-tin.remix-1.png");
  const results = await found({ folders: [], elsewhere: [{ path: file, origin }] });
  expect(results).toMatchObject([{ path: file, origin, source: path.join(folder, "tea-tin.png") }]);
});

test("nothing more is opened once nobody wants it", async () => {
  for (let n = 1; n <= 4; n++) {
    await marked(`tea-tin.remix-${n}.png`, n);
  }
  const end = new AbortController();
  const options = {
    folders: [folder],
    elsewhere: [],
    known: new Set<string>(),
    limit: 500,
    signal: end.signal,
  };
  const reading = earlierResults(parts(), options);
  await reading.next();
  end.abort();
  await expect(reading.next()).rejects.toThrow("abort");
  expect(opened).toHaveLength(1);
});

test("what was made with the same recipe, one soon after the other, is one run", async () => {
  const [one] = await found({
    folders: [],
    elsewhere: [{ path: await marked("a.png", 0), origin: "/a.png" }],
  });
  if (one === undefined) {
    throw new Error("The result was not found");
  }
  const at = (minutes: number, change: Partial<EarlierResult> = {}): EarlierResult => ({
    ...one,
    time: minutes * 60_000,
    ...change,
  });
  const other = { recipeHash: "d".repeat(64) };
  const runs = earlierRuns([
    at(0),
    at(200),
    at(20, other),
    at(10),
    at(39),
    at(220),
    at(230, { provider: "local" }),
  ]);
  expect(runs.map((run) => run.map(({ time }) => time / 60_000))).toEqual([
    [230],
    [220, 200],
    [39, 10, 0],
    [20],
  ]);
});
