import { Places } from "./places.ts";

/** Tasks at the service at the same time before it has shown how many it takes. */
const usualStart = 8;
/** How much of the pace remains after a refusal. */
const slowing = 0.7;

/** A place at the service. */
export interface Place {
  /** The service has taken the task on: once it has ended, the pace grows. */
  accepted(): void;
  /** The service takes no more for now. Gives the place back. */
  refused(): void;
  /** Gives the place back; more than once changes nothing. */
  leave(): void;
}

/**
 * Lets as many paid tasks to the service at the same time as it takes, which is not documented and differs by account:
 * one more after each round that it has taken on and ended, fewer after a refusal (additive increase, multiplicative
 * decrease: Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989). Those
 * that wait come in the order in which they asked.
 */
export class Pace {
  readonly #allowed: () => number;
  readonly #places = new Places(() => this.limit);
  #current: number;
  /** Counts the refusals that were heeded. */
  #epoch = 0;

  /** @param allowed the most that the user allows, at least 1 */
  constructor(allowed: () => number, start = usualStart) {
    this.#allowed = allowed;
    this.#current = start;
  }

  /** Tasks at the same time, a whole number from 1. */
  get limit(): number {
    return Math.max(1, Math.floor(Math.min(this.#allowed(), this.#current)));
  }

  /**
   * Waits for a place.
   *
   * @throws the reason of `signal` when it is aborted before
   */
  async take(signal: AbortSignal): Promise<Place> {
    const giveBack = await this.#places.take(signal);
    const epoch = this.#epoch;
    let isAccepted = false;
    return {
      accepted: () => {
        isAccepted = true;
      },
      refused: () => {
        // Of several that went together and were refused together, the first has said it all.
        if (epoch === this.#epoch) {
          this.#epoch++;
          this.#current = Math.max(1, this.limit * slowing);
        }
        giveBack();
      },
      leave: () => {
        if (isAccepted) {
          isAccepted = false;
          this.#current = Math.min(Math.max(this.#allowed(), usualStart), this.#current + 1 / this.#current);
        }
        giveBack();
        this.#places.admit();
      },
    };
  }
}
