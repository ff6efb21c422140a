/** A piece of work. */
type Work = () => Promise<void>;

/**
 * Runs so many pieces of work at a time. Each lane keeps its order, and lanes take turns: a small run does not wait for
 * the end of a large one. Work must not throw; a place is free again only when its work has really ended.
 */
export class Scheduler {
  readonly #limit: () => number;
  readonly #lanes = new Map<string | object, Work[]>();
  #running = 0;
  #isPaused = false;

  /** @param limit how many may run at the same time, asked anew each time */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Lets `start` wait for its turn. @param place `first`: ahead of all others of its lane */
  add(lane: string | object, start: Work, place: "first" | "last" = "last"): void {
    const waiting = this.#lanes.get(lane) ?? [];
    this.#lanes.set(lane, waiting);
    if (place === "first") {
      waiting.unshift(start);
    } else {
      waiting.push(start);
    }
    this.#pump();
  }

  /** Takes back everything of a lane that has not been started. */
  clear(lane: string | object): void {
    this.#lanes.delete(lane);
  }

  /** Starts nothing more; what runs goes on. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#pump();
  }

  #pump(): void {
    while (!this.#isPaused && this.#running < this.#limit()) {
      const start = this.#next();
      if (start === undefined) {
        return;
      }
      this.#running++;
      void start().finally(() => {
        this.#running--;
        this.#pump();
      });
    }
  }

  /** The first piece of the lane whose turn it is; that lane goes to the end of the row. */
  #next(): Work | undefined {
    const [turn] = this.#lanes;
    if (turn === undefined) {
      return undefined;
    }
    const [lane, waiting] = turn;
    const start = waiting.shift();
    this.#lanes.delete(lane);
    if (waiting.length > 0) {
      this.#lanes.set(lane, waiting);
    }
    return start;
  }
}
