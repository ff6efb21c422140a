import type { FailureCode } from "../../engine/failure.ts";
import { defaultModelId, models } from "../../recipe/models.ts";
import { parameterAt } from "../../recipe/wire.ts";
import type { Problem, ProblemKind } from "./problem.ts";
import { oneLine } from "./redact.ts";

/** What messages speak of. */
export interface Subject {
  /** The source's file name. */
  readonly name: string;
  readonly taskUUID: string;
  /** AIR id. */
  readonly model: string;
  /** Bytes of the request's body, pictures included: takes its time, and few messages tell it. */
  readonly requestBytes: () => number;
}

/** A kind of problem in words. */
export interface Wording {
  readonly code: FailureCode;
  readonly retryable: boolean;
  /** Whether every other request would fail likewise at the moment. */
  readonly concernsAll?: true;
  /** What happened, as the end of "hero.png was not remixed: …", without a full stop. */
  readonly what: (problem: Problem, subject: Subject) => string;
  /** What to do next, a sentence. */
  readonly next: (problem: Problem, subject: Subject) => string;
}

/** All kinds of problems in words. */
export const wordings: Readonly<Record<ProblemKind, Wording>> = {
  authentication: {
    code: "authentication",
    retryable: false,
    concernsAll: true,
    what: ({ status }) => `Runware refused the API key${status === null ? "" : ` (${status})`}`,
    next: () => "Enter a valid key with the command Set Runware API Key.",
  },
  otherKey: {
    code: "authentication",
    retryable: false,
    what: () => "the API key was changed after it was sent, and only the earlier key can tell",
    next: () => "Set the earlier key, then run Resume Pending.",
  },
  credit: {
    code: "credit",
    retryable: true,
    concernsAll: true,
    what: () => "the Runware account has not enough credit, or is being slowed down",
    next: () => "Add credit at https://my.runware.ai/wallet, then try again.",
  },
  rate: {
    code: "rate",
    retryable: true,
    concernsAll: true,
    what: () => "Runware has too many requests at the moment",
    next: () => "Try again in a few minutes.",
  },
  validation: {
    code: "invalidRecipe",
    retryable: false,
    what: (problem) => `Runware refused ${parameterNames(problem)}${said(problem)}`,
    next: (problem) => `Change ${settingNames(problem)}, then try again.`,
  },
  reference: {
    code: "invalidRecipe",
    retryable: false,
    what: (problem) => `Runware could not take over ${referenceNames(problem)}${said(problem)}`,
    next: () => "Use pictures that are files instead of addresses, then try again.",
  },
  tooLarge: {
    code: "tooLarge",
    retryable: false,
    what: (_, { requestBytes }) => `a request of ${megabytes(requestBytes())} is more than Runware accepts`,
    next: () => "Shrink the picture or its style references, then try again.",
  },
  safety: {
    code: "safety",
    retryable: false,
    what: (problem) => `it was refused by the rules on content${said(problem)}`,
    next: () => "Change the prompt or the picture; the same again would be refused again.",
  },
  modelGone: {
    code: "modelGone",
    retryable: false,
    what: (_, { model }) => `Runware no longer offers the model ${model}`,
    next: (_, { model }) => `Set imageRemix.runware.model to ${otherModels(model)}.`,
  },
  timeout: {
    code: "timeout",
    retryable: true,
    what: () => "Runware did not answer in time",
    next: () => "Try again in a few minutes.",
  },
  provider: {
    code: "provider",
    retryable: true,
    what: (problem) => `the company behind the model reported a failure${said(problem)}`,
    next: () => "Try again in a few minutes.",
  },
  providerRefused: {
    code: "provider",
    retryable: false,
    what: (problem) => `the company behind the model refused the request${said(problem)}`,
    next: () => "Change the prompt or the picture, then try again.",
  },
  server: {
    code: "provider",
    retryable: true,
    what: (problem) => `Runware has a fault of its own${said(problem)}`,
    next: () => "Try again in a few minutes.",
  },
  conflict: {
    code: "provider",
    retryable: false,
    what: () => "Runware has this task already",
    next: () => "Wait for its result.",
  },
  notFound: {
    code: "provider",
    retryable: true,
    what: () => "Runware does not know this task",
    next: () => "Try again.",
  },
  unreadable: {
    code: "network",
    retryable: true,
    what: () => "something that is not Runware answered, perhaps the login page of a network",
    next: () => "Check the connection, then try again.",
  },
  redirect: {
    code: "network",
    retryable: false,
    concernsAll: true,
    what: ({ status }) => `the address of the API points elsewhere (${status}), where the key is not sent`,
    next: () => "Check imageRemix.runware.endpoint and the network.",
  },
  proxy: {
    code: "network",
    retryable: false,
    concernsAll: true,
    what: () => "a proxy asks for a password (407)",
    next: () => "Check the settings http.proxy and http.proxyAuthorization.",
  },
  wrongAddress: {
    code: "network",
    retryable: false,
    concernsAll: true,
    what: ({ status }) => `there is no API at this address (${status})`,
    next: () => "Check imageRemix.runware.endpoint.",
  },
  offline: {
    code: "network",
    retryable: true,
    concernsAll: true,
    what: () => "there is no connection to Runware",
    next: () => "Check the network, then try again.",
  },
  notSent: {
    code: "network",
    retryable: true,
    concernsAll: true,
    what: (problem) => `Runware could not be reached${said(problem)}`,
    next: () => "Check the network, then try again.",
  },
  tls: {
    code: "network",
    retryable: false,
    concernsAll: true,
    what: (problem) => `the connection to Runware cannot be trusted${said(problem)}`,
    next: () => "Check the network's certificates (setting http.systemCertificates).",
  },
  connectionLost: {
    code: "network",
    retryable: true,
    what: (problem) => `the connection to Runware was lost${said(problem)}`,
    next: () => "Check the network, then try again.",
  },
  unknown: {
    code: "unknown",
    retryable: false,
    what: (problem) =>
      `Runware refused it${problem.code === "" ? "" : ` with ${oneLine(problem.code)}`}${said(problem)}`,
    next: () => "See the log for what it said.",
  },
};

function said({ message }: Problem): string {
  const text = oneLine(message).replace(/\.$/, "");
  return text === "" ? "" : ` ("${text}")`;
}

function parameterNames({ parameters }: Problem): string {
  const names = parameters.map((path) => parameterAt(path) ?? oneLine(path));
  return names.length === 0 ? "a value" : [...new Set(names)].join(" and ");
}

function settingNames({ parameters }: Problem): string {
  const names = parameters.flatMap((path) => parameterAt(path) ?? []);
  return names.length === 0
    ? "the recipe"
    : [...new Set(names)].map((id) => `imageRemix.${id}`).join(" and ");
}

function referenceNames({ parameters }: Problem): string {
  return parameters.some((path) => path.includes("styleReferenceImages"))
    ? "a picture of styleReferenceImages"
    : "the picture";
}

function otherModels(model: string): string {
  const others = Object.entries(models)
    .filter(([id]) => id !== model)
    .map(([id, { verified }]) => (verified || id === defaultModelId ? id : `${id} (unverified)`));
  return others.join(", ").replace(/, ([^,]*)$/, " or $1");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
