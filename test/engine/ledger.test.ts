import { afterEach, describe, expect, test } from "vitest";
import {
  bookkeeping,
  type Charge,
  chargeOf,
  dayOf,
  estimateOf,
  type Ledger,
  reservedBy,
  spendingOf,
} from "../../src/engine/ledger.ts";
import { Bench, submissionOf } from "./bench.ts";

const benches: Bench[] = [];
function bench(...given: ConstructorParameters<typeof Bench>): Bench {
  const made = new Bench(...given);
  benches.push(made);
  return made;
}
afterEach(async () => {
  for (const one of benches.splice(0)) {
    await one.close();
  }
});

let count = 0;
function charge(changes: Partial<Charge> = {}): Charge {
  const time = new Date(2026, 10, 1, 12).toISOString();
  const [taskUUID, imageUUID] = [`task-${++count}`, `image-${count}`];
  const recipe = { model: "ideogram:1@2", renderingSpeed: "TURBO", preset: null, source: "/a.png" };
  return { version: 1, time, taskUUID, imageUUID, ...recipe, cost: 0.06, estimate: 0.05, ...changes };
}
/** A charge at a local time. */
const at = (...time: readonly [number, number, number, number?, number?, number?, number?]) =>
  charge({ cost: 1, time: new Date(...time).toISOString() });

describe("the sums", () => {
  test("go by the local calendar, to the millisecond", () => {
    const charges = [
      at(2026, 9, 31, 23, 59, 59, 999),
      at(2026, 10, 1, 0, 0, 0, 0),
      at(2026, 10, 30, 0, 0, 0, 0),
      at(2026, 10, 30, 23, 59, 59, 999),
      at(2026, 11, 1, 0, 0, 0, 0),
      at(2025, 10, 30, 12),
    ];
    expect(spendingOf(charges, new Date(2026, 10, 30, 12))).toEqual({ today: 2, thisMonth: 3 });
    expect(spendingOf(charges, new Date(2026, 10, 1))).toEqual({ today: 1, thisMonth: 3 });
    expect(spendingOf(charges, new Date(2026, 11, 1))).toEqual({ today: 1, thisMonth: 1 });
    expect(spendingOf(charges, new Date(2027, 0, 1))).toEqual({ today: 0, thisMonth: 0 });
  });

  test("days are written with two digits", () => {
    expect(dayOf(new Date(2026, 0, 2, 3))).toBe("2026-01-02");
  });

  test("take what was expected where nothing was reported, also where it was free", () => {
    const charges = [charge({ cost: null, estimate: 0.25 }), charge({ cost: 0, estimate: 0.25 })];
    expect(spendingOf(charges, new Date(2026, 10, 1, 12)).today).toBe(0.25);
  });
});

describe("the estimate", () => {
  const costs = (...all: readonly (number | null)[]) => all.map((cost) => charge({ cost }));
  test.each([
    { name: "documented where there is none", charges: [], expected: 9 },
    { name: "documented where nothing was reported", charges: costs(null, null), expected: 9 },
    { name: "the only one", charges: costs(3), expected: 3 },
    { name: "the mean of two", charges: costs(4, 1), expected: 2.5 },
    { name: "the middle of three, by size", charges: costs(10, 1, 2), expected: 2 },
    { name: "between the middle two of four", charges: costs(10, 1, 4, 2, null), expected: 3 },
    { name: "by size, not by digits", charges: costs(10, 9, 100), expected: 10 },
  ])("is $name", ({ charges, expected }) => {
    expect(estimateOf(charges, "ideogram:1@2", "TURBO", 9)).toBe(expected);
  });

  test("takes only those of the same model and speed", () => {
    const charges = [charge({ cost: 5, model: "other" }), charge({ cost: 7, renderingSpeed: "QUALITY" })];
    expect(estimateOf(charges, "ideogram:1@2", "TURBO", 9)).toBe(9);
    expect(estimateOf(charges, "ideogram:1@2", "QUALITY", 9)).toBe(7);
  });
});

const noCaps = { perDay: 0, perMonth: 0 };

/** Plans and sends a task of one result that is expected to cost 6 cents. */
async function send(made: Bench, taskUUID: string): Promise<void> {
  await made.journal.planned([made.plan(taskUUID)]);
  await made.books.submitting(submissionOf({ taskUUID, source: made.source("a") }));
}
const received = (imageUUID: string, cost: number | null = 0.06) => ({
  imageUUID,
  imageURL: null,
  cost,
  seed: null,
});

test("what is cancelled while it waits to be counted is neither sent nor written down", async () => {
  const made = bench({ caps: { perDay: 1, perMonth: 0 } });
  await made.journal.planned([made.plan("t")]);
  await made.journal.settled("t", "notSent");
  const submission = submissionOf({ taskUUID: "t", source: made.source("a") });
  await expect(made.books.submitting(submission)).rejects.toMatchObject({ code: "cancelled" });
  expect(await made.onDisk()).toEqual([]);
});

