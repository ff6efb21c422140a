/** So many places, given out in the order in which they are asked for. */
export class Places {
  readonly #limit: () => number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  /** @param limit how many may be taken at the same time, asked anew each time */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /**
   * Waits for a place.
   *
   * @returns a function that gives it back; calls after the first change nothing
   * @throws the reason of `signal` when it is aborted before
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const admitted = () => {
        signal.removeEventListener("abort", stopped);
        resolve();
      };
      const stopped = () => {
        this.#waiting.splice(this.#waiting.indexOf(admitted), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", stopped, { once: true });
      this.#waiting.push(admitted);
      this.admit();
    });
    let isTaken = true;
    return () => {
      if (isTaken) {
        isTaken = false;
        this.#taken--;
        this.admit();
      }
    };
  }

  /** Lets in whoever finds room, after the limit has changed. */
  admit(): void {
    while (this.#taken < this.#limit()) {
      const admitted = this.#waiting.shift();
      if (admitted === undefined) {
        return;
      }
      this.#taken++;
      admitted();
    }
  }
}
