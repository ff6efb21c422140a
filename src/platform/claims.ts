import { createHash, randomUUID } from "node:crypto";
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
      const removed = this.#files.rm(file, { force: true });
      // Else the removal would hit the file of whoever takes it next.
      this.#releasing.set(
        name,
        removed.catch(() => undefined),
      );
      this.#held.delete(name);
      await removed.finally(() => this.#releasing.delete(name));
    };
  }

  async #takeFile(file: string): Promise<boolean> {
    // Twice: a claim of a window that is gone is removed first.
    for (let attempt = 0; attempt < 2; attempt++) {
      if (await this.#make(file)) {
        return true;
      }
      const owner = await this.#files.readFile(file, "utf8").catch(() => undefined);
      if (owner === undefined) {
        continue;
      }
      if (owner === this.#leases.window) {
        // One of our own that could not be removed when it was given back.
        return true;
      }
      // An empty one is only being written. Where only silence can tell that a window is gone, this takes a while.
      if (owner === "" || !(await this.#leases.gone([owner])).has(owner)) {
        return false;
      }
      await this.#removeStale(file, owner);
    }
    return false;
  }

  /** Removes the claims of windows that are gone. */
  async sweep(): Promise<void> {
    const names = await this.#files.readdir(this.#folder).catch(() => []);
    const owners = new Map<string, string>();
    for (const name of names.filter((name) => name.endsWith(extension))) {
      const file = path.join(this.#folder, name);
      const read = () => this.#files.readFile(file, "utf8").catch(() => this.#leases.window);
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

  /** Removes a claim unless another window has put its own in its place meanwhile. */
  async #removeStale(file: string, owner: string): Promise<void> {
    const aside = path.join(this.#folder, `${randomUUID()}${extension}`);
    try {
      await this.#files.rename(file, aside);
    } catch (error) {
      if (errorCode(error) === "ENOENT") {
        return;
      }
      throw writeFailure(error, this.#folder);
    }
    const found = await this.#files.readFile(aside, "utf8").catch(() => owner);
    if (found !== owner) {
      await this.#files.link(aside, file).catch(() => undefined);
    }
    await this.#files.rm(aside, { force: true });
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
