/** The server's time of day, which tests can set forward. */
export class Clock {
  #ahead = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Lets `seconds` pass at once: links and uploads expire. Work in progress does not get faster. */
  advance(seconds: number): void {
    this.#ahead += seconds * 1000;
  }

  reset(): void {
    this.#ahead = 0;
  }
}
