/** H5, H6: several windows on one storage folder. */
import { symlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { runChild, startChild } from "./children.ts";
import { expectAllSafe } from "./invariants.ts";
import { restart, runWith } from "./runs.ts";
import { chance, isFull } from "./sampling.ts";
import { price, QuickClock, Window } from "./window.ts";
import { bury, newWorld, removeWorld, startService } from "./world.ts";

vi.setConfig({ testTimeout: 120_000 });
const turns = isFull ? 20 : 1;
/** Slow enough for windows to meet. */
const slow = await startService(40);
const quick = await startService();
afterAll(() => Promise.all([slow.emulator.close(), quick.emulator.close()]));

test("H5: two processes that start the same run pay for each picture once", async () => {
  for (let turn = 0; turn < turns; turn++) {
    const world = newWorld(slow, 4);
    const job = { ...world.place, sources: world.sources, results: 1, concurrency: 4 };
    const children = [startChild(job), startChild(job)];
    await Promise.all(children.map(({ ready }) => ready));
    for (const child of children) {
      child.go();
    }
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(["0", "0"]);
    await restart(world);
    await expectAllSafe(world);
    removeWorld(world);
  }
});

test("H5: a run that was planned before another window had made the same buys none of it again", async () => {
  const world = newWorld(slow, 4);
  const clock = new QuickClock();
  const planned = clock.now();
  const [first, second] = [new Window(world.place, { clock }), new Window(world.place, { clock })];
  const wish = { sources: world.sources, results: 1 };
  const under = first.start(wish, { asOf: () => planned });
  await vi.waitFor(() => expect(under.tasks.some(({ saved }) => saved.length > 0)).toBe(true), {
    interval: 1,
    timeout: 30_000,
  });
  // Some are made by now, some are being made, some wait.
  const late = await second.start(wish, { asOf: () => planned }).outcome;
  const { saved } = await under.outcome;
  const later = await second.start(wish, { asOf: () => planned }).outcome;
  const codes = [...late.failed, ...later.failed].map(({ failure }) => failure.code);
  expect(new Set(codes)).toEqual(new Set(["needsConfirmation"]));
  expect(later.saved).toEqual([]);
  expect(saved.length + late.saved.length).toBe(4);
  await Promise.all([first, second].map((window) => window.close()));
  await expectAllSafe(world);
  // Whoever has seen those results may want more.
  const again = new Window(world.place, { clock });
  expect((await again.start(wish, { asOf: () => clock.now() }).outcome).saved).toHaveLength(4);
  await again.close();
  removeWorld(world);
});

test("H5: pictures of a folder that two windows open by two paths are paid for once", async () => {
  const world = newWorld(slow, 4);
  const clock = new QuickClock();
  const planned = clock.now();
  const link = path.join(world.root, "link");
  symlinkSync(world.pictures, link, "junction");
  const linked = world.sources.map((file) => path.join(link, path.basename(file)));
  const [real, other] = [new Window(world.place, { clock }), new Window(world.place, { clock })];
  const asOf = () => planned;
  const both = await Promise.all([
    real.start({ sources: world.sources, results: 1 }, { asOf }).outcome,
    other.start({ sources: linked, results: 1 }, { asOf }).outcome,
  ]);
  expect(both.flatMap(({ saved }) => saved)).toHaveLength(4);
  // Neither is there a difference once all is over.
  for (const [window, sources] of [
    [real, world.sources],
    [other, linked],
  ] as const) {
    both.push(await window.start({ sources, results: 1 }, { asOf }).outcome);
  }
  expect(both.flatMap(({ saved }) => saved)).toHaveLength(4);
  const codes = both.flatMap(({ failed }) => failed.map(({ failure }) => failure.code));
  expect(codes).toEqual(Array.from({ length: 12 }, () => "needsConfirmation"));
  await Promise.all([real, other].map((window) => window.close()));
  await expectAllSafe(world);
  removeWorld(world);
});

test("H5: of two windows that start the same run at once, the one that is left buys nothing that the killed one had sent", async () => {
  for (let turn = 0; turn < turns; turn++) {
    const world = newWorld(slow, 8);
    const planned = new QuickClock().now();
    const job = {
      ...world.place,
      sources: world.sources,
      results: 1,
      concurrency: 4,
      asOf: planned.getTime(),
    };
    const child = startChild(job);
    await child.ready;
    const window = new Window(world.place, { concurrency: 2 });
    child.go();
    const { outcome } = window.start(
      { sources: world.sources.toReversed(), results: 1 },
      { asOf: () => planned },
    );
    const { ledger } = world.emulator;
    await vi.waitFor(() => expect(ledger.accepted().length).toBeGreaterThan(4), {
      interval: 1,
      timeout: 30_000,
    });
    child.kill();
    await child.ended;
    await outcome;
    await window.close();
    bury(world);
    await restart(world);
    await expectAllSafe(world);
    removeWorld(world);
  }
});

test("H5: what a window that died had begun since a run was planned is not bought by that run", async () => {
  const world = newWorld(slow, 6);
  const job = { ...world.place, sources: world.sources, results: 1, concurrency: 6 };
  // The clocks of the tests' windows start at the same time of day.
  const planned = new QuickClock().now();
  const child = startChild(job);
  await child.ready;
  child.go();
  const { ledger } = world.emulator;
  await vi.waitFor(() => expect(ledger.accepted()).not.toEqual([]), { interval: 1, timeout: 30_000 });
  child.kill();
  await child.ended;
  await world.emulator.settled();
  const window = new Window(world.place);
  const { saved, failed } = await window.start(
    { sources: world.sources, results: 1 },
    { asOf: () => planned },
  ).outcome;
  expect(new Set(failed.map(({ failure }) => failure.code))).toEqual(new Set(["needsConfirmation"]));
  expect(saved).toEqual([]);
  await window.close();
  await restart(world);
  await expectAllSafe(world);
  removeWorld(world);
});

test("H5: of several windows that find what a dead one left, one gets each task", async () => {
  for (let turn = 0; turn < turns; turn++) {
    const world = newWorld(quick, 8);
    const job = { ...world.place, sources: world.sources, results: 2, concurrency: 8 };
    await runChild(job, () => setTimeout(20 + chance() * 60));
    await world.emulator.settled();
    const windows = [1, 2, 3].map(() => new Window(world.place));
    const all = await Promise.all(windows.map((window) => window.recover()));
    const failed = all.flatMap(({ recovered, sent }) => [...recovered.failed, ...sent.failed]);
    expect(failed.map(({ failure }) => failure.message)).toEqual([]);
    await Promise.all(windows.map((window) => window.close()));
    bury(world);
    await restart(world);
    await expectAllSafe(world);
    removeWorld(world);
  }
});

test("H5: two processes together do not pass the cap", async () => {
  const world = newWorld(quick, 12);
  const caps = { perDay: price * 5, perMonth: 0 };
  const halves = [world.sources.slice(0, 6), world.sources.slice(6)];
  const windows = halves.map(() => new Window(world.place, { caps, concurrency: 6 }));
  const outcomes = await Promise.all(
    windows.map((window, index) => window.start({ sources: halves[index] ?? [], results: 1 }).outcome),
  );
  const codes = new Set(outcomes.flatMap(({ failed }) => failed.map(({ failure }) => failure.code)));
  expect([...codes]).toEqual(["budget"]);
  await Promise.all(windows.map((window) => window.close()));
  expect(quick.emulator.ledger.chargedTotal()).toBeLessThanOrEqual(caps.perDay);
  await expectAllSafe(world);
  removeWorld(world);
});

test("H6: of a process on another machine nothing is taken while it lives, and everything when it is silent", async () => {
  const world = newWorld(quick);
  const identity = { host: "another-machine", pid: process.pid, started: null };
  const lives = new Window(world.place, { identity, beat: 20 });
  let hasBegun = false;
  lives.jobs.onChange(() => {
    hasBegun ||= lives.jobs.running.some(({ state }) => state === "drawing");
  });
  const batch = lives.start({ sources: world.sources, results: 1 });
  await vi.waitFor(() => expect(hasBegun).toBe(true), { interval: 1 });
  const window = new Window(world.place, { beat: 20 });
  expect((await window.journal.takeOver()).tasks).toEqual([]);
  expect((await batch.outcome).saved).toHaveLength(1);
  await lives.close();
  await window.close();
  await expectAllSafe(world);
  removeWorld(world);

  const other = newWorld(quick);
  // It dies without a word: no more beats, and its lease stays.
  await runWith(other, { kind: "die", at: 40, when: "after" }, { identity, beat: 20 });
  const { recovered, sent } = await restart(other, { beat: 60 });
  expect([...recovered.failed, ...sent.failed]).toEqual([]);
  await other.emulator.settled();
  expect(other.emulator.ledger.charged()).toHaveLength(2);
  removeWorld(other);
});
