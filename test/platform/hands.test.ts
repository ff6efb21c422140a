import path from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { Hands } from "../../src/platform/hands.ts";
import { draw, type Squares } from "./hand.ts";

const script = path.join(import.meta.dirname, "hand.ts");
const started: Hands[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((hands) => hands.end()));
});

function newHands(count: number, patience?: number, file = script): Hands {
  const hands = new Hands(file, count, patience);
  started.push(hands);
  return hands;
}

function squaresIn(hands: Hands, count: number): Squares {
  return {
    squares: new Int32Array(hands.memory(count * 4)),
    begun: new Int32Array(hands.memory(8)),
  };
}

const squaresTo = (count: number) => Int32Array.from({ length: count }, (_, place) => place * place);

/** Draws like the hands, but not before one of them has begun a band. */
function drawWhenJoined(args: Squares, from: number, to: number): void {
  Atomics.wait(args.begun, 0, 0);
  draw(args, from, to);
}

test.each([0, 1, 3])("%i hands and the caller draw every part", (count) => {
  const hands = newHands(count);
  fc.assert(
    fc.property(fc.nat(300), (parts) => {
      const args = squaresIn(hands, parts);
      expect(hands.run("square", draw, args, parts)).toBe(true);
      expect(args.squares).toEqual(squaresTo(parts));
    }),
  );
});

test("a hand draws bands that the caller then does not", () => {
  const hands = newHands(1);
  const args = squaresIn(hands, 1000);
  let own = 0;
  const count = (all: Squares, from: number, to: number) => {
    own += to - from;
    drawWhenJoined(all, from, to);
  };
  expect(hands.run("square", count, args, 1000)).toBe(true);
  expect(args.squares).toEqual(squaresTo(1000));
  expect(own).toBeLessThan(1000);
  expect(Atomics.load(args.begun, 0)).toBeGreaterThan(0);
});

describe("without a hand's help, the caller draws all:", () => {
  test("its script is not there", async () => {
    const hands = newHands(2, undefined, path.join(import.meta.dirname, "missing.ts"));
    for (let round = 0; round < 3; round++) {
      const args = squaresIn(hands, 100);
      expect(hands.run("square", draw, args, 100)).toBe(true);
      expect(args.squares).toEqual(squaresTo(100));
      // Its end is told in between.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  test("it does not know what is to be drawn", () => {
    const hands = newHands(1);
    const args = squaresIn(hands, 100);
    expect(hands.run("circle", draw, args, 100)).toBe(true);
    expect(args.squares).toEqual(squaresTo(100));
  });

  test("the hands were ended", async () => {
    const hands = newHands(1);
    await hands.end();
    const args = squaresIn(hands, 100);
    expect(hands.run("throw", draw, args, 100)).toBe(true);
    expect(args.squares).toEqual(squaresTo(100));
  });
});

test.each(["throw", "exit", "hang"])(
  "what a hand left undone is told (%s), and the next is drawn without it",
  (name) => {
    const hands = newHands(1, 200);
    expect(hands.run(name, drawWhenJoined, squaresIn(hands, 100), 100)).toBe(false);
    const args = squaresIn(hands, 100);
    expect(hands.run(name, draw, args, 100)).toBe(true);
    expect(args.squares).toEqual(squaresTo(100));
  },
);

test("an error of the caller's own is the caller's", () => {
  const hands = newHands(1);
  const fail = () => {
    throw new RangeError("too far");
  };
  expect(() => hands.run("square", fail, squaresIn(hands, 100), 100)).toThrow(RangeError);
});
