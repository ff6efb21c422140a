import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { RemixFailure } from "../../src/engine/failure.ts";
import type { Outcome } from "../../src/engine/job.ts";
import type { JobsParts } from "../../src/engine/jobs.ts";
import type { Provider } from "../../src/engine/ports.ts";
import { nodeFiles } from "../../src/platform/files.ts";
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

const full = () => new RemixFailure("diskFull", "The disk is full.");
const codes = ({ failed }: Outcome) => failed.map(({ failure }) => failure.code);

const one: Draw = async function* () {
  yield result();
};
const four: Draw = async function* () {
  yield* [result(), result(), result(), result()];
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
/** A disk that takes only what `accepts` says; otherwise files are written as usual. */
function disk(accepts: (kind: "stage" | "keep") => boolean): Bench {
  const { results } = bench().parts;
  const picky: JobsParts["results"] = {
    ...results,
    stage: async (...given) => (accepts("stage") ? results.stage(...given) : Promise.reject(full())),
    keep: async (...given) => (accepts("keep") ? results.keep(...given) : Promise.reject(full())),
  };
  return bench({ parts: { results: picky } });
}

test("a double click draws once; the second time is told, and may be repeated afterwards", async () => {
  const { opened, open } = gate();
  const draw: Draw = async function* () {
    await opened;
    yield result();
  };
  const made = bench();
  const first = made.jobs.start(made.requests("a"), made.options(draw));
  const second = made.jobs.start(made.requests("a"), made.options(draw));
  expect(codes(await second.outcome)).toEqual(["needsConfirmation"]);
  open();
  expect((await first.outcome).saved).toHaveLength(1);
  expect((await made.jobs.start(made.requests("a"), made.options(one)).outcome).saved).toHaveLength(1);
});

test.each([0, 5, 30])(
  "what was left unsent is sent once, however often it is asked for (%i ms apart)",
  async (milliseconds) => {
    const dead = new Bench();
    const made = bench({ root: dead.root });
    await dead.journal.planned([dead.plan("left")]);
    await dead.leases.release();
    await made.journal.takeOver();
    const draw: Draw = async function* () {
      await setTimeout(50);
      yield result();
    };
    const start = () =>
      made.jobs.start(made.requests("a"), made.options(draw, { taskUUIDs: ["left"], mayAsk: true }));
    const first = start();
    await setTimeout(milliseconds);
    const second = start();
    expect(made.jobs.running).toHaveLength(1);
    expect(made.jobs.committed).toBeCloseTo(0.06);
    expect(codes(await second.outcome)).toEqual(["needsConfirmation"]);
    expect((await first.outcome).saved).toHaveLength(1);
    expect(await made.ledger.charges()).toHaveLength(1);
    expect(await made.onDisk()).toEqual([]);
  },
);

test("what is kept is paid for: a retry asks for what is missing besides", async () => {
  const { results } = bench().parts;
  let staged = 0;
  const made = bench({
    parts: {
      results: {
        ...results,
        stage: (...given) =>
          ++staged === 2 ? Promise.reject(new RemixFailure("readOnly", "No.")) : results.stage(...given),
      },
    },
  });
  const draw: Draw = async function* () {
    yield* [result(), result()];
    throw new RemixFailure("provider", "Two of four.", { retryable: true });
  };
  const requests = made.requests("a").map((request) => {
    const values = { ...request.recipe.values, numberResults: 4 };
    return { ...request, recipe: { ...request.recipe, values } };
  });
  const { saved, failed } = await made.jobs.start(requests, made.options(draw)).outcome;
  expect(saved).toHaveLength(1);
  expect(
    failed.map(({ keptAs, request }) => [keptAs === undefined, request?.recipe.values.numberResults]),
  ).toEqual([
    [false, undefined],
    [true, 2],
  ]);
});

test("a source that has changed since it was planned is not bought", async () => {
  const made = bench();
  const [request] = made.requests("a");
  const planned = request === undefined ? [] : [{ ...request, sourceSha256: "f".repeat(64) }];
  const outcome = await made.jobs.start(planned, made.options(one)).outcome;
  expect(codes(outcome)).toEqual(["needsConfirmation"]);
  expect(outcome.failed[0]?.failure.message).toMatch(/^a\.png has changed since this was planned/);
  expect(await made.ledger.charges()).toEqual([]);
});

test("what tasks may still cost is known until they have their results", async () => {
  const { opened, open } = gate();
  const made = bench();
  const draw: Draw = async function* () {
    yield result();
    await opened;
    yield result();
  };
  const [request] = made.requests("a");
  const two = request && {
    ...request,
    recipe: { ...request.recipe, values: { ...request.recipe.values, numberResults: 2 } },
  };
  const batch = made.jobs.start(two === undefined ? [] : [two, ...made.requests("b")], made.options(draw));
  expect(made.jobs.committed).toBeCloseTo(0.18);
  await vi.waitFor(() => expect(batch.tasks[0]?.saved).toHaveLength(1));
  expect(made.jobs.committed).toBeCloseTo(0.12);
  open();
  await batch.outcome;
  expect(made.jobs.committed).toBe(0);
});

describe("saving", () => {
  test("what is odd about a picture is told with it and in the log", async () => {
    const remarks = ["a.png: 8 × 8 pixels were asked for, and the result came with 4 × 4."];
    const made = bench({
      parts: { finish: async ({ bytes }) => ({ bytes, format: "PNG", remarks }) },
    });
    const { saved } = await made.jobs.start(made.requests("a"), made.options(one)).outcome;
    expect(saved).toMatchObject([{ remarks }]);
    expect(made.warnings).toEqual(remarks);
  });

  test("what is to stand beside a picture is in safety before the picture has its name", async () => {
    const made = bench({
      parts: { finish: async ({ bytes }) => ({ bytes, format: "PNG", sidecar: "{}" }) },
    });
    const staged = vi.spyOn(made.journal, "staged");
    await made.jobs.start(made.requests("a"), made.options(one)).outcome;
    expect(staged.mock.calls).toMatchObject([[expect.anything(), { sidecar: "{}" }]]);
    expect(made.saved()).toEqual(["a.remix-1.png", "a.remix-1.png.json"]);
  });

  test("a paid picture that its folder will not take is kept, and those after it still come", async () => {
    let saves = 0;
    const made = disk((kind) => kind === "keep" || ++saves !== 2);
    const { saved, failed } = await made.jobs.start(made.requests("a"), made.options(four)).outcome;
    expect(saved).toHaveLength(3);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.keptAs).toMatch(/a\.remix-1\.png$/);
    expect(failed[0]?.failure.message).toBe(
      `The disk is full. The finished picture is kept as ${failed[0]?.keptAs}.`,
    );
    expect(await made.onDisk()).toEqual([]);
  });

  test("a folder that is gone gets no more of what is not paid for yet", async () => {
    const { results } = bench().parts;
    const gone = () => Promise.reject(new RemixFailure("readOnly", "The folder is gone."));
    const made = bench({ parts: { results: { ...results, stage: gone } } });
    const sent: string[] = [];
    const draw: Draw = async function* (task) {
      sent.push(task.source.stem);
      yield result();
    };
    const { failed } = await made.jobs.start(made.requests("a", "b", "c", "d", "e"), made.options(draw))
      .outcome;
    expect(failed).toHaveLength(5);
    expect(sent).toEqual(["a"]);
    expect(failed.map(({ keptAs }) => keptAs !== undefined)).toEqual([true, false, false, false, false]);
    expect(failed[4]?.failure.message).toBe("e.png was not sent. The folder is gone.");
  });

  test("when it cannot be kept either, both failures are told, and the task stays open", async () => {
    const made = disk(() => false);
    const outcome = await made.jobs.start(made.requests("a"), made.options(four)).outcome;
    const [task] = await made.onDisk();
    expect(outcome.failed.map(({ failure }) => failure.message)).toEqual([
      `The disk is full. It could not be kept in storage either: The disk is full. Task ${task?.taskUUID} stays open, so that its result can be fetched again.`,
    ]);
    expect(task).toMatchObject({ received: [{ cost: 0.06 }], saved: [] });
  });

  test("a result takes the extension of the bytes that came", async () => {
    const made = bench();
    const draw: Draw = async function* () {
      yield result({ format: "JPG" });
    };
    await made.jobs.start(made.requests("a"), made.options(draw)).outcome;
    expect(made.saved()).toEqual(["a.remix-1.jpg"]);
  });

  test("what cannot be finished is saved as it was delivered", async () => {
    const made = bench({ parts: { finish: () => Promise.reject(new Error("the codec is unwell")) } });
    const { saved } = await made.jobs.start(made.requests("a"), made.options(one)).outcome;
    expect(saved).toHaveLength(1);
    expect(made.saved()).toEqual(["a.remix-1.png"]);
    expect(made.warnings.join()).toContain("the codec is unwell");
  });

  test("a local picture that cannot be saved is neither kept nor written down", async () => {
    const made = disk((kind) => kind === "keep");
    const provider: Provider = { id: "local", remix: (task) => one(task, new AbortController().signal) };
    const options = made.options(one, { provider });
    const outcome = await made.jobs.start(made.requests("a"), options).outcome;
    expect(outcome.failed).toMatchObject([{ failure: { code: "diskFull", message: "The disk is full." } }]);
    expect(outcome.failed[0]).not.toHaveProperty("keptAs");
    expect(await made.onDisk()).toEqual([]);
  });
});

