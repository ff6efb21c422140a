/** Before anything is known: 250 ms, then half as much again each time. The service advises to start at a second. */
const firstPoll = 250;
const growth = 1.5;
const longestPoll = 10_000;

/** Of the expected time, the step to the next poll once that is over; at least so many milliseconds. */
const step = 0.01;
const leastStep = 20;
/** Of the time since the task was taken on, the longest step: so much later, at most, its result is found. */
const longestShare = 0.1;

/** Share by which the next task is asked after earlier when a first poll found its result; doubled each time in a row. */
const earlier = 0.02;
const mostEarlier = 0.32;

/** How far the expectation follows a result that came later than it, or earlier: it had better be too low. */
const later = 0.1;
const sooner = 0.5;

/**
 * When to ask after a task, learned from how long the ones before it took: where all take the same time, most results
 * are found by the first poll or the one after it; where times vary, soon after they are there all the same.
 */
export class PollPace {
  #expected: number | undefined;
  #decrease = earlier;

  /**
   * Milliseconds until the next poll, give or take a fifth once the expected time is over.
   *
   * @param misses polls so far that brought nothing
   * @param elapsed milliseconds since the task was taken on
   */
  wait(misses: number, elapsed: number, random: () => number): number {
    const expected = this.#expected;
    const spread = 0.8 + 0.4 * random();
    if (expected === undefined) {
      return Math.round(Math.min(longestPoll, firstPoll * growth ** misses) * spread);
    }
    if (elapsed < expected) {
      return Math.round(Math.min(longestPoll, Math.max(leastStep, expected - elapsed)));
    }
    const grown = Math.max(leastStep, expected * step) * growth ** misses;
    return Math.round(Math.max(leastStep, Math.min(longestPoll, longestShare * elapsed, grown) * spread));
  }

  /**
   * Learns from a task's first result.
   *
   * @param missed milliseconds after which it was asked for in vain last; 0 where it was there at once
   * @param found milliseconds after which it was there
   */
  learn(missed: number, found: number): void {
    const middle = (missed + found) / 2;
    const expected = this.#expected;
    if (expected === undefined) {
      this.#expected = middle;
    } else if (missed > 0) {
      // One that takes ten times as long says little of the others.
      const difference = Math.min(middle, 2 * expected) - expected;
      this.#expected = expected + (difference > 0 ? later : sooner) * difference;
      this.#decrease = earlier;
    } else {
      this.#expected = Math.min(expected, found) * (1 - this.#decrease);
      this.#decrease = Math.min(mostEarlier, 2 * this.#decrease);
    }
  }
}
