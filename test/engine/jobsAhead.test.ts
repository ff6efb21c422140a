import { afterEach, describe, expect, test, vi } from "vitest";
import { RemixFailure } from "../../src/engine/failure.ts";
import type { Provider, RemixTask } from "../../src/engine/ports.ts";
import { Bench, type Draw, gate, paid, result } from "./bench.ts";

const open: Bench[] = [];
let isRefused = false;
afterEach(async () => {
  isRefused = false;
  for (const one of open.splice(0)) {
    await one.close();
  }
});

/** A window whose provider prepares ahead. `drawn` is called when a task has been drawn and not yet been handed over. */
function bench(
  concurrency: number,
  draw: Draw,
  drawn: (task: RemixTask) => Promise<void> = async () => undefined,
) {
  const made = new Bench({ concurrency });
  open.push(made);
  const prepared: string[] = [];
  const sent: string[] = [];
  const remix = paid(made.watched, draw);
  const provider: Provider = {
    ...remix,
    prepare: async (task, signal) => {
      prepared.push(task.source.stem);
      return async function* (onDrawn) {
        sent.push(task.source.stem);
        for await (const picture of remix.remix(task, signal)) {
          onDrawn();
          await drawn(task);
          yield picture;
        }
      };
    },
  };
  const start = (...names: readonly string[]) =>
    made.jobs.start(made.requests(...names), { ...made.options(draw), provider });
  return { made, prepared, sent, start };
}

describe("what is prepared ahead", () => {
  test("is a few tasks while one is being drawn", async () => {
    const { opened, open: goOn } = gate();
    const { prepared, sent, start } = bench(1, async function* () {
      await opened;
      yield result();
    });
    const { outcome } = start("a", "b", "c", "d", "e");
    await vi.waitFor(() => expect(prepared.toSorted()).toEqual(["a", "b", "c"]));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    goOn();
    expect((await outcome).saved).toHaveLength(5);
    expect(sent.toSorted()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("is prepared anew also when it was prepared in a pause", async () => {
    const { opened, open: goOn } = gate();
    const read: string[] = [];
    const made = new Bench({
      concurrency: 2,
      parts: {
        sources: {
          inspect: async ({ stem }) => {
            await (["b", "c", "d"].includes(stem) ? opened : undefined);
            read.push(stem);
            return { width: 100, height: 100, format: "png", hasAlpha: false, sha256: "0".repeat(64) };
          },
          detailOf: async () => ({ across: [1], down: [1] }),
        },
      },
    });
    open.push(made);
    let failures = 1;
    const draw: Draw = async function* () {
      if (failures-- > 0) {
        throw new RemixFailure("credit", "No.", { concernsAll: true });
      }
      yield result();
    };
    const remix = paid(made.watched, draw);
    const provider: Provider = {
      ...remix,
      prepare: async (task, signal) => () => remix.remix(task, signal),
    };
    const requests = made.requests("a", "b", "c", "d", "e");
    const batch = made.jobs.start(requests, { ...made.options(draw, { mayAsk: true }), provider });
    await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe("credit"));
    goOn();
    // Those that were started before are prepared in the pause.
    await vi.waitFor(() => expect(read).toEqual(expect.arrayContaining(["b", "c", "d", "e"])));
    const before = read.length;
    made.jobs.resume();
    expect((await batch.outcome).saved).toHaveLength(5);
    expect(read.slice(before).toSorted()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("is prepared anew after a pause: its source and its folder may have changed", async () => {
    let sha256 = "a".repeat(64);
    const made = new Bench({
      concurrency: 1,
      parts: {
        sources: {
          inspect: async () => ({ width: 100, height: 100, format: "png", hasAlpha: false, sha256 }),
          detailOf: async () => ({ across: [1], down: [1] }),
        },
      },
    });
    open.push(made);
    const drawn: string[] = [];
    const prepared: string[] = [];
    const draw: Draw = async function* ({ sourceSha256 }) {
      if (made.jobs.pausedBy === null && drawn.push(sourceSha256) === 1) {
        await vi.waitFor(() => expect(prepared).toHaveLength(2));
        throw new RemixFailure("credit", "No.", { concernsAll: true });
      }
      yield result();
    };
    const remix = paid(made.watched, draw);
    const provider: Provider = {
      ...remix,
      prepare: async (task, signal) => {
        prepared.push(task.sourceSha256.slice(0, 1));
        return () => remix.remix(task, signal);
      },
    };
    const batch = made.jobs.start(made.requests("a", "b"), {
      ...made.options(draw, { mayAsk: true }),
      provider,
    });
    await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe("credit"));
    sha256 = "b".repeat(64);
    made.jobs.resume();
    expect((await batch.outcome).saved).toHaveLength(2);
    expect(prepared).toEqual(["a", "a", "b", "b"]);
    expect(new Set(drawn.slice(1))).toEqual(new Set([sha256]));
  });

  test("does not push in front of another run: a small one takes turns with a large one", async () => {
    const draw: Draw = async function* () {
      await new Promise((resolve) => setImmediate(resolve));
      yield result();
    };
    const { sent, start } = bench(2, draw);
    const large = start(..."abcdefghijklmnopqrst");
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(2));
    const before = sent.length;
    const small = start("y", "z");
    await Promise.all([large.outcome, small.outcome]);
    // What was prepared already goes first, and between its two there is one of the others.
    expect(sent.indexOf("z") - before).toBeLessThan(10);
  });

  test("is sent once the one before has been drawn, not only when it has been saved", async () => {
    const { opened, open: goOn } = gate();
    const draw: Draw = async function* () {
      yield result();
    };
    const { sent, start } = bench(1, draw, () => (sent.length === 1 ? opened : Promise.resolve()));
    const { outcome } = start("a", "b");
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    goOn();
    expect((await outcome).saved).toHaveLength(2);
  });

  test("is not sent when the account has been refused", async () => {
    const { opened, open: goOn } = gate();
    const ahead = bench(1, async function* () {
      await opened;
      if (isRefused) {
        throw new RemixFailure("credit", "No.", { concernsAll: true, retryable: false });
      }
      yield result();
    });
    const { outcome } = ahead.start("a", "b", "c");
    await vi.waitFor(() => expect([ahead.prepared.length, ahead.sent.length]).toEqual([3, 1]));
    isRefused = true;
    goOn();
    const { failed } = await outcome;
    expect(failed.map(({ failure }) => failure.code)).toEqual(["credit", "credit", "credit"]);
    expect(failed.filter(({ failure }) => /was not sent/.test(failure.message))).toHaveLength(2);
    expect(ahead.sent).toHaveLength(1);
    expect(await ahead.made.onDisk()).toEqual([]);
  });

  test("is taken back with what waits; what has been sent goes on", async () => {
    const { opened, open: goOn } = gate();
    const { made, prepared, sent, start } = bench(1, async function* () {
      await opened;
      yield result();
    });
    const { outcome } = start("a", "b", "c", "d");
    await vi.waitFor(() => expect([prepared.length, sent.length]).toEqual([3, 1]));
    made.jobs.cancelWaiting();
    goOn();
    const { saved, failed } = await outcome;
    expect(saved.map(({ source }) => source.stem)).toEqual(sent);
    expect(failed.map(({ failure }) => failure.code)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(sent).toHaveLength(1);
    expect(await made.onDisk()).toEqual([]);
  });
});