describe("running", () => {
  test("no more run at a time than are allowed, and as many as are", async () => {
    const made = bench({ concurrency: 2 });
    let running = 0;
    let most = 0;
    const both = gate();
    const draw: Draw = async function* () {
      most = Math.max(most, ++running);
      if (running === 2) {
        both.open();
      }
      // With one at a time this would never end.
      await both.opened;
      yield result();
      running--;
    };
    const outcome = await made.jobs.start(made.requests("a", "b", "c", "d", "e"), made.options(draw)).outcome;
    expect(outcome.saved).toHaveLength(5);
    expect(most).toBe(2);
    expect(made.jobs.running).toEqual([]);
    expect(await made.onDisk()).toEqual([]);
  });

  test("a failure of one does not stop the others", async () => {
    const made = bench();
    const draw = failing(1, () => new RemixFailure("safety", "No."));
    const { saved, failed } = await made.jobs.start(made.requests("a", "b", "c"), made.options(draw)).outcome;
    expect([saved.length, failed.length]).toEqual([2, 1]);
  });

  test("all tasks of a run are written down before the first is drawn", async () => {
    const made = bench();
    const seen: (readonly string[])[] = [];
    const draw: Draw = async function* () {
      seen.push((await made.onDisk()).map(({ plan }) => plan?.source ?? ""));
      yield result();
    };
    const requests = made.requests("a", "b");
    await made.jobs.start(requests, made.options(draw)).outcome;
    expect(seen[0]).toEqual(requests.map(({ source }) => source.path));
  });

  test("nothing is drawn that cannot be written down", async () => {
    const files = { ...nodeFiles, mkdir: () => Promise.reject(new Error("no folder")) };
    const made = bench({ files });
    const seen: string[] = [];
    const draw = failing(0, full, seen);
    const outcome = await made.jobs.start(made.requests("a", "b"), made.options(draw)).outcome;
    expect(codes(outcome)).toEqual(["unknown", "unknown"]);
    expect(seen).toEqual([]);
  });

  test("each state is told as it comes", async () => {
    const made = bench();
    const states: string[] = [];
    made.jobs.onChange(() => states.push(made.jobs.running[0]?.state ?? "over"));
    await made.jobs.start(made.requests("a"), made.options(one)).outcome;
    expect([...new Set(states)]).toEqual([
      "waiting",
      "preparing",
      "sending",
      "downloading",
      "saving",
      "over",
    ]);
  });
});

