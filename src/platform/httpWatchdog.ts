/** Ends an exchange when the next sign of life does not come in time, or when the caller wants it ended. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #stop = () => this.#controller.abort();
  #timer: NodeJS.Timeout | undefined;
  #reason: string | undefined;

  constructor(caller: AbortSignal) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#stop, { once: true });
    if (caller.aborted) {
      this.#stop();
    }
  }

  /** Ends what is going on. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why time ran out; undefined where it did not. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Waits for a sign of life from now on. `what` says what is missing if none comes. */
  expect(milliseconds: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#reason = `${what} for ${Math.round(milliseconds / 1000)} s`;
      this.#controller.abort();
    }, milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener("abort", this.#stop);
  }
}
