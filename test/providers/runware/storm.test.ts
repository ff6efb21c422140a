/** Many tasks against a service that fails a lot. */
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { retryAfter, retryBudget, waitBefore } from "../../../src/providers/runware/backoff.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { expectPromisesKept, type Played, play } from "./world.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => emulator.reset());
const { faults, ledger } = emulator;
const inference = "imageInference";

/** Plays `count` tasks, `concurrency` at a time, on one budget of retries. */
async function storm(count: number, concurrency: number): Promise<readonly Played[]> {
  const retries = retryBudget();
  const played: Played[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const positivePrompt = `picture ${next++}`;
      played.push(await play(emulator, { recipe: { positivePrompt }, parts: { retries } }));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return played;
}

test("G3: a stormy service gets everything done, nothing twice, with few requests more", async () => {
  faults.inject({ name: "rateLimited", when: { taskType: inference, probability: 0.3, seed: 3 } });
  faults.inject({ name: "serverError", when: { taskType: inference, probability: 0.1, seed: 4 } });
  const cut = { taskType: inference, probability: 0.05, seed: 5 };
  faults.inject({ name: "connectionLost", moment: "afterWork", when: cut });
  const all = await storm(40, 4);
  expect(all.flatMap(({ failure }) => failure?.message ?? [])).toEqual([]);
  expect(ledger.charged()).toHaveLength(40);
  expect(ledger.undelivered()).toEqual([]);
  expect(ledger.requests(inference).length).toBeLessThanOrEqual(88);
  await expectPromisesKept(emulator, ...all);
});

test("G3: a service that is down is asked no more often than the budget allows", async () => {
  faults.inject({ name: "serverError", status: 503, code: "serviceUnavailable", when: { times: 9999 } });
  const all = await storm(8, 8);
  expect(all.map(({ failure }) => failure?.code)).toEqual(Array(8).fill("provider"));
  expect(all.every(({ failure }) => failure?.retryable === true)).toBe(true);
  expect(ledger.requests().length).toBeLessThanOrEqual(8 + 35);
  for (const { clock, unsettled } of all) {
    expect(clock.monotonic()).toBeLessThan(90_000);
    expect(unsettled).toEqual([]);
  }
});

test("N9: without a network nothing is sent, and it says so", async () => {
  await play(emulator);
  await emulator.goOffline();
  try {
    const played = await play(emulator, { recipe: { positivePrompt: "offline" } });
    expect(played.failure).toMatchObject({ code: "network" });
    expect(played.failure?.message).toMatch(/hero\.png.*(could not be reached|lost)/);
  } finally {
    await emulator.goOnline();
  }
  expect(ledger.charged()).toHaveLength(1);
});

test("a budget ends, and is filled up by success, but not beyond its size", () => {
  const budget = retryBudget(2);
  budget.refund();
  expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
  budget.refund();
  expect([budget.take(), budget.take()]).toEqual([true, false]);
});

test("waits are a random share of a span that doubles, and never less than what was asked for", () => {
  expect([0, 1, 2, 9].map((retry) => waitBefore(retry, null, () => 1))).toEqual([1000, 2000, 4000, 20_000]);
  expect(waitBefore(9, null, () => 0)).toBe(0);
  expect(waitBefore(0, 30_000, () => 0.5)).toBe(30_000);
});

test.each([
  [null, null],
  ["", null],
  ["3", 3000],
  ["0", 0],
  ["1.5", 1500],
  ["-1", null],
  ["1e9", null],
  ["100000", 60_000],
  ["Sun, 01 Nov 2026 00:00:20 GMT", 20_000],
  ["Sun, 01 Nov 2020 00:00:20 GMT", 0],
  ["Sun, 01 Nov 2099 00:00:20 GMT", 60_000],
  ["later", null],
])("Retry-After %s means %s ms", (header, milliseconds) => {
  expect(retryAfter(header, new Date(Date.UTC(2026, 10, 1)))).toBe(milliseconds);
});