describe("cancelling", () => {
  test("what has not been sent was not charged, and is forgotten", async () => {
    const made = bench();
    const started = gate();
    const draw: Draw = async function* (_task, signal) {
      started.open();
      await untilStopped(signal);
      yield result();
    };
    const batch = made.jobs.start(made.requests("a", "b", "c"), made.options(draw));
    await started.opened;
    batch.cancel();
    const outcome = await batch.outcome;
    expect(codes(outcome).sort()).toEqual(["abandoned", "cancelled", "cancelled"]);
    const cancelled = outcome.failed.filter(({ failure }) => failure.code === "cancelled");
    for (const { failure, source } of cancelled) {
      expect(failure.message).toBe(`${source.name} was not sent: cancelled. Nothing was charged.`);
    }
    // What was sent may still be charged.
    expect(await made.onDisk()).toMatchObject([{ plan: { source: made.source("a").path } }]);
    expect((await made.onDisk())[0]?.submission).not.toBeNull();
  });

  test("what the provider says of money after a cancel is told, besides what was saved", async () => {
    const made = bench();
    const draw: Draw = async function* () {
      yield result();
      batch.cancel();
      throw new RemixFailure("abandoned", "It may still be charged.", { isOpen: true });
    };
    const batch = made.jobs.start(made.requests("a", "b"), made.options(draw));
    const outcome = await batch.outcome;
    expect(outcome.saved).toHaveLength(1);
    expect(codes(outcome)).toEqual(["abandoned", "cancelled"]);
  });

  test("what is cancelled while it is written down is not left in the journal", async () => {
    const made = bench();
    const batch = made.jobs.start(made.requests("a", "b"), made.options(one));
    batch.cancel();
    expect(codes(await batch.outcome)).toEqual(["cancelled", "cancelled"]);
    await made.jobs.start(made.requests("c"), made.options(one)).outcome;
    await vi.waitFor(async () => expect(await made.onDisk()).toEqual([]));
  });

  test("only what waits can be cancelled as well", async () => {
    const made = bench();
    const [started, goOn] = [gate(), gate()];
    const draw: Draw = async function* () {
      started.open();
      await goOn.opened;
      yield result();
    };
    const batch = made.jobs.start(made.requests("a", "b"), made.options(draw));
    await started.opened;
    made.jobs.cancelWaiting();
    goOn.open();
    const outcome = await batch.outcome;
    expect(outcome.saved.map(({ source }) => source.stem)).toEqual(["a"]);
    expect(codes(outcome)).toEqual(["cancelled"]);
  });
});
