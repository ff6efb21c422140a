import { lendHand } from "../../src/platform/hands.ts";

/** What a test's hand is asked to draw: squares of place numbers, and a flag that it has come so far. */
export interface Squares {
  readonly squares: Int32Array;
  /** Counts the bands that the hand has begun. */
  readonly begun: Int32Array;
}

/** Draws squares. */
export function draw({ squares }: Squares, from: number, to: number): void {
  for (let place = from; place < to; place++) squares[place] = place * place;
}

function begin({ begun }: Squares): void {
  Atomics.add(begun, 0, 1);
  Atomics.notify(begun, 0);
}

const stages: Readonly<Record<string, (args: Squares, from: number, to: number) => void>> = {
  square(args, from, to) {
    begin(args);
    draw(args, from, to);
  },
  throw(args) {
    begin(args);
    throw new Error("not now");
  },
  exit(args) {
    begin(args);
    process.exit();
  },
  hang(args) {
    begin(args);
    Atomics.wait(args.begun, 1, 0);
  },
};

lendHand((name) => stages[name] as ((args: unknown, from: number, to: number) => void) | undefined);
