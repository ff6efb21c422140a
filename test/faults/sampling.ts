/** Everything with `FAULTS=full`; else a sample, another one each time unless `FAULTS_SEED` says which. */
import { repeatableNumbers } from "../emulator/random.ts";

/** Whether everything is run. */
export const isFull = process.env["FAULTS"] === "full";

const seed = Number(process.env["FAULTS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
console.log(isFull ? "Fault tests: all of them" : "Fault tests: a sample", `(FAULTS_SEED=${seed})`);

/** Random numbers from 0 to 1, the same for the same seed. */
export const chance = repeatableNumbers(seed);

/** `count` of `all` at random, in their order; all of them in a full run. */
export function sample<Item>(all: readonly Item[], count: number): readonly Item[] {
  if (isFull) {
    return all;
  }
  const chosen = new Set(
    all
      .map((_, index) => ({ index, rank: chance() }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, count)
      .map(({ index }) => index),
  );
  return all.filter((_, index) => chosen.has(index));
}
