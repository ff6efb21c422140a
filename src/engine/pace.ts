/** How much of the allowed concurrency remains after a refusal. */
const slowing = 0.7;
/** How much of a place more there is after a success. */
const quickening = 0.25;

/**
 * How many paid tasks may run at the same time, going by how the service takes it: fewer after each refusal, slowly
 * more after each success (additive increase, multiplicative decrease: Chiu and Jain, 1989).
 */
export class Pace {
  readonly #allowed: () => number;
  #current = Number.POSITIVE_INFINITY;

  /** @param allowed the most that the user allows, at least 1 */
  constructor(allowed: () => number) {
    this.#allowed = allowed;
  }

  /** Tasks at the same time, a whole number from 1. */
  get limit(): number {
    return Math.max(1, Math.floor(Math.min(this.#allowed(), this.#current)));
  }

  /** Something was refused for now. */
  slower(): void {
    this.#current = Math.max(1, this.limit * slowing);
  }

  /** Something was taken on. */
  faster(): void {
    this.#current = Math.min(this.#allowed(), this.#current + quickening);
  }
}
