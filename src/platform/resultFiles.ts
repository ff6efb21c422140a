import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { RemixFailure } from "../engine/failure.ts";
import type { Destination, ResultWriter, StagedFile } from "../engine/ports.ts";
import { contentHash } from "./contentHash.ts";
import { errorCode, writeFailure } from "./failures.ts";
import { type Files, nodeFiles, syncFolder } from "./files.ts";
import { isTemporary, type PendingFiles, temporaryFile } from "./pendingFiles.ts";

/**
 * Writes results so that a file with a final name is complete and none is ever replaced: first under a temporary
 * name in the same folder, then, on disk for certain, under the first name that is free.
 *
 * @param storage absolute path of the extension's storage folder, for what no other folder takes
 */
export function resultWriter(
  pending: PendingFiles,
  storage: string,
  files: Files = nodeFiles,
  { busyMilliseconds = 10_000 }: { readonly busyMilliseconds?: number } = {},
): ResultWriter {
  async function stage(bytes: Uint8Array, { base, below }: Place): Promise<StagedFile> {
    const folder = path.join(base, ...below);
    await makeBelow(files, base, below);
    const temporary = temporaryFile(folder, randomUUID());
    // A leftover costs less than a picture that its folder would take while the storage's disk is full.
    const forget = await pending.note(temporary).catch((error: unknown) => {
      if (bytes.length === 0) {
        throw error;
      }
      return async () => undefined;
    });
    const file = stagedFile(temporary, await contentHash(bytes), forget);
    try {
      await writeWhole(files, temporary, bytes);
      return file;
    } catch (error) {
      await file.discard();
      throw writeFailure(error, folder);
    }
  }

  function stagedFile(temporary: string, sha256: string, forget: () => Promise<void>): StagedFile {
    const folder = path.dirname(temporary);
    const discard = async () => {
      // What cannot be taken back now is cleared away at the next start.
      await files
        .rm(temporary, { force: true })
        .then(forget)
        .catch(() => undefined);
    };
    return {
      temporary,
      folder,
      sha256,
      discard,
      async giveName(nameFor) {
        try {
          const output = await whileBusy(busyMilliseconds, () => giveFreeName(temporary, folder, nameFor));
          await syncFolder(files, folder);
          await discard();
          return output;
        } catch (error) {
          throw writeFailure(error, folder);
        }
      },
    };
  }

  async function giveFreeName(
    temporary: string,
    folder: string,
    nameFor: Destination["nameFor"],
  ): Promise<string> {
    for (let n = 1; ; n++) {
      const output = path.join(folder, nameFor(n));
      if (await giveName(temporary, output)) {
        return output;
      }
    }
  }

  /** Gives `temporary` the name `output`; false when a file has it already. `rename` alone would replace that file. */
  async function giveName(temporary: string, output: string): Promise<boolean> {
    try {
      await files.link(temporary, output);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === "EEXIST") {
        return false;
      }
      if (code === undefined || !noLinks.has(code)) {
        throw error;
      }
      return reserveAndRename(files, temporary, output, pending);
    }
  }

  return {
    async probe({ base, below, nameFor }) {
      refuseForbidden(path.join(base, ...below));
      refuseLongName(nameFor(1));
      await (await stage(new Uint8Array(), { base, below })).discard();
    },

    stage,

    async adopt({ temporary, folder, length, sha256 }, nameFor) {
      // Only files of our own naming are ever renamed or removed, whatever a journal says.
      const isOurs = isTemporary(temporary) && path.dirname(temporary) === folder;
      for (const name of await files.readdir(folder).catch(() => [])) {
        const file = path.join(folder, name);
        if (file !== temporary && (await isSame(files, file, length, sha256))) {
          await (isOurs ? files.rm(temporary, { force: true }).catch(() => undefined) : undefined);
          return file;
        }
      }
      return isOurs && (await isSame(files, temporary, length, sha256))
        ? stagedFile(temporary, sha256, async () => undefined).giveName(nameFor)
        : undefined;
    },

    async find({ base, below, nameFor }, isIt) {
      const folder = path.join(base, ...below);
      const there = new Set(await files.readdir(folder).catch(() => []));
      // Among so many files, no later number can be in use but after gaps.
      for (let n = 1; n <= there.size + widestGap; n++) {
        const name = nameFor(n);
        const bytes = there.has(name)
          ? await files.readFile(path.join(folder, name)).catch(() => undefined)
          : undefined;
        if (bytes !== undefined && (await isIt(bytes))) {
          return path.join(folder, name);
        }
      }
      return undefined;
    },

    async keep(bytes, nameFor) {
      const folder = keptFolder(storage);
      await files.mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw writeFailure(error, storage);
      });
      const staged = await stage(bytes, { base: folder, below: [] });
      try {
        return await staged.giveName(nameFor);
      } catch (error) {
        await staged.discard();
        throw error;
      }
    },

    async writeBeside(file, text) {
      const folder = path.dirname(file);
      const staged = await stage(new TextEncoder().encode(text), { base: folder, below: [] });
      try {
        // Somebody's own file of that name stays.
        await giveName(staged.temporary, file);
      } catch (error) {
        throw writeFailure(error, folder);
      } finally {
        await staged.discard();
      }
    },
  };
}

