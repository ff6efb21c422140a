import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as z from "zod/mini";
import { pendingFolder } from "./pendingMarker.ts";

/** One temporary file that exists, or is about to, and who is writing it. */
const pendingFile = z.object({
  version: z.literal(1),
  temporary: z.string(),
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
   * Notes that `temporary` is about to be written.
   *
   * @returns a function that takes the note back, once the file is gone or has its final name
   */
  async note(temporary: string): Promise<() => Promise<void>> {
    await mkdir(this.#folder, { recursive: true });
    const record = path.join(this.#folder, `${path.basename(temporary)}.json`);
    const content = { version: 1, temporary, host: os.hostname(), pid: process.pid };
    await writeFile(record, JSON.stringify(content), { flag: "wx" });
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
      if (left !== undefined) {
        await rm(left, { force: true });
        await rm(record, { force: true });
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
    if (!parsed.success || !isTemporary(parsed.data.temporary)) {
      return undefined;
    }
    const { host, pid, temporary } = parsed.data;
    return host === os.hostname() && !isAlive(pid) ? temporary : undefined;
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
