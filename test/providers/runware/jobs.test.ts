/** Whole runs with the real provider, journal and ledger: what is charged, written down and told belongs together. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HttpPort } from "../../../src/engine/http.ts";
import type { Batch, Outcome } from "../../../src/engine/job.ts";
import { recover } from "../../../src/engine/recovery.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { sourceFile } from "../../../src/platform/sourceFiles.ts";
import type { RunwareParts } from "../../../src/providers/runware/ports.ts";
import { runwareProvider } from "../../../src/providers/runware/provider.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { picture } from "../../emulator/testing/client.ts";
import { Bench } from "../../engine/bench.ts";
import { FastClock, partsFor } from "./world.ts";

vi.setConfig({ testTimeout: 30_000 });
const emulator = await startEmulator({ progressSteps: 1 });
const { ledger, account } = emulator;
const bytes = new Uint8Array(await picture("png"));
const benches: Bench[] = [];
beforeEach(() => {
  emulator.reset();
  account.balance = 20;
});
afterEach(async () => {
  for (const one of benches.splice(0)) {
    await one.close();
  }
});
afterAll(() => emulator.close());

function bench(given: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const made = new Bench(given);
  benches.push(made);
  return made;
}

function providerOf(made: Bench, changes: Partial<RunwareParts> = {}) {
  const parts = partsFor(emulator, made.storage, made.warnings, new FastClock());
  return runwareProvider({ ...parts, journal: made.watched, ...changes });
}

function start(
  made: Bench,
  names: readonly string[],
  changes: Partial<RunwareParts> = {},
  mayAsk = false,
): Batch {
  const provider = providerOf(made, changes);
  return made.jobs.start(made.requests(...names), { provider, estimate: () => 0.06, mayAsk });
}
const codes = ({ failed }: Outcome) => failed.map(({ failure }) => failure.code);

/** What was charged is in the ledger, each once; and each of it is a file, or its task is open. */
async function expectBooksRight(made: Bench): Promise<void> {
  await emulator.settled();
  const open = new Set((await made.onDisk()).map(({ taskUUID }) => taskUUID));
  const known = (await made.ledger.charges()).map(({ imageUUID }) => imageUUID);
  expect(new Set(known).size).toBe(known.length);
  const charged = ledger.charged();
  const unaccounted = charged.filter(
    ({ imageUUID, taskUUID }) => !known.includes(imageUUID) && !open.has(taskUUID),
  );
  expect(unaccounted).toEqual([]);
  const accepted = ledger.accepted().map(({ taskUUID }) => taskUUID);
  expect(new Set(accepted).size).toBe(accepted.length);
}

/** HTTP that calls `act` when the first request has been answered, and before anybody hears of it. */
function afterPost(act: () => void): HttpPort {
  return {
    ...fetchHttp,
    post: async (...given) => {
      const outcome = await fetchHttp.post(...given);
      act();
      return outcome;
    },
  };
}

