/** Results' names as they get into the history, over real files. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { notingPlaces, notingReplacements } from "../../src/engine/savedPlaces.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { HistoryFile } from "../../src/platform/historyFile.ts";
import { PendingFiles } from "../../src/platform/pendingFiles.ts";
import { fileReplacer } from "../../src/platform/replacedFiles.ts";
import { resultWriter } from "../../src/platform/resultFiles.ts";
import { sha256Hex } from "../../src/recipe/hash.ts";
import { temporaryFolder } from "../harness/paths.ts";

let root: string;
let storage: string;
let folder: string;
beforeEach(() => {
  root = temporaryFolder("places");
  [storage, folder] = [path.join(root, "storage"), path.join(root, "shop")];
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const nameFor = (n: number) => `hero.remix-${n}.png`;
const bytes = new TextEncoder().encode("a picture");

it("notes the name that a file gets, also one that another window left unnamed", async () => {
  const history = new HistoryFile(storage, nodeFiles);
  const results = notingPlaces(resultWriter(new PendingFiles(storage), storage), history, (message) => {
    throw new Error(message);
  });
  const sha256 = await sha256Hex(bytes);
  const first = await (await results.stage(bytes, { base: folder, below: [] })).giveName(nameFor);
  expect(await history.places()).toEqual(new Map([[first, sha256]]));

  const { temporary } = await results.stage(bytes.slice(1), { base: folder, below: [] });
  const rest = { imageUUID: "i", format: "PNG", length: bytes.length - 1 } as const;
  const other = await sha256Hex(bytes.slice(1));
  const second = await results.adopt({ ...rest, temporary, folder, sha256: other }, nameFor);
  expect(path.basename(second ?? "")).toBe("hero.remix-2.png");
  expect((await history.places()).get(second ?? "")).toBe(other);
  const gone = { ...rest, temporary: path.join(folder, "gone"), folder, sha256: "0".repeat(64) };
  expect(await results.adopt(gone, nameFor)).toBeUndefined();
  expect((await history.places()).size).toBe(2);
});

it("gives the name where it cannot be noted, and says so", async () => {
  const warnings: string[] = [];
  const broken = {
    addPlace: async () => {
      throw new Error("no room");
    },
  };
  const writer = resultWriter(new PendingFiles(storage), storage);
  const results = notingPlaces(writer, broken, (message) => warnings.push(message));
  const staged = await results.stage(bytes, { base: folder, below: [] });
  const output = await staged.giveName(nameFor);
  expect(readFileSync(output, "utf8")).toBe("a picture");
  expect(warnings).toEqual([`${output} could not be noted in the history: no room`]);
});

it("notes what takes a source's place, and what comes back", async () => {
  const history = new HistoryFile(storage, nodeFiles);
  const files = notingReplacements(fileReplacer(new PendingFiles(storage)), history, (message) => {
    throw new Error(message);
  });
  const source = path.join(folder, "hero.png");
  const old = new TextEncoder().encode("the source");
  writeFileSync(source, old);
  await files.replace(source, await sha256Hex(old), bytes);
  expect((await history.places()).get(source)).toBe(await sha256Hex(bytes));
  await files.replace(source, await sha256Hex(bytes), old);
  expect((await history.places()).get(source)).toBe(await sha256Hex(old));
  await expect(files.replace(source, await sha256Hex(bytes), bytes)).rejects.toThrow("hero.png");
  expect((await history.places()).get(source)).toBe(await sha256Hex(old));
});
