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

/** What is known of a failure besides its code and message. */
export interface FailureOptions extends ErrorOptions {
  /** Whether the same again may succeed without anything being changed. */
  readonly retryable?: boolean;
  /** Name of the recipe's parameter at fault, as in the settings without their prefix. */
  readonly parameter?: string;
  /** What the other side said, without secrets and image data, for "copy details". */
  readonly details?: string;
  /** Whether something of it may still be charged, or was charged without being handed over. */
  readonly isOpen?: boolean;
  /** Whether the service, the account or the network is to blame: every other request would fail likewise now. */
  readonly concernsAll?: boolean;
}

/** A failure that was foreseen. Its message names the culprit and what to do next, and can be shown as it is. */
export class RemixFailure extends Error {
  readonly code: FailureCode;
  /** See {@link FailureOptions}; undefined where nobody knows. */
  readonly retryable: boolean | undefined;
  readonly parameter: string | undefined;
  readonly details: string | undefined;
  readonly isOpen: boolean;
  readonly concernsAll: boolean;

  constructor(code: FailureCode, message: string, options?: FailureOptions) {
    super(message, options);
    this.name = "RemixFailure";
    this.code = code;
    this.retryable = options?.retryable;
    this.parameter = options?.parameter;
    this.details = options?.details;
    this.isOpen = options?.isOpen ?? false;
    this.concernsAll = options?.concernsAll ?? false;
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
  const { code, message, retryable } = asFailure(error);
  const options = retryable === undefined ? { cause: error } : { cause: error, retryable };
  return new RemixFailure(code, `${fileName} ${message}`, options);
}
