import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as z from "zod/mini";
import { writeFailure } from "./failures.ts";
import { pendingFolder } from "./pendingMarker.ts";

/** One file that is not finished, and who is writing it. */
const pendingFile = z.object({
  version: z.literal(1),
  /** `temporary`: a file of our own naming. `reserved`: an empty file that holds the name of a result. */
  kind: z.enum(["temporary", "reserved"]),
  file: z.string(),
  host: z.string(),
  pid: z.int().check(z.positive()),
});

/** Remembers temporary files on disk, so that those of a window that died can be cleared away. */
export class PendingFiles {
  readonly #folder: string;

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string) {
    this.#folder = pendingFolder(storage);
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
    const content = { version: 1, kind, file, host: os.hostname(), pid: process.pid };
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(record, JSON.stringify(content), { flag: "wx" });
    } catch (error) {
      throw writeFailure(error, this.#folder);
    }
    return () => rm(record, { force: true });
  }

  /**
   * Removes what windows that are no longer there left behind.
   *
   * @returns the paths of the temporary files that were removed
   */
  async sweep(): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const record = path.join(this.#folder, name);
      const left = await this.#leftBehind(record);
      // What cannot be removed now, from a folder that has become read-only for instance, may be at the next start.
      if (left !== undefined && (await removeFile(left))) {
        await removeFile(record);
        removed.push(left);
      }
    }
    return removed;
  }

  /** The temporary file of a record whose writer is gone; undefined for all others and for what is not a record. */
  async #leftBehind(record: string): Promise<string | undefined> {
    const text = await readFile(record, "utf8").catch(() => "");
    const parsed = pendingFile.safeParse(parseJson(text));
    // A record that cannot be read may be half written by a living window: it is left alone.
    if (!parsed.success) {
      return undefined;
    }
    const { host, pid, kind, file } = parsed.data;
    if (host !== os.hostname() || isAlive(pid)) {
      return undefined;
    }
    const ours = kind === "temporary" ? isTemporary(file) : await isEmptyOrGone(file);
    return ours ? file : undefined;
  }
}

const suffix = ".image-remix.tmp";

/** The name under which a file with `id` is written in `folder` until it is complete. */
export function temporaryFile(folder: string, id: string): string {
  return path.join(folder, `.${id}${suffix}`);
}

/** Only files of our own naming are ever removed, whatever a record says. */
function isTemporary(file: string): boolean {
  return path.isAbsolute(file) && path.basename(file).startsWith(".") && file.endsWith(suffix);
}

/** A reserved name is ours as long as it holds nothing: what has content is a finished picture, or somebody else's. */
async function isEmptyOrGone(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size === 0,
    () => true,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function removeFile(file: string): Promise<boolean> {
  return rm(file, { force: true }).then(
    () => true,
    () => false,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
