/** Somebody who waits for a place. */
interface Waiting {
  readonly rank: number;
  readonly give: (leave: () => void) => void;
}

/** So many places. Of those who wait for one, the lowest rank goes first; of equals, who asked first. */
export class Places {
  readonly #limit: () => number;
  readonly #waiting = new Set<Waiting>();
  #taken = 0;
  #isPaused = false;

  /** @param limit how many there are, asked anew each time */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /**
   * Waits for a place.
   *
   * @param rank any number
   * @returns gives it back; further calls do nothing
   * @throws the signal's reason when that aborts first
   */
  async take(signal: AbortSignal, rank = 0): Promise<() => void> {
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        rank,
        give: (leave) => {
          signal.removeEventListener("abort", stop);
          resolve(leave);
        },
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#waiting.add(waiting);
      this.admit();
    });
  }

  /** Gives out no more; who has a place keeps it. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.admit();
  }

  /** Lets in whoever finds room, after the limit has changed. */
  admit(): void {
    for (const waiting of [...this.#waiting].sort((a, b) => a.rank - b.rank)) {
      if (this.#isPaused || this.#taken >= this.#limit()) {
        return;
      }
      this.#waiting.delete(waiting);
      this.#taken++;
      waiting.give(this.#leave());
    }
  }

  #leave(): () => void {
    let isTaken = true;
    return () => {
      if (isTaken) {
        isTaken = false;
        this.#taken--;
        this.admit();
      }
    };
  }
}
