/** Every awkward behaviour of the service, played over real HTTP: what the user is told, and that the bill is right. */
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { behaviours } from "../../emulator/faults/behaviours.ts";
import { type Emulator, startEmulator } from "../../emulator/startEmulator.ts";
import { envelopeRows } from "./awkward/envelope.ts";
import { inputRows } from "./awkward/inputs.ts";
import { outputRows } from "./awkward/outputs.ts";
import { pollingRows } from "./awkward/polling.ts";
import type { Row } from "./awkward/row.ts";
import { transportRows } from "./awkward/transport.ts";
import { expectPromisesKept, type Played, play } from "./world.ts";

const rows = [...envelopeRows, ...transportRows, ...pollingRows, ...outputRows, ...inputRows];

/** Behaviours that are no way to draw a picture, and where they are tested. */
const elsewhere = new Map([
  [13, "account.test.ts: balance as number, object, text or missing"],
  [23, "journal.test.ts: what is on disk when the process ends at any request"],
]);

const shared = await startEmulator();
afterAll(() => shared.close());
vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => shared.reset());

describe.each([...new Set(rows.map(({ number }) => number))])("%i", (number) => {
  const title = behaviours.get(number) ?? "";
  test.each(rows.filter((row) => row.number === number))(`${title}: $plays`, async (row) => {
    const emulator = row.server === undefined ? shared : await startEmulator(row.server);
    try {
      await check(row, emulator);
    } finally {
      if (emulator !== shared) {
        await emulator.close();
      }
    }
  });
});

async function check(row: Row, emulator: Emulator): Promise<void> {
  const injected = (row.faults ?? []).map((fault) => emulator.faults.inject(fault));
  const changes = typeof row.changes === "function" ? row.changes(emulator) : (row.changes ?? {});
  const played = await play(emulator, changes);
  expectTold(row, played, changes.recipe?.numberResults ?? 1);
  await expectPromisesKept(emulator, played);
  await row.also?.(played, emulator);
  const served = new Set(emulator.ledger.deliveredImages());
  expect(
    played.results.filter(({ imageUUID }) => !served.has(imageUUID ?? "")),
    "not the server's bytes",
  ).toEqual([]);
  const isPlayed = injected.map(({ name, played: times }) => [name, times > 0]);
  expect(isPlayed).toEqual(injected.map(({ name }) => [name, row.isAvoided !== true]));
}

function expectTold({ told }: Row, { failure, results, unsettled, taskUUID }: Played, asked: number): void {
  const open = unsettled.map((task) => task.taskUUID);
  if (told === "all is there") {
    expect(failure).toBeUndefined();
    expect(results.length).toBeGreaterThanOrEqual(asked);
    expect(open).toEqual([]);
    return;
  }
  expect(failure?.message).toMatch(told.says);
  expect(failure?.code).toBe(told.code);
  expect(results).toHaveLength(told.results ?? 0);
  expect(open).toEqual(told.isOpen === true ? [taskUUID] : []);
}

test("all of them are played here or elsewhere", () => {
  const covered = new Set([...rows.map(({ number }) => number), ...elsewhere.keys()]);
  expect([...behaviours.keys()].filter((number) => !covered.has(number))).toEqual([]);
  expect(behaviours.size).toBe(55);
});
