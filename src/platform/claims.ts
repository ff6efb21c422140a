import { createHash } from "node:crypto";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Claims } from "../engine/ports.ts";
import { errorCode, writeFailure } from "./failures.ts";
import type { Files } from "./files.ts";
import type { Leases } from "./leases.ts";
import { journalFolder } from "./pendingMarker.ts";

const extension = ".claim";
/** Far more than it takes to write a name into a file that is open. */
const writingMilliseconds = 200;
/** As long as it takes to remove one, about. */
const removingMilliseconds = 10;
/** How often a claim is tried that others remove or take at the same time. */
const attempts = 5;

/** Claims as files that only one can make. One of a window that is gone counts for nothing. */
export class ClaimFiles implements Claims {
  readonly #folder: string;
  readonly #files: Files;
  readonly #leases: Leases;
  /** Names of the claims that this window has. */
  readonly #held = new Set<string>();
  /** Removals of claims that were given back, by name. */
  readonly #releasing = new Map<string, Promise<void>>();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files, leases: Leases) {
    this.#folder = journalFolder(storage);
    this.#files = files;
    this.#leases = leases;
  }

  async take(work: string): Promise<(() => Promise<void>) | undefined> {
    await this.#leases.hold();
    const name = createHash("sha256").update(work).digest("hex");
    if (this.#held.has(name)) {
      return undefined;
    }
    this.#held.add(name);
    await this.#releasing.get(name);
    const file = path.join(this.#folder, `${name}${extension}`);
    const isTaken = await this.#takeFile(file).catch((error: unknown) => {
      this.#held.delete(name);
      throw error;
    });
    if (!isTaken) {
      this.#held.delete(name);
      return undefined;
    }
    return async () => {
      const removed = this.#removeOwn(file);
      // Else the removal would hit the file of whoever takes it next.
      this.#releasing.set(
        name,
        removed.catch(() => undefined),
      );
      this.#held.delete(name);
      await removed.finally(() => this.#releasing.delete(name));
    };
  }

  /** A window that was silent for so long that it counted as gone may have lost its claim to another one. */
  async #removeOwn(file: string): Promise<void> {
    const owner = await this.#ownerOf(file);
    if (owner === undefined || owner === this.#leases.window) {
      await this.#files.rm(file, { force: true });
    }
  }

  async #takeFile(file: string): Promise<boolean> {
    let stale: string | undefined;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (await this.#make(file)) {
        return true;
      }
      const owner = await this.#ownerOf(file);
      if (owner === undefined) {
        continue;
      }
      if (owner === this.#leases.window) {
        // One of our own that could not be removed when it was given back.
        return true;
      }
      // An empty one is only being written. Where only silence can tell that a window is gone, this takes a while.
      if (owner === "" || (owner !== stale && !(await this.#leases.gone([owner])).has(owner))) {
        return false;
      }
      stale = owner;
      if (!(await this.#removeStale(file, owner))) {
        await setTimeout(removingMilliseconds);
      }
    }
    return false;
  }

  /** Removes the claims of windows that are gone. */
  async sweep(): Promise<void> {
    const names = await this.#files.readdir(this.#folder).catch(() => []);
    const owners = new Map<string, string>();
    for (const name of names.filter((name) => name.endsWith(extension))) {
      const file = path.join(this.#folder, name);
      const read = async () => (await this.#ownerOf(file)) ?? this.#leases.window;
      let owner = await read();
      if (owner === "") {
        // It is only being written, or was when its window died.
        await setTimeout(writingMilliseconds);
        owner = await read();
      }
      owners.set(file, owner);
    }
    const gone = await this.#leases.gone([...new Set(owners.values())]);
    for (const [file, owner] of owners) {
      if (gone.has(owner)) {
        await this.#removeStale(file, owner);
      }
    }
  }

  /**
   * Removes the claim of a window that is gone. Of several windows that want to, a slow one would hit the claim that a
   * quick one has made anew; so the removal is claimed itself. Whoever has that claim is alone: no other window removes
   * what this owner had, and the owner never comes back under its name.
   *
   * @returns whether it is there no longer; false while another window is about it
   */
  async #removeStale(file: string, owner: string): Promise<boolean> {
    const release = await this.take(JSON.stringify(["remove", path.basename(file), owner]));
    if (release === undefined) {
      return false;
    }
    try {
      if ((await this.#ownerOf(file)) === owner) {
        await this.#files.rm(file, { force: true });
      }
      return true;
    } catch (error) {
      throw writeFailure(error, this.#folder);
    } finally {
      // One that stays is in nobody's way: what it was for is done, and it is cleared away like any other.
      await release().catch(() => undefined);
    }
  }

  /** The window that made a claim; empty while it is being written, undefined where there is none that can be read. */
  #ownerOf(file: string): Promise<string | undefined> {
    return this.#files.readFile(file, "utf8").catch(() => undefined);
  }

  async #make(file: string): Promise<boolean> {
    try {
      await this.#files.writeFile(file, this.#leases.window, { flag: "wx" });
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") {
        return false;
      }
      throw writeFailure(error, this.#folder);
    }
  }
}
