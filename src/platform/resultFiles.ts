import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import type { Destination, ResultWriter } from "../engine/ports.ts";
import { errorCode, writeFailure } from "./failures.ts";
import { type PendingFiles, temporaryFile } from "./pendingFiles.ts";

/** The file operations that differ between file systems. */
export interface FileSystem {
  link(existing: string, name: string): Promise<void>;
}

/**
 * Writes results so that a file with a final name is complete and none is ever replaced: first under a temporary
 * name in the same folder, then, on disk for certain, under the first name that is free.
 *
 * @param storage absolute path of the extension's storage folder, for what no other folder takes
 */
export function resultWriter(
  pending: PendingFiles,
  storage: string,
  { link }: FileSystem = nodeFiles,
): ResultWriter {
  /** Lets `use` have a temporary file name in `folder`, of which nothing is left afterwards. */
  async function withTemporary<T>(folder: string, use: (temporary: string) => Promise<T>): Promise<T> {
    const temporary = temporaryFile(folder, randomUUID());
    const forget = await pending.note(temporary);
    try {
      return await use(temporary);
    } catch (error) {
      throw writeFailure(error, folder);
    } finally {
      // The outcome is decided by now; a note that cannot be taken back is cleared away at the next start.
      await rm(temporary, { force: true })
        .then(forget)
        .catch(() => undefined);
    }
  }

  /** Gives `temporary` the name `output`; false when a file has it already. `rename` alone would replace that file. */
  async function giveName(temporary: string, output: string): Promise<boolean> {
    try {
      await link(temporary, output);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === "EEXIST") {
        return false;
      }
      if (code === undefined || !noLinks.has(code)) {
        throw error;
      }
      return reserveAndRename(temporary, output, pending);
    }
  }

  async function giveFreeName(temporary: string, { folder, nameFor }: Destination): Promise<string> {
    for (let n = 1; ; n++) {
      const output = path.join(folder, nameFor(n));
      if (await giveName(temporary, output)) {
        return output;
      }
    }
  }

  const save = (bytes: Uint8Array, destination: Destination) =>
    withTemporary(destination.folder, async (temporary) => {
      await writeWhole(temporary, bytes);
      const output = await giveFreeName(temporary, destination);
      await syncFolder(destination.folder);
      return output;
    });

  return {
    async probe({ folder, nameFor }) {
      refuseLongName(nameFor(1));
      await withTemporary(folder, (temporary) => writeWhole(temporary, new Uint8Array()));
    },

    save,

    async keep(bytes, nameFor) {
      const folder = path.join(storage, "kept");
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw writeFailure(error, storage);
      });
      return save(bytes, { folder, nameFor });
    },
  };
}

const nodeFiles: FileSystem = { link };

/** What common file systems allow (ext4, APFS, NTFS: 255 bytes or more), with room for numbers above 9. */
const longestName = 250;

function refuseLongName(name: string): void {
  if (Buffer.byteLength(name) > longestName) {
    throw new RemixFailure(
      "unknown",
      `${name} is too long for a file name. Shorten the source's name, then try again.`,
    );
  }
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** File systems without hard links (FAT, some network drives) answer `link` with one of these; exFAT with EISDIR. */
const noLinks = new Set(["EPERM", "EISDIR", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/** The way without hard links: takes the name with an empty file of our own, which `rename` then may replace. */
async function reserveAndRename(temporary: string, output: string, pending: PendingFiles): Promise<boolean> {
  const forget = await pending.noteReserved(output);
  try {
    const reserved = await open(output, "wx");
    await reserved.close();
    await rename(temporary, output).catch(async (error: unknown) => {
      await rm(output, { force: true });
      throw error;
    });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    await forget().catch(() => undefined);
  }
}

/** Makes the new name survive a power loss. Not every system lets a folder be opened, and none needs to. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is on disk; its name may take a moment longer.
  }
}
