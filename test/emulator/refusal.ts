import type { Json, JsonObject } from "./json.ts";

/** One entry of `errors`, and the HTTP status of a reply that consists of it. */
export interface Refusal {
  readonly status: number;
  readonly error: ErrorObject;
}

/** What an entry of `errors` has at least. */
export interface ErrorObject extends JsonObject {
  readonly code: string;
  readonly message: string;
}

/**
 * HTTP statuses by code. Runware documents the meaning of 400, 401, 402, 403, 404, 429, 500 and 503
 * (https://runware.ai/docs/platform/errors) and 504 (https://runware.ai/docs/platform/rate-limits), not which code
 * comes with which; anything that is not listed is 400.
 */
const statuses: readonly (readonly [pattern: RegExp, status: number])[] = [
  [/^(invalidApiKey|missingApiKey|unauthorized|authentication)/i, 401],
  [/^(forbidden|permissionDenied|insufficientPermissions)/, 403],
  [/(credits|quota|paymentRequired)/i, 402],
  [/rateLimit/i, 429],
  [/NotFound$/, 404],
  [/timeout/i, 504],
  [/(unavailable|noAvailableServer)/i, 503],
  [/(internalServerError|^inferenceError|^standardError)/, 500],
];

/** Makes a refusal. The fields of an error: https://runware.ai/docs/platform/errors */
export function refuse(code: string, message: string, more: RefusalDetails = {}): Refusal {
  const { status, ...fields } = more;
  return {
    status: status ?? statuses.find(([pattern]) => pattern.test(code))?.[1] ?? 400,
    error: { code, message, ...fields },
  };
}

export interface RefusalDetails {
  readonly status?: number;
  /** The field at fault, or the fields where a rule is about several. */
  readonly parameter?: Json;
  /** The type it should have. */
  readonly type?: Json;
  readonly min?: number;
  readonly max?: number;
  readonly taskUUID?: string | undefined;
  readonly taskType?: string | undefined;
  readonly documentation?: string;
  /** What the company that runs the model said, raw. */
  readonly responseContent?: string;
  readonly context?: JsonObject;
}

/** The same refusals, naming the task they are about. */
export function forTask(task: JsonObject, refusals: readonly Refusal[]): Refusal[] {
  const { taskUUID, taskType } = task;
  return refusals.map(({ status, error }) => ({ status, error: { ...error, taskUUID, taskType } }));
}
