/** Why a picture could not be remixed, as programs see it. */
export const failureCodes = [
  "notAnImage",
  "tooLarge",
  "sourceGone",
  "readOnly",
  "diskFull",
  "excluded",
  "untrusted",
  "promptRequired",
  "invalidRecipe",
  "needsConfirmation",
  "budget",
  "authentication",
  "credit",
  "rate",
  "safety",
  "modelGone",
  "timeout",
  "network",
  "provider",
  "unknown",
  "cancelled",
  "abandoned",
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** A failure that was foreseen. Its message names the culprit and what to do next, and can be shown as it is. */
export class RemixFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RemixFailure";
    this.code = code;
  }
}

/** `error` as a failure; what nobody foresaw becomes `unknown` and keeps its message. */
export function asFailure(error: unknown): RemixFailure {
  if (error instanceof RemixFailure) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new RemixFailure("unknown", message, { cause: error });
}

/** What an image codec says of a file that it does not know by name ("is damaged …"), as a failure that names it. */
export function failureOf(fileName: string, error: unknown): RemixFailure {
  const { code, message } = asFailure(error);
  return new RemixFailure(code, `${fileName} ${message}`, { cause: error });
}
