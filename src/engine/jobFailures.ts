/** Failures of jobs of which nothing was sent. Each names the source and says what to do. */
import { RemixFailure } from "./failure.ts";
import type { SourceFile } from "./ports.ts";

/** The failure of a job whose work is being done. */
export function alreadyAtWork({ name }: SourceFile, where = "already"): RemixFailure {
  const message = `${name} is being remixed with the same recipe ${where}. Wait for its results, then run it again if you want more.`;
  // Not by a button that stands for failures of all kinds: more of the same is a wish of its own.
  return new RemixFailure("needsConfirmation", message, { retryable: false });
}

/** The failure of a job whose work was done, or taken up, since it was planned. */
export function doneMeanwhile({ name }: SourceFile): RemixFailure {
  const message = `${name} was remixed with the same recipe after this was planned. Look at its results, then run it again if you want more.`;
  return new RemixFailure("needsConfirmation", message, { retryable: false });
}

/** The failure of a job that waited when another failed of what concerns them both. */
export function notSent({ name }: SourceFile, { code, message }: RemixFailure): RemixFailure {
  return new RemixFailure(code, `${name} was not sent. ${message}`, { retryable: true });
}

/** The failure of a job that was cancelled in time. */
export function cancelled({ name }: SourceFile): RemixFailure {
  return new RemixFailure("cancelled", `${name} was not sent: cancelled. Nothing was charged.`);
}