describe("the caps", () => {
  test.each([
    {
      caps: { perDay: 0.11, perMonth: 0 },
      told: /^Today.s budget.*come to \$0\.12, the cap is \$0\.11.*imageRemix\.budget\.perDay/,
    },
    {
      caps: { perDay: 0, perMonth: 0.11 },
      told: /^This month.s budget.*come to \$0\.12.*imageRemix\.budget\.perMonth/,
    },
  ])("refuse what would go above $caps before it is sent", async ({ caps, told }) => {
    const made = bench({ caps });
    await send(made, "first");
    await made.books.received("first", received("one"));
    await made.books.settled("first", "delivered");
    await expect(send(made, "second")).rejects.toMatchObject({
      code: "budget",
      message: expect.stringMatching(told),
    });
    expect(await made.onDisk()).toEqual([]);
  });

  test("let pass what just fits, sums of fractions notwithstanding", async () => {
    const made = bench({ caps: { perDay: 0.18, perMonth: 0.18 } });
    for (const id of ["a", "b", "c"]) {
      await send(made, id);
    }
    await expect(send(made, "d")).rejects.toMatchObject({ code: "budget" });
    expect((await made.onDisk()).map(({ taskUUID }) => taskUUID)).toEqual(["a", "b", "c"]);
  });

  test("count what other windows have sent and not been charged yet", async () => {
    const first = bench();
    const caps = { perDay: 0.11, perMonth: 0 };
    const second = bench({ root: first.root, caps });
    await send(first, "theirs");
    await expect(send(second, "mine")).rejects.toMatchObject({ code: "budget" });
    await first.books.settled("theirs", "refused");
    await send(second, "mine");
    expect((await first.onDisk()).map(({ taskUUID }) => taskUUID)).toEqual(["mine"]);
  });

  test("of two windows that send at once, not both take the last of the budget", async () => {
    const first = bench({ caps: { perDay: 0.1, perMonth: 0 } });
    const second = bench({ root: first.root, caps: { perDay: 0.1, perMonth: 0 } });
    const outcomes = await Promise.allSettled([send(first, "a"), send(second, "b")]);
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });

  test("do not count what is planned only", async () => {
    const made = bench({ caps: { perDay: 0.06, perMonth: 0 } });
    await made.journal.planned([made.plan("later"), made.plan("even later")]);
    await send(made, "now");
    expect(await made.onDisk()).toHaveLength(3);
  });

  test("nothing is sent when the books cannot be read", async () => {
    const made = bench();
    const books = bookkeeping({
      journal: made.journal,
      ledger: { charges: () => Promise.reject(new Error("unreadable")), add: async () => undefined },
      openTasks: async () => [],
      caps: () => ({ perDay: 1, perMonth: 0 }),
      now: () => new Date(),
    });
    await made.journal.planned([made.plan("a")]);
    const submission = submissionOf({ taskUUID: "a", source: made.source("a") });
    await expect(books.submitting(submission)).rejects.toThrow("unreadable");
    expect(await made.onDisk()).toEqual([]);
  });
});

describe("reservations", () => {
  test("shrink with every result that came, and never below nothing", async () => {
    const made = bench();
    await made.journal.planned([{ ...made.plan("a"), results: 3 }]);
    await made.books.submitting(submissionOf({ taskUUID: "a", source: made.source("a") }));
    const sums = [reservedBy(made.journal.openTasks(), await made.ledger.charges())];
    for (const id of ["one", "two", "three", "four"]) {
      await made.books.received("a", received(id));
      sums.push(reservedBy(made.journal.openTasks(), await made.ledger.charges()));
    }
    expect(sums.map((sum) => sum.toFixed(2))).toEqual(["0.18", "0.12", "0.06", "0.00", "0.00"]);
  });
});

describe("the charges", () => {
  test("say what was asked for and what it cost", async () => {
    const made = bench();
    await send(made, "a");
    await made.books.received("a", received("one", null));
    expect(await made.ledger.charges()).toEqual([
      {
        version: 1,
        time: made.clock.now().toISOString(),
        taskUUID: "a",
        imageUUID: "one",
        model: "ideogram:1@2",
        renderingSpeed: "DEFAULT",
        preset: null,
        source: made.source("a").path,
        cost: null,
        estimate: 0.06,
      },
    ]);
  });

  test("are counted once, however often a result is heard of, by whichever window", async () => {
    const made = bench();
    await send(made, "a");
    await made.books.received("a", received("one"));
    await made.books.received("a", received("one"));
    const other = bench({ root: made.root });
    await other.ledger.add(charge({ imageUUID: "one" }));
    expect(await made.ledger.charges()).toHaveLength(1);
    expect(await other.ledger.charges()).toHaveLength(1);
  });

  test("pictures without ids of their own are each counted", async () => {
    const made = bench();
    await send(made, "a");
    await made.books.received("a", received("", 0.01));
    await send(made, "b");
    await made.books.received("b", received("", 0.02));
    expect((await made.ledger.charges()).map(({ cost }) => cost)).toEqual([0.01, 0.02]);
  });

  test("there is none for a task that nobody knows", () => {
    expect(chargeOf(undefined, received("one"), new Date())).toBeUndefined();
  });

  test("one that cannot be written keeps its task open, and is written before its end", async () => {
    const made = bench();
    let isFull = true;
    const add = async (entry: Charge) =>
      isFull ? Promise.reject(new Error("full")) : made.ledger.add(entry);
    const ledger: Ledger = { charges: () => made.ledger.charges(), add };
    const now = () => made.clock.now();
    const books = bookkeeping({
      journal: made.journal,
      ledger,
      openTasks: async () => [],
      caps: () => noCaps,
      now,
    });
    await send(made, "a");
    await expect(books.received("a", received("one"))).rejects.toThrow("full");
    await expect(books.settled("a", "delivered")).rejects.toThrow("full");
    expect(await made.onDisk()).toMatchObject([{ received: [{ imageUUID: "one" }] }]);
    isFull = false;
    await books.settled("a", "delivered");
    expect(await made.ledger.charges()).toMatchObject([{ imageUUID: "one", cost: 0.06 }]);
    expect(await made.onDisk()).toEqual([]);
  });
});
