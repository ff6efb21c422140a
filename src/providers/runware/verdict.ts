import type { Answer } from "./connection.ts";
import type { ApiError, ApiItem } from "./envelope.ts";
import { kindOfStatus, type Problem, type ProblemKind, plainProblem, problemOf } from "./problem.ts";

/** What a reply says about one task. */
export interface Tidings {
  readonly items: readonly ApiItem[];
  readonly errors: readonly ApiError[];
  readonly status: number;
  readonly details: string;
}

/** What became of a submission, going by its reply. */
export type Verdict =
  /** Taken on; the reply may bring results already. */
  | { readonly kind: "accepted"; readonly tidings: Tidings }
  /** Not taken on, and it would not be if it were sent again. */
  | { readonly kind: "refused"; readonly problem: Problem }
  /** Not taken on, but it may be later. */
  | { readonly kind: "later"; readonly problem: Problem; readonly retryAfterMs: number | null }
  /** Nobody knows. `isSaid`: the service itself reported a failure, so that it knows nothing of a result. */
  | {
      readonly kind: "unknown";
      readonly problem: Problem;
      readonly retryAfterMs: number | null;
      readonly isSaid: boolean;
    };

/** Kinds that say nothing about whether the task was taken on. */
const inconclusive: ReadonlySet<ProblemKind> = new Set([
  "timeout",
  "provider",
  "server",
  "unknown",
  "notFound",
]);

/** The part of `reply` that is about `taskUUID`: entries of other tasks are none of our business. */
export function about(
  taskUUID: string,
  reply: Tidings,
): { readonly own: Tidings; readonly strangers: number } {
  const isOwn = (entry: { readonly taskUUID?: string | undefined }): boolean =>
    entry.taskUUID === undefined || entry.taskUUID.toLowerCase() === taskUUID.toLowerCase();
  const items = reply.items.filter(isOwn);
  const errors = reply.errors.filter(isOwn);
  const strangers = reply.items.length + reply.errors.length - items.length - errors.length;
  return { own: { ...reply, items, errors }, strangers };
}

/** Whether an item carries a picture, in whatever form. */
export function hasPicture({ imageURL, imageBase64Data, imageDataURI }: ApiItem): boolean {
  return [imageURL, imageBase64Data, imageDataURI].some((field) => field !== undefined && field !== "");
}

/** Judges the reply to the submission of `taskUUID`. Wherever it is not certain that nothing happened, it is `unknown`. */
export function judge(answer: Answer, taskUUID: string): Verdict {
  switch (answer.kind) {
    case "failed":
      return judgeFailure(answer);
    case "unreadable":
      return judgeUnreadable(answer);
    case "answered":
      return judgeEnvelope(answer, taskUUID);
  }
}

function judgeFailure({ failure, detail }: Extract<Answer, { kind: "failed" }>): Verdict {
  switch (failure) {
    case "offline":
    case "proxy":
    case "tls":
      return { kind: "refused", problem: plainProblem(failure, detail) };
    case "notSent":
      return { kind: "later", problem: plainProblem("notSent", detail), retryAfterMs: null };
    case "unknown":
    case "aborted":
    case "tooLarge":
      return {
        kind: "unknown",
        problem: plainProblem("connectionLost", detail),
        retryAfterMs: null,
        isSaid: false,
      };
  }
}

function judgeUnreadable({
  status,
  retryAfterMs,
  details,
}: Extract<Answer, { kind: "unreadable" }>): Verdict {
  const problem = plainProblem(kindOfStatus(status) ?? "unreadable", "", status, details);
  if (status === 429) {
    return { kind: "later", problem, retryAfterMs };
  }
  // A 408 is a proxy's impatience; anything else below 500 was turned away before the service could begin.
  return status >= 300 && status < 500 && status !== 408
    ? { kind: "refused", problem }
    : { kind: "unknown", problem, retryAfterMs, isSaid: false };
}

function judgeEnvelope(answer: Extract<Answer, { kind: "answered" }>, taskUUID: string): Verdict {
  const { status, retryAfterMs, details, hasData } = answer;
  const { own } = about(taskUUID, answer);
  if (own.items.length > 0) {
    return { kind: "accepted", tidings: own };
  }
  if (own.errors.length > 0) {
    return judgeErrors(problemOf(own.errors, status, details), own, retryAfterMs);
  }
  if (status >= 300) {
    return judgeUnreadable({ kind: "unreadable", status, retryAfterMs, details });
  }
  // An acknowledgement may be an empty list. Data of strangers only, or none at all, is no acknowledgement.
  return hasData && answer.items.length === 0
    ? { kind: "accepted", tidings: own }
    : {
        kind: "unknown",
        problem: plainProblem("unreadable", "", status, details),
        retryAfterMs,
        isSaid: false,
      };
}

function judgeErrors(problem: Problem, own: Tidings, retryAfterMs: number | null): Verdict {
  if (problem.kind === "conflict") {
    // The service has this UUID already, and nobody else could have chosen it.
    return { kind: "accepted", tidings: { ...own, errors: [] } };
  }
  const status = problem.status ?? 0;
  // 503 with an error of the service is documented as a refusal for now (https://runware.ai/docs/platform/errors).
  if (problem.kind === "rate" || (status === 503 && problem.kind !== "timeout")) {
    return { kind: "later", problem, retryAfterMs };
  }
  const isRefused = problem.kind === "unknown" && status >= 400 && status < 500;
  return inconclusive.has(problem.kind) && !isRefused
    ? { kind: "unknown", problem, retryAfterMs, isSaid: problem.kind !== "timeout" }
    : { kind: "refused", problem };
}

/** Codes that tell of the question, not of the task that was asked after. */
const aboutTheQuestion: ReadonlySet<ProblemKind> = new Set([
  "rate",
  "authentication",
  "credit",
  "notFound",
  "conflict",
  "redirect",
  "proxy",
  "wrongAddress",
]);

/**
 * What a reply to `getResponse` says about the task; undefined where it only says something about the question: a
 * poll that fails is not a task that fails.
 */
export function tidingsIn(answer: Answer, taskUUID: string): Tidings | undefined {
  if (answer.kind !== "answered") {
    return undefined;
  }
  const { own } = about(taskUUID, answer);
  const errors = own.errors.filter(
    (error) =>
      // One that names no task is about the question, and so is one that came with an HTTP error of its own.
      error.taskUUID !== undefined &&
      (own.items.length > 0 || answer.status < 500) &&
      !aboutTheQuestion.has(problemOf([error], 200, "").kind),
  );
  if (answer.status >= 300 && own.items.length === 0 && errors.length === 0) {
    return undefined;
  }
  return { ...own, errors };
}
