import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { errorCode, writeFailure } from "./failures.ts";
import type { Files } from "./files.ts";
import { journalFolder } from "./pendingMarker.ts";
import {
  type ProcessIdentity,
  type ProcessState,
  processIdentity,
  stateOf,
  thisProcess,
} from "./processIdentity.ts";

const extension = ".lease";
/** Of a lease that is being written. */
const draftExtension = ".lease.tmp";

/** Milliseconds between two signs of life. */
const usualBeat = 5000;
/** Missed beats after which a window of which nothing else is known counts as gone. */
const beatsToMiss = 3;
/** The same where its process may still be there, and only hang: ten minutes. */
const beatsToMissWhileThere = 120;

/**
 * Tells which windows are still there. Each window that has something to lose holds a lease: a file that says which
 * process it is, and whose time is renewed. Times of other machines are never compared with this one's: a window counts
 * as gone when its process is, or when it gave no sign of life while somebody watched.
 */
export class Leases {
  /** This window's own name, another in each process. */
  readonly window = randomUUID();
  readonly #folder: string;
  readonly #files: Files;
  readonly #beat: number;
  readonly #identity: ProcessIdentity | undefined;
  #held: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param storage absolute path of the extension's storage folder
   * @param identity which process this is; the present one where it is absent
   */
  constructor(
    storage: string,
    files: Files,
    { beat = usualBeat, identity }: { readonly beat?: number; readonly identity?: ProcessIdentity } = {},
  ) {
    this.#folder = journalFolder(storage);
    this.#files = files;
    this.#beat = beat;
    this.#identity = identity;
  }

  /**
   * Takes this window's lease, once and for all.
   *
   * @throws RemixFailure when the storage folder cannot be written to
   */
  hold(): Promise<void> {
    this.#held ??= this.#take().catch((error: unknown) => {
      this.#held = undefined;
      throw writeFailure(error, this.#folder);
    });
    return this.#held;
  }

  /** Gives the lease back. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#held !== undefined) {
      this.#held = undefined;
      await this.#files.rm(this.#fileOf(this.window), { force: true });
    }
  }

  /** Whether a window is gone for certain. */
  async isGone(window: string): Promise<boolean> {
    return (await this.#stateOf(window)) === "gone";
  }

  /** Which of `windows` are gone. Takes {@link beatsToMiss} beats where that cannot be told at once. */
  async gone(windows: readonly string[]): Promise<ReadonlySet<string>> {
    const states = await Promise.all(
      windows.map(async (window) => ({ window, state: await this.#stateOf(window) })),
    );
    const gone = states.filter(({ state }) => state === "gone").map(({ window }) => window);
    const unsure = await Promise.all(
      states
        .filter(({ state }) => state === "elsewhere" || state === "perhaps")
        .map(async (known) => ({ ...known, before: await this.#lastSign(known.window) })),
    );
    if (unsure.length > 0) {
      await setTimeout(this.#beat * (beatsToMiss + 1), undefined, { ref: false });
    }
    for (const { window, state, before } of unsure) {
      const last = await this.#lastSign(window);
      const isGone = (await this.#stateOf(window)) === "gone";
      const mayHang = state === "perhaps" && Date.now() - last < this.#beat * beatsToMissWhileThere;
      if (isGone || (last === before && !mayHang)) {
        gone.push(window);
      }
    }
    return new Set(gone);
  }

  /** Removes the leases of windows that are gone for certain, except of those in `needed`. */
  async sweep(needed: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#files.readdir(this.#folder).catch(() => [])) {
      const file = path.join(this.#folder, name);
      const window = name.endsWith(extension) ? name.slice(0, -extension.length) : this.window;
      const isLeft = !needed.has(window) && (await this.#stateOf(window)) === "gone";
      if (isLeft || (name.endsWith(draftExtension) && (await this.#isLeftDraft(file)))) {
        await this.#files.rm(file, { force: true });
      }
    }
  }

  /** Half a draft is that of a crash, or of a window that will write it once more when it misses it. */
  async #isLeftDraft(file: string): Promise<boolean> {
    const text = await this.#files.readFile(file, "utf8").catch(() => "");
    const parsed = processIdentity.safeParse(jsonOf(text));
    return !parsed.success || (await stateOf(parsed.data)) === "gone";
  }

  async #take(): Promise<void> {
    const identity = this.#identity ?? (await thisProcess());
    const file = this.#fileOf(this.window);
    await this.#files.mkdir(this.#folder, { recursive: true });
    // Under its own name from the first moment whole: an empty lease would count as one that nobody holds.
    const draft = this.#fileOf(this.window, draftExtension);
    const write = async () => {
      await this.#files.writeFile(draft, JSON.stringify(identity));
      await this.#files.rename(draft, file);
    };
    try {
      await write().catch((error: unknown) =>
        errorCode(error) === "ENOENT" ? write() : Promise.reject(error),
      );
    } catch (error) {
      await this.#files.rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    this.#timer = setInterval(() => {
      const now = new Date();
      // One beat that fails is one beat missed.
      void this.#files.utimes(file, now, now).catch(() => undefined);
    }, this.#beat);
    this.#timer.unref();
  }

  /** A journal without a lease that can be read was left by a window that is gone: the lease comes first and goes last. */
  async #stateOf(window: string): Promise<ProcessState> {
    if (window === this.window) {
      return "there";
    }
    const text = await this.#files.readFile(this.#fileOf(window), "utf8").catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") {
        return "";
      }
      throw error;
    });
    if (text === "") {
      return "gone";
    }
    const parsed = processIdentity.safeParse(jsonOf(text));
    return parsed.success ? stateOf(parsed.data) : "elsewhere";
  }

  /**
   * When it last gave a sign, by the clock of the file system, in milliseconds since 1970; 0 where there is no lease, and
   * NaN, which equals nothing, where that cannot be told.
   * NFS asks its server what a file's times are only when the file is opened (close-to-open consistency, nfs(5)); what
   * `stat` tells may be a minute old.
   */
  async #lastSign(window: string): Promise<number> {
    try {
      const handle = await this.#files.open(this.#fileOf(window), "r");
      try {
        return (await handle.stat()).mtimeMs;
      } finally {
        await handle.close();
      }
    } catch (error) {
      return errorCode(error) === "ENOENT" ? 0 : Number.NaN;
    }
  }

  #fileOf(window: string, ending = extension): string {
    return path.join(this.#folder, `${window}${ending}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
