import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import * as z from "zod/mini";
import { writeFailure } from "./failures.ts";
import { type Files, nodeFiles } from "./files.ts";
import { pendingFolder } from "./pendingMarker.ts";
import { processIdentity, stateOf, thisProcess } from "./processIdentity.ts";

/** One file that is not finished, and who is writing it. */
const pendingFile = z.object({
  version: z.literal(1),
  /** `temporary`: a file of our own naming. `reserved`: an empty file that holds the name of a result. */
  kind: z.enum(["temporary", "reserved"]),
  file: z.string(),
  ...processIdentity.shape,
});

/** How long it may take to write a record. */
const writingMilliseconds = 1000;

/** Remembers temporary files on disk, so that those of a window that died can be cleared away. */
export class PendingFiles {
  readonly #folder: string;
  readonly #files: Files;
  readonly #identity = thisProcess();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files = nodeFiles) {
    this.#folder = pendingFolder(storage);
    this.#files = files;
  }

  /**
   * Notes that the temporary file `file` is about to be written.
   *
   * @returns a function that takes the note back, once the file is gone
   * @throws RemixFailure when the storage folder cannot be written to
   */
  note(file: string): Promise<() => Promise<void>> {
    return this.#write("temporary", file);
  }

  /** Notes that an empty file is about to take the name `file`; otherwise like `note`. */
  noteReserved(file: string): Promise<() => Promise<void>> {
    return this.#write("reserved", file);
  }

  async #write(kind: "temporary" | "reserved", file: string): Promise<() => Promise<void>> {
    const record = path.join(this.#folder, `${randomUUID()}.json`);
    const content = { version: 1, kind, file, ...(await this.#identity) };
    try {
      await this.#files.mkdir(this.#folder, { recursive: true });
      await this.#files.writeFile(record, JSON.stringify(content), { flag: "wx" });
    } catch (error) {
      throw writeFailure(error, this.#folder);
    }
    return () => this.#files.rm(record, { force: true });
  }

  /**
   * Removes what windows that are no longer there left behind.
   *
   * @param needed absolute paths of files that are still needed
   * @returns the paths of the temporary files that were removed
   */
  async sweep(needed: ReadonlySet<string> = new Set()): Promise<readonly string[]> {
    const removed: string[] = [];
    const torn: string[] = [];
    for (const name of await this.#files.readdir(this.#folder).catch(() => [])) {
      const record = path.join(this.#folder, name);
      const left = await this.#leftBehind(record);
      if (left === "torn") {
        torn.push(record);
      } else if (left !== undefined && !needed.has(left.file)) {
        // What cannot be removed now, from a folder that has become read-only for instance, may be at the next start.
        const isRemoved = left.isOurs && (await this.#remove(left.file));
        removed.push(...(isRemoved ? [left.file] : []));
        await (isRemoved || !left.isOurs ? this.#remove(record) : undefined);
      }
    }
    await this.#removeTorn(torn);
    return removed;
  }

  /** A record that is half written may be that of a living window, but not for long. */
  async #removeTorn(records: readonly string[]): Promise<void> {
    if (records.length > 0) {
      await setTimeout(writingMilliseconds, undefined, { ref: false });
    }
    for (const record of records) {
      if ((await this.#leftBehind(record)) === "torn") {
        await this.#remove(record);
      }
    }
  }

  /**
   * The file of a record whose writer is gone, and whether it is one that may be removed; `torn` for half a record;
   * undefined for those of living windows and for what is not a record.
   */
  async #leftBehind(
    record: string,
  ): Promise<{ readonly file: string; readonly isOurs: boolean } | "torn" | undefined> {
    const text = await this.#files.readFile(record, "utf8").catch(() => undefined);
    const json = text === undefined ? null : parseJson(text);
    if (json === undefined) {
      return "torn";
    }
    const parsed = pendingFile.safeParse(json);
    if (!parsed.success) {
      return undefined;
    }
    const { kind, file, ...identity } = parsed.data;
    if ((await stateOf(identity)) !== "gone" || (kind === "temporary" && !isTemporary(file))) {
      return undefined;
    }
    return { file, isOurs: kind === "temporary" || (await this.#isEmptyOrGone(file)) };
  }

  /**
   * A reserved name is ours as long as it holds nothing: what has content is a finished picture, or somebody else's.
   */
  async #isEmptyOrGone(file: string): Promise<boolean> {
    return this.#files.stat(file).then(
      ({ size }) => size === 0,
      () => true,
    );
  }

  async #remove(file: string): Promise<boolean> {
    return this.#files.rm(file, { force: true }).then(
      () => true,
      () => false,
    );
  }
}

const suffix = ".image-remix.tmp";

/** The name under which a file with `id` is written in `folder` until it is complete. */
export function temporaryFile(folder: string, id: string): string {
  return path.join(folder, `.${id}${suffix}`);
}

/** Only files of our own naming are ever removed, whatever a record says. */
export function isTemporary(file: string): boolean {
  return path.isAbsolute(file) && path.basename(file).startsWith(".") && file.endsWith(suffix);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
