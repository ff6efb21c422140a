/** G1: a process that dies at any step, and the one that comes after it. */
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test, vi } from "vitest";
import { runChild } from "./children.ts";
import { expectAllSafe } from "./invariants.ts";
import { countSteps, dieWhileRecovering, restart, runWith } from "./runs.ts";
import { chance, isFull, sample } from "./sampling.ts";
import { type Fault, linkless } from "./shim.ts";
import { type Resumed, Window } from "./window.ts";
import { newWorld, removeWorld, startService, type World } from "./world.ts";

vi.setConfig({ testTimeout: isFull ? 900_000 : 60_000 });
const service = await startService();
afterAll(() => service.emulator.close());

const moments = ["before", "after", "torn"] as const;
type Death = Extract<Fault, { kind: "die" }>;

/** Everything that was asked for is there once the next window has been at it. */
function expectComplete(world: World, { recovered, sent, unreadable }: Resumed, results: number): void {
  expect([...recovered.failed, ...sent.failed].map(({ failure }) => failure.message)).toEqual([]);
  expect(unreadable).toEqual([]);
  expect(world.emulator.ledger.charged()).toHaveLength(world.emulator.ledger.accepted().length * results);
}

async function tell(what: string, world: World, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    throw new Error(`${what}\n${String(cause)}`, { cause });
  } finally {
    removeWorld(world);
  }
}

describe("in one process that stops doing anything", () => {
  test.each(moments)("%s every step of one task", async (when) => {
    const fresh = newWorld(service);
    const count = await countSteps(fresh, { kind: "die", at: 0, when });
    removeWorld(fresh);
    const broken: string[] = [];
    for (const at of sample(steps(count), 6)) {
      const world = newWorld(service);
      const fault: Death = { kind: "die", at, when };
      const { shim } = await runWith(world, fault);
      await tell(`${when} step ${at}: ${shim.hit}`, world, async () => {
        expectComplete(world, await restart(world), 2);
        await expectAllSafe(world);
      }).catch((error: unknown) => void broken.push(String(error)));
    }
    expect(broken.join("\n\n")).toBe("");
  });

  test("before every step, on a disk without hard links", async () => {
    const fresh = newWorld(service);
    const count = await countSteps(fresh, { kind: "die", at: 0, when: "before" }, { files: linkless });
    removeWorld(fresh);
    const broken: string[] = [];
    for (const at of sample(steps(count), 6)) {
      const world = newWorld(service);
      const { shim } = await runWith(world, { kind: "die", at, when: "before" }, { files: linkless });
      await tell(`step ${at}: ${shim.hit}`, world, async () => {
        expectComplete(world, await restart(world, { files: linkless }), 2);
        await expectAllSafe(world);
      }).catch((error: unknown) => void broken.push(String(error)));
    }
    expect(broken.join("\n\n")).toBe("");
  });

  test("twice: the window that takes over dies as well, at every step", async () => {
    const broken: string[] = [];
    const all = steps(40).flatMap((first) => steps(40).map((second) => ({ first: first * 2, second })));
    for (const { first, second } of isFull ? sampleOf(all, 300) : sample(all, 8)) {
      const world = newWorld(service);
      await runWith(world, { kind: "die", at: first, when: "after" });
      await tell(`after steps ${first} and ${second}`, world, async () => {
        await dieWhileRecovering(world, second);
        expectComplete(world, await restart(world), 2);
        await expectAllSafe(world);
      }).catch((error: unknown) => void broken.push(String(error)));
    }
    expect(broken.join("\n\n")).toBe("");
  });
});

describe("a process that is killed (SIGKILL)", () => {
  test("at every step of one task", async () => {
    const fresh = newWorld(service);
    const count = await countSteps(fresh, { kind: "die", at: 0, when: "before" });
    removeWorld(fresh);
    for (const at of sample(steps(count), 4)) {
      const world = newWorld(service);
      const job = { ...world.place, sources: world.sources, results: 2, concurrency: 1 };
      const death = await runChild({ ...job, fault: { kind: "die", at, when: "before" } });
      await tell(`step ${at}: ${death}`, world, async () => {
        expectComplete(world, await restart(world), 2);
        await expectAllSafe(world);
      });
    }
  });

  test("at random points, with eight tasks in flight", async () => {
    const wanted = isFull ? 200 : 5;
    /** How many tasks had been sent, and had not come to their end, at each kill. */
    const kills: number[] = [];
    // What runs to its end before its time comes was not killed, and does not count.
    for (let turn = 0; kills.length < wanted && turn < wanted * 4; turn++) {
      const world = newWorld(service, 8);
      const job = { ...world.place, sources: world.sources, results: 1, concurrency: 8 };
      const when = moments[turn % moments.length] ?? "before";
      const at = 1 + Math.floor(chance() * stepsOfEight);
      // All eight, every other time: else some are over before the last is sent.
      const isFullHouse = turn % 4 === 1;
      const sent = isFullHouse ? 8 : 1 + Math.floor(chance() * 8);
      const letDraw = isFullHouse ? service.holdDrawing() : undefined;
      // Every other one is killed from outside, wherever it happens to be once the service has so many of its tasks.
      const isStep = turn % 2 === 0;
      const ended = isStep
        ? await runChild({ ...job, fault: { kind: "die", at, when } })
        : await runChild(job, () => hasAccepted(world, sent));
      letDraw?.();
      const open = await new Window(world.place).journal.allOpenTasks();
      const inFlight = open.filter(({ submission }) => submission !== null).length;
      if (ended === "SIGKILL" && inFlight > 0) {
        kills.push(inFlight);
      }
      await tell(isStep ? `${when} step ${at}` : `with ${sent} sent`, world, async () => {
        expectComplete(world, await restart(world), 1);
        await expectAllSafe(world);
      });
    }
    expect(kills).toHaveLength(wanted);
    const inFull = kills.filter((inFlight) => inFlight === 8).length;
    console.log(`${wanted} processes killed with tasks in flight, ${inFull} of them with all eight`);
    // Of a few, none may have met all of them.
    expect(inFull).toBeGreaterThanOrEqual(isFull ? wanted / 4 : 0);
  });
});

/** Steps that a process of its own takes for eight tasks, or somewhat fewer: how often it polls is a matter of time. */
const stepsOfEight = 600;

/** Resolves a moment after the service has taken on `count` tasks, or a while later, should it never. */
async function hasAccepted({ emulator }: World, count: number): Promise<void> {
  const end = performance.now() + 5_000;
  while (emulator.ledger.accepted().length < count && performance.now() < end) {
    await setTimeout(1);
  }
  await setTimeout(chance() * 40);
}

function steps(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function sampleOf<Item>(all: readonly Item[], count: number): readonly Item[] {
  return all.filter(() => chance() < count / all.length);
}