describe("a run", () => {
  test("that goes well is in the ledger as it was charged, and leaves nothing open", async () => {
    const made = bench({ concurrency: 3 });
    const { saved, failed } = await start(made, ["a", "b", "c", "d"]).outcome;
    expect([saved.length, failed.length]).toEqual([4, 0]);
    expect(made.saved()).toHaveLength(4);
    const charges = await made.ledger.charges();
    expect(charges.map(({ imageUUID }) => imageUUID).toSorted()).toEqual(
      ledger
        .charged()
        .map(({ imageUUID }) => imageUUID)
        .toSorted(),
    );
    expect(charges.every(({ cost }) => cost === 0.06)).toBe(true);
    expect(await made.onDisk()).toEqual([]);
    await expectBooksRight(made);
  });

  test("cancelled before anything was sent costs nothing and leaves nothing", async () => {
    const made = bench();
    const batch = start(made, ["a", "b"], {
      prepare: async () => {
        batch.cancel();
        return { bytes, mime: "image/png" };
      },
    });
    const outcome = await batch.outcome;
    expect(codes(outcome).toSorted()).toEqual(["cancelled", "cancelled"]);
    for (const { failure } of outcome.failed) {
      expect(failure.message).toMatch(/[Nn]othing was charged/);
    }
    expect(ledger.requests()).toEqual([]);
    expect(await made.onDisk()).toEqual([]);
  });

  test("cancelled after it was sent may be charged, stays open, and is brought to its end later", async () => {
    const made = bench();
    const batch = start(made, ["a", "b"], { http: afterPost(() => batch.cancel()) });
    const outcome = await batch.outcome;
    expect(codes(outcome).toSorted()).toEqual(["abandoned", "cancelled"]);
    const open = await made.onDisk();
    expect(open.map(({ taskUUID }) => taskUUID)).toEqual(ledger.accepted().map(({ taskUUID }) => taskUUID));
    await expectBooksRight(made);

    await made.leases.release();
    const next = bench({ root: made.root });
    const { tasks } = await next.journal.takeOver();
    const recovered = await recover(
      {
        ...next.parts,
        ledger: next.ledger,
        toSource: sourceFile,
        currentRecipe: () => defaultRecipe,
        provider: async () => providerOf(next, { journal: next.books }),
        provenanceOf: async () => undefined,
        now: () => next.clock.now(),
      },
      tasks,
      new AbortController().signal,
    );
    expect(recovered.saved.map(({ taskUUID }) => taskUUID)).toEqual(open.map(({ taskUUID }) => taskUUID));
    expect([recovered.failed, recovered.unsent]).toEqual([[], []]);
    expect(await next.ledger.charges()).toHaveLength(1);
    expect(await next.onDisk()).toEqual([]);
    await expectBooksRight(next);
  });

  test("that the account does not cover waits, and goes on under the same UUIDs once it does", async () => {
    const made = bench();
    account.balance = 0.07;
    const batch = start(made, ["a", "b", "c"], {}, true);
    await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe("credit"), { timeout: 10_000 });
    // The first one may still be on its way to the disk.
    await vi.waitFor(async () => expect(await made.onDisk()).toHaveLength(2));
    const waiting = (await made.onDisk()).map(({ taskUUID }) => taskUUID);
    account.balance = 20;
    made.jobs.resume();
    const drawn = new Set(ledger.charged().map(({ taskUUID }) => taskUUID));
    const { saved } = await batch.outcome;
    expect(saved).toHaveLength(3);
    const late = saved.map(({ taskUUID }) => taskUUID).filter((taskUUID) => !drawn.has(taskUUID));
    expect(late.toSorted()).toEqual(waiting.toSorted());
    expect(await made.ledger.charges()).toHaveLength(3);
    await expectBooksRight(made);
  });

  test("that the account does not cover ends where nobody can be asked", async () => {
    const made = bench();
    account.balance = 0.07;
    const outcome = await start(made, ["a", "b", "c"]).outcome;
    expect(outcome.saved).toHaveLength(1);
    expect(codes(outcome)).toEqual(["credit", "credit"]);
    expect(outcome.failed.some(({ failure }) => /[abc]\.png was not sent/.test(failure.message))).toBe(true);
    expect(ledger.accepted()).toHaveLength(1);
    expect(await made.onDisk()).toEqual([]);
  });

  test("without a key asks for one, and goes on with it", async () => {
    const made = bench();
    let key: string | undefined;
    const batch = start(made, ["a", "b"], { key: async () => key }, true);
    await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe("authentication"));
    expect(ledger.requests()).toEqual([]);
    ({ key } = emulator);
    made.jobs.resume();
    expect((await batch.outcome).saved).toHaveLength(2);
    await expectBooksRight(made);
  });

  test("ends at the cap: nothing above it is sent, and what was sent is drawn", async () => {
    const made = bench({ caps: { perDay: 0.13, perMonth: 0 }, concurrency: 4 });
    const outcome = await start(made, ["a", "b", "c", "d", "e"]).outcome;
    expect(outcome.saved.length).toBeLessThanOrEqual(2);
    expect(ledger.chargedTotal()).toBeLessThanOrEqual(0.13);
    expect(new Set(codes(outcome))).toEqual(new Set(["budget"]));
    expect(await made.onDisk()).toEqual([]);
    await expectBooksRight(made);
  });

  test("while offline waits for the network, and charges nothing twice", async () => {
    const made = bench();
    await emulator.goOffline();
    const batch = start(made, ["a", "b"], {}, true);
    await vi.waitFor(() => expect(made.jobs.pausedBy?.code).toBe("network"), { timeout: 10_000 });
    await emulator.goOnline();
    made.clock.advance(60_000);
    const { saved, failed } = await batch.outcome;
    expect([saved.length, failed.length]).toEqual([2, 0]);
    expect(ledger.charged()).toHaveLength(2);
    await expectBooksRight(made);
  });
});
