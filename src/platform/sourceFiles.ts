import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import type { CanonicalPath, SourceFile } from "../engine/ports.ts";
import { errorCode } from "./failures.ts";
import type { Files } from "./files.ts";

/** A hundred megapixels of uncompressed 16-bit RGBA are 800 MB; no sensible source comes near this. */
const maxBytes = 512 * 1024 * 1024;

/** Takes an absolute path apart. */
export function sourceFile(file: string): SourceFile {
  const { dir, name, ext, base } = path.parse(file);
  return { path: file, folder: dir, stem: name, extension: ext, name: base };
}

/** What `realpath(3)` says: links are followed, letters are those on disk. Bind mounts look like folders of their own. */
export function canonicalPath(files: Pick<Files, "realpath">): CanonicalPath {
  const real = (file: string) => files.realpath(file).catch(() => undefined);
  return async (file) => {
    const { dir, base } = path.parse(file);
    const folder = (await real(dir)) ?? dir;
    const ofFile = path.parse((await real(file)) ?? file);
    const isOtherCase = ofFile.dir === folder && ofFile.base.toLowerCase() === base.toLowerCase();
    return path.join(folder, isOtherCase ? ofFile.base : base);
  };
}

/**
 * Reads a source from the disk.
 *
 * @param file absolute path
 * @throws RemixFailure `sourceGone`, `notAnImage` (a folder, say), `tooLarge` or `unknown`; the message continues a
 *   sentence that starts with the file's name
 */
export async function readSource(file: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readUnchanged(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RemixFailure ? error : readFailure(error);
  }
}

/** Reads a source of which the time and the length are the same before and after; a program may be writing it. */
async function readUnchanged(file: string, signal: AbortSignal): Promise<Uint8Array> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const facts = await stat(file);
    if (!facts.isFile()) {
      throw new RemixFailure("notAnImage", "is not a file. Choose a picture.");
    }
    if (facts.size > maxBytes) {
      const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
      throw new RemixFailure(
        "tooLarge",
        `is too large: ${megabytes(facts.size)}. The limit is ${megabytes(maxBytes)}. Scale it down, then try again.`,
      );
    }
    const bytes = await readFile(file, { signal });
    const after = await stat(file);
    if (after.mtimeMs === facts.mtimeMs && after.size === facts.size && bytes.length === after.size) {
      return bytes;
    }
  }
  throw new RemixFailure(
    "sourceGone",
    "was being changed while it was read. Wait until it is saved, then try again.",
    { retryable: true },
  );
}

function readFailure(error: unknown): RemixFailure {
  switch (errorCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new RemixFailure("sourceGone", "is gone. Restore the file, then try again.", {
        cause: error,
      });
    case "EACCES":
    case "EPERM":
      return new RemixFailure("unknown", "may not be read. Change its permissions, then try again.", {
        cause: error,
      });
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return new RemixFailure("unknown", `could not be read: ${reason}`, { cause: error });
    }
  }
}
