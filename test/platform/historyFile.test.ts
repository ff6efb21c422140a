import { appendFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Made } from "../../src/engine/history.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { HistoryFile } from "../../src/platform/historyFile.ts";
import { temporaryFolder } from "../harness/paths.ts";

let storage: string;
beforeEach(() => {
  storage = temporaryFolder("history");
});
afterEach(() => rmSync(storage, { recursive: true, force: true }));

const result = (digit: string): Made => ({
  version: 1,
  time: "2026-11-22T09:30:00.000Z",
  sha256: digit.repeat(64),
  folder: "/pictures",
  source: "/pictures/hero.png",
  sourceHash: "a".repeat(64),
  recipeHash: "b".repeat(64),
  provider: "local",
  model: null,
  taskUUID: "3f2b1c9e-6a0d-4c1f-9b7e-2d5a8c4e1f60",
});

it("tells every window of every result, by its content", async () => {
  const one = new HistoryFile(storage, nodeFiles);
  const other = new HistoryFile(storage, nodeFiles);
  expect(await other.results()).toEqual(new Map());
  await Promise.all([one.add(result("1")), other.add(result("2")), one.add(result("1"))]);
  const expected = new Map([
    [result("1").sha256, result("1")],
    [result("2").sha256, result("2")],
  ]);
  expect(await one.results()).toEqual(expected);
  expect(await other.results()).toEqual(expected);
  expect(await new HistoryFile(storage, nodeFiles).results()).toEqual(expected);
});

it("keeps which part of its source a result shows, and reads records of versions that did not", async () => {
  const history = new HistoryFile(storage, nodeFiles);
  const used = { left: 0.25, top: 0, width: 0.5, height: 1 };
  await history.add(result("1"));
  await history.add({ ...result("2"), used });
  const known = await new HistoryFile(storage, nodeFiles).results();
  expect([...known.values()].map((one) => one.used)).toEqual([undefined, used]);
});

it("leaves out lines that are torn or make no sense, and goes on behind them", async () => {
  const history = new HistoryFile(storage, nodeFiles);
  await history.add(result("1"));
  appendFileSync(
    path.join(storage, "history.jsonl"),
    `{"version":9}\nnull\n{"version":1,"sha256":"zz"}\n{"vers`,
  );
  await history.add(result("2"));
  expect([...(await history.results()).keys()]).toEqual([result("1").sha256, result("2").sha256]);
});

it("remembers where results were saved, each place by its last, and results apart from places", async () => {
  const history = new HistoryFile(storage, nodeFiles);
  const place = (output: string, digit: string) =>
    history.addPlace({ version: 1, kind: "place", sha256: digit.repeat(64), output });
  await history.add(result("1"));
  await place("/pictures/a.png", "1");
  await place("/pictures/b.png", "1");
  expect((await history.places()).get("/pictures/a.png")).toBe("1".repeat(64));
  await place("/pictures/a.png", "2");
  expect([...(await new HistoryFile(storage, nodeFiles).places())]).toEqual([
    ["/pictures/a.png", "2".repeat(64)],
    ["/pictures/b.png", "1".repeat(64)],
  ]);
  expect([...(await history.results()).keys()]).toEqual([result("1").sha256]);
});
