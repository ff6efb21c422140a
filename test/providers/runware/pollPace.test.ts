import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PollPace } from "../../../src/providers/runware/pollPace.ts";

/** Asks after a task that takes `takes` ms until it is found. */
function play(pace: PollPace, takes: number, random: () => number) {
  let polls = 0;
  let missed = 0;
  for (let elapsed = 0; ; polls++) {
    elapsed += pace.wait(polls, elapsed, random);
    if (elapsed >= takes) {
      pace.learn(missed, elapsed);
      return { polls: polls + 1, late: elapsed - takes };
    }
    missed = elapsed;
  }
}

const even = () => 0.5;

describe("polls", () => {
  test("start at a quarter of a second and become rarer while nothing is known", () => {
    const pace = new PollPace();
    const waits = [0, 1, 2, 3, 12].map((misses) => pace.wait(misses, 0, even));
    expect(waits).toEqual([250, 375, 563, 844, 10_000]);
  });

  test("find results of a steady service soon after they are there, with few questions", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 20_000 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (takes, numbers) => {
          const random = () => Number(numbers.next().value);
          const pace = new PollPace();
          const ends = Array.from({ length: 60 }, () => play(pace, takes, random)).slice(20);
          const mean = (values: readonly number[]) =>
            values.reduce((sum, value) => sum + value, 0) / values.length;
          expect(mean(ends.map(({ late }) => late))).toBeLessThan(Math.max(25, takes * 0.05));
          expect(mean(ends.map(({ polls }) => polls))).toBeLessThan(5);
        },
      ),
    );
  });

  test("follow a service that has become much faster", () => {
    const pace = new PollPace();
    for (const takes of [10_000, 10_000, 10_000]) {
      play(pace, takes, even);
    }
    const ends = Array.from({ length: 20 }, () => play(pace, 1000, even));
    expect(ends.at(-1)?.late).toBeLessThan(100);
  });

  test("find results whose times vary soon after they are there, in the mean", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 6000, max: 24_000 }), { minLength: 60, maxLength: 60 }),
        (times) => {
          const pace = new PollPace();
          const late = times.map((takes) => play(pace, takes, even).late).slice(10);
          expect(late.reduce((sum, value) => sum + value, 0) / late.length).toBeLessThan(3000);
        },
      ),
    );
  });

  test("never come without a pause", () => {
    const pace = new PollPace();
    pace.learn(0, 0);
    expect(pace.wait(0, 0, even)).toBeGreaterThanOrEqual(20);
    expect(pace.wait(1, 500, even)).toBeGreaterThanOrEqual(16);
  });
});
