/** What must hold whatever happened (G7). */
import { readFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { expect } from "vitest";
import * as z from "zod/mini";
import { charge } from "../../src/engine/ledger.ts";
import { isTemporary } from "../../src/platform/pendingFiles.ts";
import { keptFolder } from "../../src/platform/resultFiles.ts";
import { sha256 } from "../emulator/ledger.ts";
import { filesIn, type World } from "./world.ts";

/** What may be left over after the worst is over. */
export interface Allowed {
  /** Results for which nothing is to be had any more, by design of the test. */
  readonly lost?: number;
  /** After a power loss a temporary file may come back whose record did not. */
  readonly mayLeaveTemporary?: boolean;
}

const record = z.record(z.string(), z.unknown());

/**
 * Every picture that was charged is on disk exactly once, complete; the books say what the service charged; no file
 * that was there has changed; nothing unfinished is left.
 */
export async function expectAllSafe(
  world: World,
  { lost = 0, mayLeaveTemporary = false }: Allowed = {},
): Promise<void> {
  const { emulator, drawn, pictures, place, before, sources } = world;
  await emulator.settled();
  const { ledger } = emulator;
  const charged = ledger.charged().map(({ imageUUID }) => imageUUID);
  expect(ledger.repeatedWork(), "bought twice").toEqual([]);
  expect(ledger.violations(), "violations").toEqual([]);

  for (const [file, hash] of before) {
    expect(sha256(readFileSync(file)), `${file} is as it was`).toBe(hash);
  }
  const all = [...filesIn(pictures), ...filesIn(keptFolder(place.storage))].filter(
    (file) => !before.has(file),
  );
  const temporary = all.filter(isTemporary);
  expect(mayLeaveTemporary ? [] : temporary, "temporary files").toEqual([]);
  const finished = all.filter((file) => !isTemporary(file));
  const isSidecar = (file: string) => file.endsWith(".png.json");
  const found = finished.filter((file) => !isSidecar(file));
  for (const file of finished.filter(isSidecar)) {
    expect(found, "a sidecar has its picture").toContain(file.replace(/\.json$/, ""));
    expect(() => JSON.parse(readFileSync(file, "utf8")), `${file} is whole`).not.toThrow();
  }
  const onDisk: string[] = [];
  for (const file of found) {
    const bytes = readFileSync(file);
    // Throws where the picture is not whole.
    await sharp(bytes, { failOn: "error" }).raw().toBuffer();
    onDisk.push(drawn.get(sha256(bytes)) ?? `a stranger: ${file}`);
  }
  expect(onDisk.sort().length, "each once").toBe(new Set(onDisk).size);
  const missing = charged.filter((imageUUID) => !onDisk.includes(imageUUID));
  expect(missing.length, `charged and not on disk: ${missing.join(", ")}`).toBe(lost);
  expect(onDisk.filter((imageUUID) => !charged.includes(imageUUID))).toEqual([]);

  expect([...booked(place.storage).keys()].sort(), "in the books").toEqual(charged.sort());
  const sum = [...booked(place.storage).values()].reduce<number>(
    (all, cost) => all + (cost ?? Number.NaN),
    0,
  );
  expect(sum, "the books' sum").toBeCloseTo(ledger.chargedTotal(), 6);
  const accepted = ledger.accepted();
  expect(accepted.length, "tasks accepted").toBeLessThanOrEqual(sources.length);
  const rest = filesIn(place.storage)
    .map((file) => path.relative(place.storage, file))
    .filter((file) => !(mayLeaveTemporary && file.endsWith(".tmp")))
    .filter((file) => !["ledger.jsonl", "history.jsonl"].includes(file))
    .filter((file) => !file.startsWith(`results${path.sep}`));
  expect(rest, "left in storage").toEqual([]);
  expectNoKey(world);
}

/** What each charge in the ledger file says that it cost, in USD, by its `imageUUID`. */
export function booked(storage: string): ReadonlyMap<string, number | null> {
  const file = filesIn(storage).find((name) => name.endsWith("ledger.jsonl"));
  const lines = file === undefined ? [] : readFileSync(file, "utf8").split("\n");
  const known = new Map<string, number | null>();
  for (const line of lines) {
    try {
      const entry = charge.parse(record.parse(JSON.parse(line)));
      known.set(entry.imageUUID, entry.cost);
    } catch {
      // Torn by a fault.
    }
  }
  return known;
}

/** The key stands in no file. */
export function expectNoKey({ root, emulator }: World): void {
  const holding = filesIn(root).filter((file) => readFileSync(file).includes(emulator.key));
  expect(holding, "files with the key").toEqual([]);
}
