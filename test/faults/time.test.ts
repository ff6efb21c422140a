/** H7: the time of day is set, the computer sleeps. */
import { afterAll, expect, test, vi } from "vitest";
import { expectAllSafe } from "./invariants.ts";
import { restart } from "./runs.ts";
import { QuickClock, Window } from "./window.ts";
import { bury, newWorld, removeWorld, startService } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });
const service = await startService(6);
afterAll(() => service.emulator.close());
const { ledger } = service.emulator;

test.each([1, -1])("H7: a clock that is set by %i day changes nothing", async (days) => {
  const world = newWorld(service, 4);
  const clock = new QuickClock();
  const window = new Window(world.place, { clock });
  const batch = window.start({ sources: world.sources, results: 1 });
  await vi.waitFor(() => expect(ledger.requests("getResponse").length).toBeGreaterThan(2), { interval: 1 });
  clock.setForward(days);
  expect((await batch.outcome).saved).toHaveLength(4);
  await window.close();
  await expectAllSafe(world);
  removeWorld(world);
});

test("H7: after eight hours of sleep each task is asked after once more, and nothing is sent twice", async () => {
  const world = newWorld(service, 4);
  const clock = new QuickClock();
  const window = new Window(world.place, { clock });
  const batch = window.start({ sources: world.sources, results: 1 });
  await vi.waitFor(() => expect(ledger.requests("getResponse").length).toBeGreaterThan(2), { interval: 1 });
  const polls = ledger.requests("getResponse").length;
  clock.sleepFor(8 * 3_600_000);
  const { saved, failed } = await batch.outcome;
  // The service needs more polls than one: what is not there yet stays open and is fetched by the next window.
  expect(saved.length + failed.filter(({ failure }) => failure.isOpen).length).toBe(4);
  expect(ledger.requests("imageInference")).toHaveLength(4);
  expect(ledger.requests("getResponse").length - polls).toBeLessThanOrEqual(4 * 3);
  await window.close();
  bury(world);
  expect((await restart(world)).recovered.failed).toEqual([]);
  await expectAllSafe(world);
  removeWorld(world);
});