/** Numbers in a row that may be free, after results were deleted or discarded, in front of one in use. */
const widestGap = 100;

/** Where finished pictures are kept that their own folders would not take. */
export function keptFolder(storage: string): string {
  return path.join(storage, "results");
}

type Place = Pick<Destination, "base" | "below">;

/**
 * Makes the folders below `base` that are missing.
 *
 * @throws RemixFailure `readOnly` where one of them is a link, which could lead anywhere, or something else
 */
async function makeBelow(files: Files, base: string, below: readonly string[]): Promise<void> {
  let folder = base;
  for (const name of below) {
    const parent = folder;
    folder = path.join(folder, name);
    await files.mkdir(folder).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") {
        throw writeFailure(error, parent);
      }
    });
    if (!(await files.lstat(folder)).isDirectory()) {
      const message = `${folder} is not a folder of its own. Change imageRemix.output.folder, then try again.`;
      throw new RemixFailure("readOnly", message);
    }
  }
}

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

/** Folders whose content belongs to a tool. */
const forbidden = new Set([".git", "node_modules"]);

function refuseForbidden(folder: string): void {
  const culprit = folder.split(/[\\/]/).find((part) => forbidden.has(part.toLowerCase()));
  if (culprit !== undefined) {
    const message = `${folder} lies inside ${culprit}, where nothing is written. Copy the picture elsewhere, then try again.`;
    throw new RemixFailure("excluded", message);
  }
}

/** Writes a new file, on disk for certain. */
export async function writeWhole(files: Files, file: string, bytes: Uint8Array): Promise<void> {
  const handle = await files.open(file, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isSame(files: Files, file: string, length: number, sha256: string): Promise<boolean> {
  try {
    const facts = await files.stat(file);
    return (
      facts.isFile() && facts.size === length && (await contentHash(await files.readFile(file))) === sha256
    );
  } catch {
    return false;
  }
}

/** Virus scanners and watchers hold a new file for a moment, mostly on Windows. */
const busy = new Set(["EBUSY", "ETXTBSY"]);

/** Tries again as long as somebody holds the file, for so many milliseconds at most. */
export async function whileBusy<T>(milliseconds: number, attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + milliseconds;
  for (let wait = 20; ; wait = Math.min(1000, wait * 2)) {
    try {
      return await attempt();
    } catch (error) {
      const code = errorCode(error) ?? "";
      const isHeld =
        busy.has(code) || (process.platform === "win32" && (code === "EPERM" || code === "EACCES"));
      if (!isHeld || performance.now() + wait > end) {
        throw error;
      }
      await setTimeout(wait);
    }
  }
}

/** File systems without hard links (FAT, some network drives) answer `link` with one of these; exFAT with EISDIR. */
const noLinks = new Set(["EPERM", "EISDIR", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/** The way without hard links: takes the name with an empty file of our own, which `rename` then may replace. */
async function reserveAndRename(
  files: Files,
  temporary: string,
  output: string,
  pending: PendingFiles,
): Promise<boolean> {
  const forget = await pending.noteReserved(output);
  let isReserved = false;
  try {
    const reserved = await files.open(output, "wx");
    isReserved = true;
    await reserved.close();
    await files.rename(temporary, output);
    isReserved = false;
    return true;
  } catch (error) {
    if (!isReserved && errorCode(error) === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    // What cannot be taken back now is cleared away at the next start.
    await (isReserved ? files.rm(output, { force: true }) : Promise.resolve())
      .then(forget)
      .catch(() => undefined);
  }
}
