import { randomUUID } from "node:crypto";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import type { FileContent, FileReplacer } from "../engine/review.ts";
import { contentHash } from "./contentHash.ts";
import { errorCode, writeFailure } from "./failures.ts";
import { type Files, nodeFiles, syncFolder } from "./files.ts";
import { type PendingFiles, temporaryFile } from "./pendingFiles.ts";
import { whileBusy } from "./resultFiles.ts";

/** How long somebody may hold a file, in milliseconds. */
const busyMilliseconds = 10_000;

const permissionBits = 0o7777;
const anyWriter = 0o222;

/** Replaces files by `rename`: at each moment, all of the old bytes or all of the new have the name. */
export function fileReplacer(pending: PendingFiles, files: Files = nodeFiles): FileReplacer {
  async function read(file: string): Promise<FileContent & { readonly mode: number }> {
    try {
      const facts = await files.stat(file);
      if (!facts.isFile()) {
        throw new RemixFailure("notAnImage", `${path.basename(file)} is not a file. Choose a picture.`);
      }
      const bytes = await files.readFile(file);
      return { bytes, sha256: await contentHash(bytes), mode: facts.mode & permissionBits };
    } catch (error) {
      throw readFailure(error, file);
    }
  }

  /** @returns the file's permission bits */
  async function refuseChanged(file: string, expected: string): Promise<number> {
    const now = await read(file);
    if (now.sha256 !== expected) {
      const message = `${path.basename(file)} was changed in the meantime, so it is left alone. Look at it, then try again.`;
      throw new RemixFailure("sourceGone", message);
    }
    return now.mode;
  }

  async function writeTemporary(temporary: string, bytes: Uint8Array, mode: number): Promise<void> {
    const handle = await files.open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await contentHash(await files.readFile(temporary))) !== (await contentHash(bytes))) {
      const message = `What was written to ${path.dirname(temporary)} reads back as something else. Check the disk, then try again.`;
      throw new RemixFailure("unknown", message);
    }
  }

  async function replace(file: string, expected: string, bytes: Uint8Array): Promise<void> {
    // The file that a link leads to is replaced, not the link.
    const target = await files.realpath(file).catch((error: unknown) => {
      throw readFailure(error, file);
    });
    const mode = await refuseChanged(target, expected);
    if ((mode & anyWriter) === 0) {
      const message = `${path.basename(file)} is write-protected. Make it writable, then try again.`;
      throw new RemixFailure("readOnly", message);
    }
    const folder = path.dirname(target);
    const temporary = temporaryFile(folder, randomUUID());
    const forget = await pending.note(temporary);
    try {
      await writeTemporary(temporary, bytes, mode);
      await refuseChanged(target, expected);
      await whileBusy(busyMilliseconds, () => files.rename(temporary, target));
      await syncFolder(files, folder);
    } catch (error) {
      throw error instanceof RemixFailure ? error : writeFailure(error, folder);
    } finally {
      // What cannot be taken back now is cleared away at the next start.
      await files
        .rm(temporary, { force: true })
        .then(forget)
        .catch(() => undefined);
    }
  }

  return {
    read,
    replace,
    async remove(file, expected, how) {
      await refuseChanged(file, expected);
      try {
        await how(file);
      } catch (error) {
        throw error instanceof RemixFailure ? error : writeFailure(error, path.dirname(file));
      }
    },
  };
}

function readFailure(error: unknown, file: string): RemixFailure {
  if (error instanceof RemixFailure) {
    return error;
  }
  const name = path.basename(file);
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new RemixFailure("sourceGone", `${name} is gone. Restore the file, then try again.`, {
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new RemixFailure("unknown", `${name} could not be read: ${reason}`, { cause: error });
}
