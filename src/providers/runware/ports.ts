import type { RemixTask } from "../../engine/ports.ts";

/**
 * Why an exchange over HTTP brought no whole reply.
 *
 * - `offline`: no network, or no such host; nothing was sent.
 * - `notSent`: nobody took the connection, or a proxy refused it; nothing was sent.
 * - `proxy`: a proxy wants a password; nothing was sent.
 * - `tls`: the other side could not prove who it is; nothing was sent.
 * - `unknown`: it broke somewhere on the way; it may or may not have been received.
 * - `tooLarge`: the reply is larger than allowed; the request has been received.
 * - `aborted`: by the caller's signal; it may or may not have been received.
 */
export type HttpFailure = "offline" | "notSent" | "proxy" | "tls" | "unknown" | "tooLarge" | "aborted";

/** What came of an exchange over HTTP. */
export type HttpOutcome<Body> =
  | {
      readonly kind: "reply";
      readonly status: number;
      /** The value of a header, or null. */
      readonly header: (name: string) => string | null;
      readonly body: Body;
    }
  | { readonly kind: "failed"; readonly failure: HttpFailure; readonly detail: string };

/** Limits of one exchange. */
export interface HttpLimits {
  readonly signal: AbortSignal;
  /** Milliseconds until the reply's headers are there; time for sending a large body is added to it. */
  readonly replyMs: number;
  /** Milliseconds without a single byte of the reply's body. */
  readonly idleMs: number;
  /** Bytes of the reply's body. */
  readonly maxBytes: number;
}

/** HTTP without cookies, redirects or unverified certificates. Nothing throws: what fails is told in the outcome. */
export interface HttpPort {
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    limits: HttpLimits,
  ): Promise<HttpOutcome<string>>;
  get(url: string, limits: HttpLimits): Promise<HttpOutcome<Uint8Array>>;
}

/** What is written down of a task before it is sent. */
export interface Submission {
  readonly taskUUID: string;
  /** AIR id. */
  readonly model: string;
  /** Address of the API, without query. */
  readonly endpoint: string;
  /** Absolute path of the source. */
  readonly source: string;
  /** Absolute path of the folder in which results belong. */
  readonly destination: string;
  /** The request without image data and without the secrets that addresses can hold. */
  readonly request: unknown;
}

/** A result that the service has made, and most likely charged. */
export interface Received {
  readonly imageUUID: string;
  /** Its address without query; null where it came inside the reply. */
  readonly imageURL: string | null;
  /** USD; null when unknown. */
  readonly cost: number | null;
  /** Decimal digits; null when unknown. */
  readonly seed: string | null;
}

/**
 * How a task ended for which nothing can be outstanding any more: `delivered` and `partial` (the rest was refused and
 * not charged), `refused` by the service, `notSent` at all.
 */
export type Settlement = "delivered" | "partial" | "refused" | "notSent";

/** Remembers on disk what may have been paid for. */
export interface TaskJournal {
  /**
   * Resolves once the record would survive a power failure. Nothing may be sent before.
   *
   * @throws RemixFailure `readOnly`, `diskFull` or `unknown`
   */
  submitting(submission: Submission): Promise<void>;
  accepted(taskUUID: string): Promise<void>;
  received(taskUUID: string, result: Received): Promise<void>;
  settled(taskUUID: string, settlement: Settlement): Promise<void>;
}

/** UUIDs of pictures that are stored at the service, by the SHA-256 of their bytes in hexadecimal digits. */
export interface UploadCache {
  get(sha256: string): string | undefined;
  set(sha256: string, mediaUUID: string): void | PromiseLike<void>;
  delete(sha256: string): void | PromiseLike<void>;
}

/** A picture as it is sent. */
export interface PreparedImage {
  readonly bytes: Uint8Array;
  readonly mime: "image/png" | "image/jpeg" | "image/webp";
}

/** Time, so that tests need not wait for it. */
export interface ClockPort {
  /** Milliseconds that only ever grow, from any start, whatever is done to the time of day. */
  monotonic(): number;
  /** The time of day. */
  now(): Date;
  /** Resolves after so many milliseconds, or early when `signal` is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Where it is written down what happened. An output channel of VS Code will do. */
export interface LogPort {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** How long to wait for what, in milliseconds. */
export interface Patience {
  /** For the headers of a reply to anything that is answered at once. */
  readonly replyMs: number;
  /** For the headers of a reply that brings finished pictures (`deliveryMethod` `sync`). */
  readonly syncReplyMs: number;
  /** For the next byte of a body. */
  readonly idleMs: number;
}

/** The service answers at once; results of `sync` may take two minutes at the server (TypeScript SDK, README). */
export const usualPatience: Patience = { replyMs: 30_000, syncReplyMs: 150_000, idleMs: 30_000 };

/** What is needed to talk to the service at all. */
export interface ConnectionParts {
  /** Address of the API: https, or http on this machine. */
  readonly endpoint: string;
  /** The key that belongs to the endpoint; undefined where there is none. */
  readonly key: () => Promise<string | undefined>;
  readonly http: HttpPort;
  readonly clock: ClockPort;
  readonly log: LogPort;
  /** A new UUID v4. */
  readonly newUUID: () => string;
  /** {@link usualPatience} where it is absent. */
  readonly patience?: Patience;
}

/** What the provider needs of the world. */
export interface RunwareParts extends ConnectionParts {
  /** AIR id of the model. */
  readonly model: string;
  readonly journal: TaskJournal;
  /**
   * The source as it is sent: upright, cropped or padded to the task's size, without metadata, at most 2048 pixels
   * a side, in PNG, JPEG or WebP.
   */
  readonly prepare: (task: RemixTask, source: Uint8Array, signal: AbortSignal) => Promise<PreparedImage>;
  /**
   * A style reference that is not an https address, as it is sent.
   *
   * Without it such references are refused: strings are never read as files here.
   */
  readonly prepareStyle?: (reference: string, task: RemixTask, signal: AbortSignal) => Promise<PreparedImage>;
  /** Where it is there, sources are uploaded once and named by UUID after that; else they are sent with each task. */
  readonly uploads?: UploadCache;
  /** The one budget of retries that all tasks of this provider share. */
  readonly retries: RetryAllowance;
  /** Equally distributed numbers from 0 to 1, as of `Math.random`. */
  readonly random: () => number;
  /** Minutes for which a task that was accepted is asked after. */
  readonly timeoutMinutes: number;
}

/** A shared allowance of retries, so that a storm of errors does not multiply. */
export interface RetryAllowance {
  /** Takes one retry. @returns whether there was one left */
  take(): boolean;
  /** Gives one back for something that succeeded. */
  refund(): void;
}
