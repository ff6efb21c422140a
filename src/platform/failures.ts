import * as z from "zod/mini";
import { RemixFailure } from "../engine/failure.ts";

const systemError = z.object({ code: z.string(), message: z.string() });

/** The code of a failed file operation (`ENOENT`, `EACCES`, …), or undefined for another kind of error. */
export function errorCode(error: unknown): string | undefined {
  const parsed = systemError.safeParse(error);
  return parsed.success ? parsed.data.code : undefined;
}

/** A failure to write into `folder`, in words. */
export function writeFailure(error: unknown, folder: string): RemixFailure {
  const code = errorCode(error);
  const options = { cause: error };
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new RemixFailure(
        "readOnly",
        `The folder ${folder} is read-only. Make it writable, then try again.`,
        options,
      );
    case "ENOENT":
    case "ENOTDIR":
      return new RemixFailure(
        "readOnly",
        `The folder ${folder} is gone. Restore it, then try again.`,
        options,
      );
    case "ENOSPC":
    case "EDQUOT":
      return new RemixFailure(
        "diskFull",
        `The disk of ${folder} is full. Free some space, then try again.`,
        options,
      );
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return new RemixFailure(
        "unknown",
        `Could not write to ${folder}: ${reason}. Check the disk, then try again.`,
        options,
      );
    }
  }
}
