/** Several changes at once are told once, after this many milliseconds. */
const soon = 30;

/**
 * What nobody at the panel has done waits for so many times as long as it took to tell the last time: with a thousand
 * pictures in a run, telling everything about each of them would leave the extension host no time to remix them.
 */
const breaths = 9;
const longestBreath = 2000;

/** When the page is told what is now. */
export class Pushes {
  readonly #tell: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it is told, by `performance.now()`. */
  #due = 0;
  /** Milliseconds that it took, the last time. */
  #effort = 0;

  /** @param tell does its work before it returns */
  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** For what somebody at the panel waits for. */
  soon(): void {
    this.#in(soon);
  }

  /** For what happens by itself. */
  inTurn(): void {
    this.#in(Math.max(soon, Math.min(longestBreath, breaths * this.#effort)));
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #in(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    if (this.#timer !== undefined && this.#due <= due) {
      return;
    }
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const start = performance.now();
      this.#tell();
      this.#effort = performance.now() - start;
    }, milliseconds);
  }
}
