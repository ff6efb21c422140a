import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Scheduler } from "../../src/engine/scheduler.ts";
import { gate } from "./bench.ts";

/** A scheduler whose work is ended by hand, in any order. */
class Works {
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();
  readonly #lanes = new Map<string, object>();
  readonly scheduler: Scheduler;

  constructor(limit: () => number) {
    this.scheduler = new Scheduler(limit);
  }

  /** The lane that is called `name`. */
  lane(name: string): object {
    const lane = this.#lanes.get(name) ?? { name };
    this.#lanes.set(name, lane);
    return lane;
  }

  /** Adds work called by its lane and a number: `a1`. */
  add(name: string, place?: "first"): void {
    const work = async () => {
      const { opened, open } = gate();
      this.started.push(name);
      this.#ends.set(name, open);
      await opened;
    };
    this.scheduler.add(this.lane(name.slice(0, 1)), work, place);
  }

  get running(): readonly string[] {
    return [...this.#ends.keys()];
  }

  /** Ends one piece, and lets everything happen that follows from it. */
  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    this.#ends.delete(name);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends all in the order in which they were started. */
  async endAll(): Promise<void> {
    for (let next = this.running[0]; next !== undefined; next = this.running[0]) {
      await this.end(next);
    }
  }
}

function works(limit: number, ...names: readonly string[]): Works {
  const made = new Works(() => limit);
  for (const name of names) {
    made.add(name);
  }
  return made;
}

describe("a scheduler", () => {
  test("starts so many at a time, and the next when one has ended", async () => {
    const made = works(2, "a1", "a2", "a3", "a4");
    expect(made.started).toEqual(["a1", "a2"]);
    await made.end("a2");
    expect(made.started).toEqual(["a1", "a2", "a3"]);
  });

  test("lets lanes take turns: a small run does not wait for a large one", async () => {
    const made = works(1, "a1", "a2", "a3", "a4", "b1", "c1", "c2");
    await made.endAll();
    expect(made.started).toEqual(["a1", "a2", "b1", "c1", "a3", "c2", "a4"]);
  });

  test("starts nothing while it is paused, and goes on after that; what runs goes on", async () => {
    const made = works(1, "a1", "a2");
    made.scheduler.pause();
    expect(made.scheduler.isPaused).toBe(true);
    await made.end("a1");
    made.add("b1");
    expect(made.started).toEqual(["a1"]);
    made.scheduler.resume();
    await made.endAll();
    expect(made.started).toEqual(["a1", "a2", "b1"]);
  });

  test("takes what goes back into the queue ahead of its lane", async () => {
    const made = works(1, "a1", "a2", "a3");
    made.add("a0", "first");
    await made.endAll();
    expect(made.started).toEqual(["a1", "a0", "a2", "a3"]);
  });

  test("forgets a lane, and no other", async () => {
    const made = works(1, "a1", "a2", "b1", "a3");
    made.scheduler.clear(made.lane("a"));
    await made.endAll();
    expect(made.started).toEqual(["a1", "b1"]);
  });

  test("heeds a limit that changes", async () => {
    let limit = 1;
    const made = new Works(() => limit);
    for (const name of ["a1", "a2", "a3", "a4"]) {
      made.add(name);
    }
    limit = 3;
    await made.end("a1");
    expect(made.running).toEqual(["a2", "a3", "a4"]);
  });

  test("whatever is added and ended: each once, in its lane's order, never above the limit", async () => {
    const adding = fc.record({ lane: fc.constantFrom("a", "b", "c"), ends: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(adding, { maxLength: 25 }),
        async (limit, all) => {
          const made = new Works(() => limit);
          for (const [index, { lane, ends }] of all.entries()) {
            made.add(`${lane}${String(index).padStart(2, "0")}`);
            expect(made.running.length).toBeLessThanOrEqual(limit);
            const ending = made.running[ends];
            await (ending === undefined ? undefined : made.end(ending));
            expect(made.running.length).toBeLessThanOrEqual(limit);
          }
          await made.endAll();
          expect(made.started).toHaveLength(all.length);
          for (const lane of ["a", "b", "c"]) {
            const its = made.started.filter((name) => name.startsWith(lane));
            expect(its).toEqual(its.toSorted());
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
