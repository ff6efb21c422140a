/** Work that goes on by itself, so that somebody can wait for all of it. */
export class Pending {
  readonly #work = new Set<Promise<unknown>>();

  /** Follows `work`, which must not fail. */
  follow(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  /** Resolves once nothing is going on. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) {
      await Promise.all(this.#work);
    }
  }
}
