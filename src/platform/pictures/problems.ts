import { RemixFailure } from "../../engine/failure.ts";

/** What to do with a file that cannot be read. */
export const readable = "Export it as PNG, JPEG or WebP, then try again.";

/** What is wrong with a picture whose header reads well and whose pixels do not; continues its name. */
export function damage(error: unknown): string {
  const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return `is damaged or incomplete and cannot be decoded (${reason}).`;
}

/** The failure for such a file. Its message continues the file's name. */
export function damaged(error: unknown): RemixFailure {
  const message = `${damage(error)} Restore the file, then try again.`;
  return new RemixFailure("notAnImage", message, { cause: error });
}

/** For `catch`: whatever a decoder throws, as {@link damaged}. */
export function throwDamaged(error: unknown): never {
  throw error instanceof RemixFailure ? error : damaged(error);
}
