import type { Memento } from "vscode";
import * as z from "zod/mini";

const key = "imageRemix.uploads";
/** Pictures that are remembered for each address; the oldest make room. */
const mostRemembered = 300;

const remembered = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** UUIDs of pictures that are stored at a service, by SHA-256, across sessions. */
export class UploadMemory {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  /** The pictures that are stored at `endpoint`. */
  at(endpoint: string) {
    const entries = () => this.#all()[endpoint] ?? [];
    const write = (next: [string, string][]) =>
      this.#memory.update(key, { ...this.#all(), [endpoint]: next.slice(-mostRemembered) });
    const others = (sha256: string) => entries().filter(([known]) => known !== sha256);
    return {
      get: (sha256: string) => entries().find(([known]) => known === sha256)?.[1],
      set: (sha256: string, mediaUUID: string) => write([...others(sha256), [sha256, mediaUUID]]),
      delete: (sha256: string) => write(others(sha256)),
    };
  }

  /** Forgets everything: pictures belong to an account, and another key may be another account's. */
  async forget(): Promise<void> {
    await this.#memory.update(key, undefined);
  }

  #all(): Readonly<Record<string, [string, string][]>> {
    const parsed = remembered.safeParse(this.#memory.get(key));
    return parsed.success ? parsed.data : {};
  }
}
