/** G3, G5: many tasks in one window, at a service that fails a lot or has to be stopped in time. */
import { afterAll, expect, test, vi } from "vitest";
import { isFinalState, isUnsent } from "../../src/engine/job.ts";
import { expectAllSafe } from "./invariants.ts";
import { restart } from "./runs.ts";
import { chance } from "./sampling.ts";
import { price, Window } from "./window.ts";
import { bury, newWorld, removeWorld, startService } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });
const service = await startService();
afterAll(() => service.emulator.close());
const { faults, ledger } = service.emulator;
const taskType = "imageInference";
const seed = Math.floor(chance() * 2 ** 31);

test("G3: 30 % 429, 10 % 5xx and 5 % cuts: everything is done, once, with few requests more", async () => {
  const world = newWorld(service, 60);
  faults.inject({ name: "rateLimited", when: { taskType, probability: 0.3, seed } });
  faults.inject({ name: "serverError", when: { taskType, probability: 0.1, seed: seed + 1 } });
  const when = { taskType, probability: 0.05, seed: seed + 2 };
  faults.inject({ name: "connectionLost", moment: "afterWork", when });
  const window = new Window(world.place, { concurrency: 8, random: chance });
  let most = 0;
  window.jobs.onChange(() => {
    const sent = window.jobs.running.filter(({ state }) => state === "sending" || state === "drawing");
    most = Math.max(most, sent.length);
  });
  const { saved, failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  await window.close();
  expect(failed.map(({ failure }) => failure.message)).toEqual([]);
  expect(saved).toHaveLength(60);
  expect(most, "at most so many at the service").toBeLessThanOrEqual(8);
  expect(ledger.requests(taskType).length, "submissions").toBeLessThanOrEqual(2.2 * 60);
  // Each task is asked after until it is there, and a little more where its outcome was lost.
  expect(ledger.requests("getResponse").length, "polls").toBeLessThanOrEqual(6 * 60);
  await expectAllSafe(world);
  removeWorld(world);
});

test("G3, N3: 100 % 503: no more than the budget is sent, then all waits, and goes on when asked", async () => {
  const world = newWorld(service, 40);
  const storm = faults.inject({
    name: "serverError",
    status: 503,
    code: "serviceUnavailable",
    when: { taskType, times: 9999 },
  });
  const window = new Window(world.place, { concurrency: 8 });
  const batch = window.start({ sources: world.sources, results: 1 }, { mayAsk: true });
  await vi.waitFor(() => expect(window.jobs.pausedBy).not.toBeNull(), { timeout: 30_000 });
  await vi.waitFor(() => expect(window.jobs.running.every(({ state }) => state === "waiting")).toBe(true), {
    timeout: 30_000,
  });
  expect(ledger.requests(taskType).length).toBeLessThanOrEqual(8 + 35);
  expect(window.jobs.running).toHaveLength(40);
  storm.remove();
  window.jobs.resume();
  const { saved, failed } = await batch.outcome;
  expect([saved.length, failed.map(({ failure }) => failure.message)]).toEqual([40, []]);
  await window.close();
  await expectAllSafe(world);
  removeWorld(world);
});

test.each(["insufficientCredits", "refusedKey"] as const)(
  "N10, N11: %s in the middle of a run",
  async (name) => {
    const world = newWorld(service, 12);
    const refusal = faults.inject({ name, when: { taskType, nth: 5, times: 9999 } });
    const window = new Window(world.place, { concurrency: 3 });
    const batch = window.start({ sources: world.sources, results: 1 }, { mayAsk: true });
    await vi.waitFor(() => expect(window.jobs.pausedBy).not.toBeNull(), { timeout: 30_000 });
    await vi.waitFor(() => expect(window.jobs.running.every(({ state }) => state === "waiting")).toBe(true));
    // What was under way was refused as well; nothing was sent after that.
    expect(refusal.played).toBeLessThanOrEqual(3);
    expect(ledger.charged()).toHaveLength(4);
    refusal.remove();
    window.jobs.resume();
    expect((await batch.outcome).saved).toHaveLength(12);
    await window.close();
    await expectAllSafe(world);
    removeWorld(world);
  },
);

test("N2: a service that takes eight at a time refuses few of sixteen, and none is lost", async () => {
  // 20 s on the window's clock.
  const busy = await startService(0, 0.05);
  const world = newWorld(busy, 60);
  const cap = busy.emulator.faults.inject({ name: "concurrencyCap", limit: 8, when: { times: 9999 } });
  const window = new Window(world.place, { concurrency: 16, random: chance });
  const batch = window.start({ sources: world.sources, results: 1 }, { mayAsk: true });
  const { saved, failed } = await batch.outcome;
  await window.close();
  const sent = busy.emulator.ledger.requests(taskType).length;
  console.log(`N2: ${cap.played} of ${sent} submissions were refused`);
  expect(failed.map(({ failure }) => failure.message)).toEqual([]);
  expect(saved).toHaveLength(60);
  expect(cap.played / sent, "share of refusals").toBeLessThanOrEqual(0.1);
  await expectAllSafe(world);
  removeWorld(world);
  await busy.emulator.close();
});

test("H8: what waits for a place at the service is cancelled, and not bought", async () => {
  const world = newWorld(service, 16);
  // More than go to the service at first.
  const window = new Window(world.place, { concurrency: 16 });
  const batch = window.start({ sources: world.sources, results: 1 }, { mayAsk: true });
  const sent = () => window.jobs.running.filter(({ state }) => !isUnsent(state) && !isFinalState(state));
  await vi.waitFor(() => expect(sent().length).toBeGreaterThan(3), { interval: 1 });
  const unsent = window.jobs.running.filter(({ state }) => isUnsent(state)).length;
  window.jobs.cancelWaiting();
  const { saved, failed } = await batch.outcome;
  expect(unsent).toBeGreaterThan(3);
  expect(
    failed.map(({ failure }) => failure.message).filter((text) => !text.includes("Nothing was charged")),
  ).toEqual([]);
  expect(failed.map(({ failure }) => failure.code)).toEqual(Array(unsent).fill("cancelled"));
  expect(saved).toHaveLength(16 - unsent);
  expect(ledger.charged()).toHaveLength(16 - unsent);
  await window.close();
  await expectAllSafe(world);
  removeWorld(world);
});

test("N9: offline in the middle of a run: nothing fails, and it goes on by itself", async () => {
  const world = newWorld(service, 12);
  const window = new Window(world.place, { concurrency: 3 });
  const batch = window.start({ sources: world.sources, results: 1 }, { mayAsk: true });
  await vi.waitFor(() => expect(ledger.charged().length).toBeGreaterThan(1), { interval: 1 });
  await service.emulator.goOffline();
  await vi.waitFor(() => expect(window.jobs.pausedBy?.code).toBe("network"), { timeout: 30_000 });
  await service.emulator.goOnline();
  const { saved, failed } = await batch.outcome;
  await window.close();
  const open = failed.filter(({ failure }) => failure.isOpen);
  expect(failed.length, "only what may be charged, and is fetched later").toBe(open.length);
  expect(saved.length + open.length).toBe(12);
  bury(world);
  const { recovered } = await restart(world);
  expect(recovered.failed.map(({ failure }) => failure.message)).toEqual([]);
  await expectAllSafe(world);
  removeWorld(world);
});

test("G5: the cap of the day is never passed, however many are sent at once", async () => {
  const world = newWorld(service, 20);
  const caps = { perDay: price * 7, perMonth: 0 };
  const window = new Window(world.place, { concurrency: 8, caps });
  const { saved, failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  expect(new Set(failed.map(({ failure }) => failure.code))).toEqual(new Set(["budget"]));
  expect(saved.length + failed.length).toBe(20);
  expect(ledger.chargedTotal()).toBeLessThanOrEqual(caps.perDay);
  const total = saved.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  expect(total).toBeCloseTo(ledger.chargedTotal(), 6);
  await window.close();
  await expectAllSafe(world);
  removeWorld(world);
});
