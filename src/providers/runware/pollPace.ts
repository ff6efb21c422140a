/** Before anything is known: 250 ms, then half as much again each time. The service advises to start at a second. */
const firstPoll = 250;
const growth = 1.5;
const longestPoll = 10_000;
/** However long others took, a task is asked after this often at least. */
const longestFirst = 30_000;

/** Of the expected time, the step to the next poll when the first one came too early; at least so many milliseconds. */
const step = 0.01;
const leastStep = 20;

/** Share by which the next task is asked after earlier when a first poll found its result; doubled each time in a row. */
const earlier = 0.02;
const mostEarlier = 0.32;

/** How far the expectation follows a result that came later than it. */
const later = 0.5;

/**
 * When to ask after a task, learned from how long the ones before it took, so that most results are found by the first
 * poll or the one after it, soon after they are there.
 */
export class PollPace {
  #expected: number | undefined;
  #decrease = earlier;

  /**
   * Milliseconds until the next poll, give or take a fifth; the first one comes when a result is expected.
   *
   * @param misses polls since the last news that brought nothing
   * @param elapsed milliseconds since the last news
   */
  wait(misses: number, elapsed: number, random: () => number): number {
    const expected = this.#expected;
    const spread = 0.8 + 0.4 * random();
    if (expected === undefined) {
      return Math.round(Math.min(longestPoll, firstPoll * growth ** misses) * spread);
    }
    if (misses === 0) {
      return Math.round(Math.min(longestFirst, Math.max(leastStep, expected - elapsed)));
    }
    const first = Math.max(leastStep, expected * step);
    return Math.round(Math.min(longestPoll, first * growth ** (misses - 1)) * spread);
  }

  /**
   * Learns from a result.
   *
   * @param missed milliseconds after which it was asked for in vain last; 0 where it was there at once
   * @param found milliseconds after which it was there
   */
  learn(missed: number, found: number): void {
    if (missed > 0) {
      const middle = (missed + found) / 2;
      this.#expected =
        this.#expected === undefined ? middle : this.#expected + later * (middle - this.#expected);
      this.#decrease = earlier;
      return;
    }
    this.#expected = Math.min(this.#expected ?? found, found) * (1 - this.#decrease);
    this.#decrease = Math.min(mostEarlier, 2 * this.#decrease);
  }
}
