import type { ApiError } from "./envelope.ts";

/** The kinds of trouble that are told apart; everything that the service or the network says is one of them. */
export type ProblemKind =
  | "authentication"
  | "otherKey"
  | "credit"
  | "rate"
  | "validation"
  | "reference"
  | "tooLarge"
  | "safety"
  | "modelGone"
  | "timeout"
  | "provider"
  | "providerRefused"
  | "server"
  | "conflict"
  | "notFound"
  | "unreadable"
  | "redirect"
  | "proxy"
  | "wrongAddress"
  | "offline"
  | "notSent"
  | "tls"
  | "connectionLost"
  | "unknown";

/** Something that went wrong, before it is put into words. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The service's own code; empty where there is none. */
  readonly code: string;
  /** What the service said, raw; empty where it said nothing. */
  readonly message: string;
  /** Fields at fault, as the service names them. */
  readonly parameters: readonly string[];
  /** HTTP status; null where there was none. */
  readonly status: number | null;
  /** The reply, redacted; empty where there was none. */
  readonly details: string;
}

/** Codes of older and newer replies: https://runware.ai/docs/platform/errors and Runware's TypeScript SDK, src/errors.ts. */
const patterns: readonly (readonly [pattern: RegExp, kind: ProblemKind])[] = [
  [/^conflictTaskUUID$/i, "conflict"],
  [
    /policy|moderat|nsfw|sensitive|unsafe|(prompt|image|content)Blocked|^invalid(Provider|BFL)Content$/i,
    "safety",
  ],
  [/requestTooLarge$/i, "tooLarge"],
  [/rateLimit|tooManyRequests/i, "rate"],
  [/time-?out/i, "timeout"],
  // Runware's own account and key with the company behind the model: nothing that the user could do.
  [/^(provider|thirdParty).*(Credits|Quota|Balance|Authentication|Unauthorized|Forbidden)/i, "provider"],
  [/credits|quota|balance|paymentRequired/i, "credit"],
  [
    /^(invalid|missing)?(api-?key|authentication|credentials)|^(un|not)authori[sz]ed|^forbidden/i,
    "authentication",
  ],
  [
    /^(permissionDenied|insufficientPermissions|auth(entication)?Failed|token(Expired|Invalid|Missing|Revoked))/i,
    "authentication",
  ],
  [/^(account|organization|workspace)(Suspended|Disabled)/i, "authentication"],
  [
    /^(invalid|unsupported|unknown|deprecated|retired)Model$|^model(NotFound|Disabled|Retired|Deprecated)$/i,
    "modelGone",
  ],
  [
    /^failedToTransferImage$|^media(NotFound|Expired)$|^(invalid|missing|unsupported)\w*(Reference|Seed|Input)Image/i,
    "reference",
  ],
  [/^providerBadRequest$/i, "providerRefused"],
  [/^task(NotFound|Expired|Cancelled|FailedOrNotFound)$/i, "notFound"],
  [
    /^(internalServerError|serviceUnavailable|serverUnavailable|standardError|unknownError|undefinedError|defaultError|unrecognizedResponse)$/i,
    "server",
  ],
  [
    /^(provider|inferenceError|processingFailed|taskFailed|downloadFailed|uploadFailed|noAvailableServer|modelNotReady|mediaStorage)/i,
    "provider",
  ],
  [
    /^(invalid|missing|unsupported|value|array|max|min|duplicate|conflict|incompatible|mismatch|unknown(Parameter|Provider))/i,
    "validation",
  ],
];

/** Words by which a refusal for content shows through an error that calls itself something else. */
const refusalWords =
  /\b(content[ -]?policy|polic(y|ies)|moderat\w*|safety|nsfw|sensitive|blocked|prohibited|inappropriate)\b/i;

/** Kinds behind which such a refusal hides. */
const disguises: ReadonlySet<ProblemKind> = new Set(["provider", "providerRefused", "server", "unknown"]);

/** The kind of one error. Status and words decide where the code is not known: there are hundreds, and they change. */
export function kindOf({ code, message, responseContent }: ApiError, status: number): ProblemKind {
  const byCode = patterns.find(([pattern]) => pattern.test(code))?.[1] ?? modelUnavailable(code, status);
  const kind = byCode ?? kindOfStatus(status) ?? "unknown";
  return disguises.has(kind) && refusalWords.test(`${message} ${responseContent}`) ? "safety" : kind;
}

/** A model that is unavailable for now comes with 503; with 4xx it is gone. */
function modelUnavailable(code: string, status: number): ProblemKind | undefined {
  if (!/^modelUnavailable$/i.test(code)) {
    return undefined;
  }
  return status >= 400 && status < 500 ? "modelGone" : "provider";
}

/** What an HTTP status says by itself; undefined for those that say nothing. */
export function kindOfStatus(status: number): ProblemKind | undefined {
  if (status >= 300 && status < 400) {
    return "redirect";
  }
  switch (status) {
    case 401:
    case 403:
      return "authentication";
    case 402:
      return "credit";
    case 404:
    case 405:
    case 410:
      return "wrongAddress";
    case 407:
      return "proxy";
    case 408:
    case 504:
    case 524:
      return "timeout";
    case 413:
      return "tooLarge";
    case 429:
      return "rate";
    default:
      return status >= 500 ? "server" : undefined;
  }
}

/** How telling a kind is beside others in the same reply; the greatest wins. */
const telling: Partial<Record<ProblemKind, number>> = {
  conflict: 3,
  authentication: 2,
  credit: 2,
  safety: 1,
};

/**
 * Several errors of a reply as one problem: the most telling kind, with up to three different messages.
 *
 * @param status of the reply, 200 to 599
 */
export function problemOf(errors: readonly ApiError[], status: number, details: string): Problem {
  const kinds = errors.map((error) => ({ error, kind: kindOf(error, status) }));
  const [worst] = kinds.toSorted((a, b) => (telling[b.kind] ?? 0) - (telling[a.kind] ?? 0));
  const same = kinds.filter(({ kind }) => kind === worst?.kind).map(({ error }) => error);
  const messages = new Set(same.map(({ message, responseContent }) => clueIn(message, responseContent)));
  return {
    kind: worst?.kind ?? "unknown",
    code: worst?.error.code ?? "",
    message: [...messages].slice(0, 3).join(" "),
    parameters: [...new Set(same.flatMap(({ parameters }) => parameters))],
    status,
    details,
  };
}

/** The text that says most: what the company behind the model said, where only that tells of a refusal. */
function clueIn(message: string, responseContent: string): string {
  const isHidden = refusalWords.test(responseContent) && !refusalWords.test(message);
  return isHidden || message === "" ? responseContent : message;
}

/** A problem that did not come from the service's own errors. */
export function plainProblem(
  kind: ProblemKind,
  message: string,
  status: number | null = null,
  details = "",
): Problem {
  return { kind, code: "", message, parameters: [], status, details };
}
