import { rmSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type FailureOptions, RemixFailure } from "../../src/engine/failure.ts";
import type { Outcome } from "../../src/engine/job.ts";
import type { Jobs } from "../../src/engine/jobs.ts";
import { Bench, type Draw, gate, result, untilStopped } from "./bench.ts";

const open: Bench[] = [];
function bench(...given: ConstructorParameters<typeof Bench>): Bench {
  const made = new Bench(...given);
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.close();
  }
});

const codes = ({ failed }: Outcome) => failed.map(({ failure }) => failure.code);
const names = (jobs: Jobs) => jobs.running.map(({ source, state }) => `${source.stem} ${state}`);

const one: Draw = async function* () {
  yield result();
};
/** Draws one result, except that `failure` is thrown the first times. */
function failing(times: number, failure: () => RemixFailure, seen: string[] = []): Draw {
  return async function* (task) {
    seen.push(task.taskUUID);
    if (seen.length <= times) {
      throw failure();
    }
    yield result();
  };
}

const account = { concernsAll: true } satisfies FailureOptions;

describe("a failure that concerns all", () => {
  test.each(["authentication", "credit"] as const)("with nobody to ask (%s) ends the rest", async (code) => {
    const made = bench();
    const seen: string[] = [];
    const draw = failing(9, () => new RemixFailure(code, "No.", account), seen);
    const outcome = await made.jobs.start(made.requests("a", "b", "c"), made.options(draw)).outcome;
    expect(seen).toHaveLength(1);
    expect(codes(outcome)).toEqual([code, code, code]);
    expect(outcome.failed.slice(1).map(({ failure }) => failure.message)).toEqual([
      "b.png was not sent. No.",
      "c.png was not sent. No.",
    ]);
    expect(made.jobs.pausedBy).toBeNull();
    expect(await made.onDisk()).toEqual([]);
  });

  test.each(["authentication", "credit"] as const)(
    "with somebody to ask (%s) lets all wait, and goes on under the same UUIDs",
    async (code) => {
      const made = bench();
      const seen: string[] = [];
      const draw = failing(1, () => new RemixFailure(code, "No.", account), seen);
      const batch = made.jobs.start(made.requests("a", "b", "c"), made.options(draw, { mayAsk: true }));
      await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe(code));
      expect(names(made.jobs)).toEqual(["a waiting", "b waiting", "c waiting"]);
      const waiting = await made.onDisk();
      expect(waiting.map(({ submission }) => submission)).toEqual([null, null, null]);
      // However much time passes.
      made.clock.advance(3_600_000);
      expect(made.jobs.pausedBy?.code).toBe(code);
      made.jobs.resume();
      const { saved } = await batch.outcome;
      expect(saved.map(({ source }) => source.stem)).toEqual(["a", "b", "c"]);
      expect(seen).toHaveLength(4);
      expect(seen[1]).toBe(seen[0]);
      expect(new Set(seen)).toEqual(new Set(waiting.map(({ taskUUID }) => taskUUID)));
      expect(await made.onDisk()).toEqual([]);
    },
  );

  test("of the network is over when the network is back, with nobody doing anything", async () => {
    const made = bench();
    const draw = failing(1, () => new RemixFailure("network", "Offline.", { ...account, retryable: true }));
    const batch = made.jobs.start(made.requests("a", "b"), made.options(draw, { mayAsk: true }));
    await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe("network"));
    made.clock.advance(60_000);
    expect((await batch.outcome).saved).toHaveLength(2);
    expect(made.jobs.pausedBy).toBeNull();
  });

  test("leaves nobody waiting who cannot be asked", async () => {
    const made = bench();
    const goOn = gate();
    const draw: Draw = async function* () {
      await goOn.opened;
      if (goOn !== undefined) {
        throw new RemixFailure("credit", "No.", account);
      }
      yield result();
    };
    const asked = made.jobs.start(made.requests("a"), made.options(draw, { mayAsk: true }));
    const called = made.jobs.start(made.requests("b"), made.options(one));
    await vi.waitFor(() => expect(names(made.jobs)).toEqual(["a sending", "b waiting"]));
    goOn.open();
    expect(codes(await called.outcome)).toEqual(["credit"]);
    made.jobs.cancelAll();
    expect(codes(await asked.outcome)).toEqual(["cancelled"]);
  });

  test("does not hold up what was started after it was seen to", async () => {
    const made = bench();
    const draw = failing(1, () => new RemixFailure("credit", "No.", account));
    const first = made.jobs.start(made.requests("a"), made.options(draw, { mayAsk: true }));
    await vi.waitFor(() => expect(made.jobs.pausedBy).not.toBeNull());
    const second = made.jobs.start(made.requests("b"), made.options(one));
    expect((await Promise.all([first.outcome, second.outcome])).map(({ saved }) => saved.length)).toEqual([
      1, 1,
    ]);
  });

  test("does not let one wait that was cancelled meanwhile", async () => {
    const made = bench();
    const draw: Draw = async function* () {
      const planned = made.journal.planned.bind(made.journal);
      made.journal.planned = async (plans) => {
        batch.cancel();
        await planned(plans);
      };
      if (open.length > 0) {
        throw new RemixFailure("credit", "No.", account);
      }
      yield result();
    };
    const batch = made.jobs.start(made.requests("a"), made.options(draw, { mayAsk: true }));
    expect(codes(await batch.outcome)).toEqual(["cancelled"]);
    expect(made.jobs.pausedBy).toBeNull();
    expect(await made.onDisk()).toEqual([]);
  });
});

