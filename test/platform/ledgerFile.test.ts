import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Charge } from "../../src/engine/ledger.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { LedgerFile } from "../../src/platform/ledgerFile.ts";

let storage = "";
beforeEach(() => {
  storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-ledger-"));
});
afterEach(() => rmSync(storage, { recursive: true, force: true }));

const ledger = () => new LedgerFile(storage, nodeFiles);
const file = () => path.join(storage, "ledger.jsonl");
function charge(imageUUID: string, cost = 0.06): Charge {
  const recipe = { model: "ideogram:1@2", renderingSpeed: "TURBO", preset: null, source: "/ä.png" };
  return {
    version: 1,
    time: "2026-11-01T00:00:00.000Z",
    taskUUID: "t",
    imageUUID,
    ...recipe,
    cost,
    estimate: 0.06,
  };
}
const ids = async (of: LedgerFile) => (await of.charges()).map(({ imageUUID }) => imageUUID);

test("is empty where there is none, and for ever after keeps what is added", async () => {
  const [first, second] = [ledger(), ledger()];
  expect(await first.charges()).toEqual([]);
  await first.add(charge("a"));
  await second.add(charge("b"));
  expect(await first.charges()).toEqual([charge("a"), charge("b")]);
  expect(await first.charges()).toEqual([charge("a"), charge("b")]);
  await second.add(charge("c"));
  expect(await ids(first)).toEqual(["a", "b", "c"]);
  expect(await ids(ledger())).toEqual(["a", "b", "c"]);
});

test("counts a charge once, as it was noted first, whoever adds it again", async () => {
  const [first, second] = [ledger(), ledger()];
  await Promise.all([first.add(charge("a")), first.add(charge("b")), first.add(charge("a"))]);
  await second.add(charge("a", 99));
  expect((await first.charges()).map(({ imageUUID, cost }) => [imageUUID, cost])).toEqual([
    ["a", 0.06],
    ["b", 0.06],
  ]);
});

test("many at once from several windows all arrive", async () => {
  const windows = [ledger(), ledger(), ledger()];
  const all = Array.from({ length: 90 }, (_, index) => `image-${index}`);
  await Promise.all(all.map((id, index) => windows[index % 3]?.add(charge(id))));
  expect((await ids(ledger())).toSorted()).toEqual(all.toSorted());
});

test("a line that was torn takes no other with it, wherever it was torn", async () => {
  await ledger().add(charge("a"));
  const whole = readFileSync(file());
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 2 }), async (length) => {
      writeFileSync(file(), Buffer.concat([whole, whole.subarray(0, length)]));
      const watching = ledger();
      expect(await ids(watching)).toEqual(["a"]);
      await ledger().add(charge("b"));
      expect(await ids(watching)).toEqual(["a", "b"]);
    }),
    { numRuns: 40 },
  );
});

test("a line that is still being written is read once it is whole", async () => {
  const watching = ledger();
  const line = Buffer.from(`${JSON.stringify(charge("a"))}\n`);
  // In the middle of a letter of two bytes.
  const middle = line.indexOf("ä") + 1;
  writeFileSync(file(), line.subarray(0, middle));
  expect(await watching.charges()).toEqual([]);
  appendFileSync(file(), line.subarray(middle));
  expect(await watching.charges()).toEqual([charge("a")]);
});

test("what is no charge, or a later version's, is passed over", async () => {
  writeFileSync(file(), `rubbish\n{"version":2}\n\n[]\n${JSON.stringify(charge("a"))}\n`);
  expect(await ids(ledger())).toEqual(["a"]);
});

test("a ledger that somebody replaced or removed counts as it is now", async () => {
  const watching = ledger();
  await watching.add(charge("a"));
  expect(await ids(watching)).toEqual(["a"]);
  rmSync(file());
  expect(await ids(watching)).toEqual([]);
  await watching.add(charge("b"));
  expect(await ids(watching)).toEqual(["b"]);
});

test("that cannot be written is a failure that names the folder", async () => {
  rmSync(storage, { recursive: true });
  writeFileSync(storage, "a file in the way");
  await expect(ledger().add(charge("a"))).rejects.toThrow(storage);
});
