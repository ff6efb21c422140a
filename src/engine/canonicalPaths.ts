import type { CanonicalPath } from "./ports.ts";

/** Canonical paths that have been found, for those who cannot wait for them. */
export class CanonicalPaths {
  readonly #find: CanonicalPath;
  readonly #found = new Map<string, string>();

  constructor(find: CanonicalPath) {
    this.#find = find;
  }

  /** Finds those that it takes to compare each of `ones` with each of `others`: mostly names tell already. */
  async learn(ones: readonly string[], others: readonly string[]): Promise<void> {
    const known = new Set(others.map(looseName));
    const alike = ones.filter((path) => known.has(looseName(path)));
    const wanted = new Set(alike.map(looseName));
    for (const path of [...alike, ...others.filter((other) => wanted.has(looseName(other)))]) {
      if (!this.#found.has(path)) {
        this.#found.set(path, await this.#find(path));
      }
    }
  }

  /** Whether two paths lead to the same file; as they are written where they have not been learnt. */
  areSame(one: string, other: string): boolean {
    return one === other || this.#of(one) === this.#of(other);
  }

  #of(path: string): string {
    return this.#found.get(path) ?? path;
  }
}

/** What two paths of one file have in common: its name, but for the letters' case. */
function looseName(path: string): string {
  return path.replace(/^.*[/\\]/, "").toLowerCase();
}