describe("the end of the window", () => {
  test("settles every promise, and what was not sent stays written down", async () => {
    const made = bench();
    const started = gate();
    const draw: Draw = async function* (_task, signal) {
      started.open();
      await untilStopped(signal);
      yield result();
    };
    const first = made.jobs.start(made.requests("a", "b"), made.options(draw));
    const second = made.jobs.start(made.requests("c"), made.options(draw));
    await started.opened;
    await vi.waitFor(async () => expect(await made.onDisk()).toHaveLength(3));
    await made.jobs.dispose();
    expect(codes(await first.outcome).sort()).toEqual(["abandoned", "cancelled"]);
    expect(codes(await second.outcome)).toEqual(["cancelled"]);
    const left = await made.onDisk();
    expect(left.map(({ submission }) => submission === null)).toEqual([false, true, true]);
  });

  test("waits for a picture that is being saved: no other window may find it half done", async () => {
    const { results } = bench().parts;
    const saving = gate();
    const room = gate();
    const slow: typeof results = {
      ...results,
      stage: async (...given) => {
        saving.open();
        await room.opened;
        return results.stage(...given);
      },
    };
    const made = bench({ parts: { results: slow } });
    const draw: Draw = async function* () {
      yield result();
    };
    const batch = made.jobs.start(made.requests("a"), made.options(draw));
    await saving.opened;
    let isOver = false;
    const closing = made.jobs.dispose().then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    room.open();
    await closing;
    expect((await batch.outcome).saved).toHaveLength(1);
    expect(await made.onDisk()).toEqual([]);
  });

  test("settles what was paused", async () => {
    const made = bench();
    const draw = failing(9, () => new RemixFailure("network", "Offline.", account));
    const batch = made.jobs.start(made.requests("a", "b"), made.options(draw, { mayAsk: true }));
    await vi.waitFor(() => expect(made.jobs.pausedBy).not.toBeNull());
    await made.jobs.dispose();
    expect(codes(await batch.outcome)).toEqual(["cancelled", "cancelled"]);
    expect(await made.onDisk()).toHaveLength(2);
  });

  test("settles what can no longer be written down", async () => {
    const made = bench();
    const draw: Draw = async function* (_task, signal) {
      rmSync(made.storage, { recursive: true });
      await untilStopped(signal);
      yield result();
    };
    const batch = made.jobs.start(made.requests("a", "b"), made.options(draw));
    await vi.waitFor(() => expect(names(made.jobs)).toContain("a sending"));
    batch.cancel();
    expect((await batch.outcome).failed).toHaveLength(2);
  });
});
