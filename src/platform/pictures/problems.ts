import { RemixFailure } from "../../engine/failure.ts";

/** What to do with a file that cannot be read. */
export const readable = "Export it as PNG, JPEG or WebP, then try again.";

/** The failure for a file whose header reads well and whose pixels do not. Its message continues the file's name. */
export function damaged(error: unknown): RemixFailure {
  const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new RemixFailure(
    "notAnImage",
    `is damaged or incomplete and cannot be decoded (${reason}). Restore the file, then try again.`,
    { cause: error },
  );
}

/** For `catch`: whatever a decoder throws, as {@link damaged}. */
export function throwDamaged(error: unknown): never {
  throw error instanceof RemixFailure ? error : damaged(error);
}
