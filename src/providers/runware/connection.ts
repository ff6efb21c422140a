import { RemixFailure } from "../../engine/failure.ts";
import type { HttpFailure } from "../../engine/http.ts";
import { sha256Hex } from "../../recipe/hash.ts";
import type { WireObject } from "../../recipe/wire.ts";
import { retryAfter } from "./backoff.ts";
import { bodyOf } from "./body.ts";
import { type Envelope, parseReply } from "./envelope.ts";
import { type ConnectionParts, usualPatience } from "./ports.ts";
import { redacted } from "./redact.ts";

/** What came of sending a task. */
export type Answer =
  /** JSON of the service's kind. */
  | ({
      readonly kind: "answered";
      readonly status: number;
      /** Milliseconds that the server asks to wait; null where it does not ask. */
      readonly retryAfterMs: number | null;
      /** The reply, redacted. */
      readonly details: string;
    } & Envelope)
  /** A web page, nothing, or JSON that ends in the middle. */
  | {
      readonly kind: "unreadable";
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly details: string;
    }
  | { readonly kind: "failed"; readonly failure: HttpFailure; readonly detail: string };

/** How a task is sent. */
export interface SendOptions {
  readonly signal: AbortSignal;
  /** Bytes of the largest reply; 1 MB where it is absent: a reply with addresses has a few kilobytes. */
  readonly maxBytes?: number;
  /** Whether the reply brings finished pictures and may take its time. */
  readonly waitsForResults?: boolean;
}

const usualReplyBytes = 1_000_000;

/** Sends tasks to the service, one in each request: many in one body were seen to end in 504. */
export class Connection {
  readonly #parts: ConnectionParts;

  /** @throws RemixFailure `invalidRecipe` for an endpoint to which no key may be sent */
  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    if (!isSafeEndpoint(parts.endpoint)) {
      throw new RemixFailure(
        "invalidRecipe",
        "imageRemix.runware.endpoint must be an https address. Correct it in the user settings.",
      );
    }
  }

  /** @throws RemixFailure `authentication` where there is no key that could be sent */
  async send(task: WireObject, options: SendOptions): Promise<Answer> {
    const { endpoint, http, clock, log, newUUID, patience = usualPatience } = this.#parts;
    const key = await this.key();
    const started = clock.monotonic();
    const outcome = await http.post(
      endpoint,
      { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${key}` },
      bodyOf(task, newUUID()),
      {
        signal: options.signal,
        replyMs: options.waitsForResults === true ? patience.syncReplyMs : patience.replyMs,
        idleMs: patience.idleMs,
        maxBytes: options.maxBytes ?? usualReplyBytes,
      },
    );
    const label = `${String(task["taskType"])} ${String(task["taskUUID"] ?? "")}`.trim();
    const took = `${Math.round(clock.monotonic() - started)} ms`;
    if (outcome.kind === "failed") {
      const detail = redacted(outcome.detail, key);
      log.warn(`${label}: ${outcome.failure} after ${took}: ${detail}`);
      return { ...outcome, detail };
    }
    const { status, body, header } = outcome;
    log.debug(`${label}: HTTP ${status} after ${took}, ${body.length} characters`);
    const details = redacted(body, key);
    const retryAfterMs = retryAfter(header("retry-after"), clock.now());
    const envelope = parseReply(body);
    if (envelope === undefined || envelope.errors.length > 0 || status >= 300) {
      log.warn(`${label}: HTTP ${status}: ${details}`);
    }
    return envelope === undefined
      ? { kind: "unreadable", status, retryAfterMs, details }
      : { kind: "answered", status, retryAfterMs, details, ...withoutKey(envelope, key) };
  }

  /** As in `Provider`: half of a hash of a UUID and the key, from which no key can be guessed. */
  async keyMark(taskUUID: string): Promise<string> {
    const hash = await sha256Hex(new TextEncoder().encode(`${taskUUID} ${await this.key()}`));
    return hash.slice(0, 32);
  }

  /**
   * The key as it is sent.
   *
   * @throws RemixFailure `authentication` where there is none, or one that cannot be one
   */
  async key(): Promise<string> {
    const key = (await this.#parts.key())?.trim() ?? "";
    if (key === "") {
      throw keyFailure("There is no Runware API key.");
    }
    // What else is in it would come back in an error of `fetch` that spells out the header.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw keyFailure("The Runware API key holds spaces, line breaks or letters that no key has.");
    }
    return key;
  }
}

/** What is said in errors goes into messages, and some services repeat the key that they refuse. */
function withoutKey(envelope: Envelope, key: string): Envelope {
  const errors = envelope.errors.map((error) => ({
    ...error,
    code: redacted(error.code, key),
    message: redacted(error.message, key),
    responseContent: redacted(error.responseContent, key),
  }));
  return { ...envelope, errors };
}

function keyFailure(reason: string): RemixFailure {
  return new RemixFailure("authentication", `${reason} Set it with the command Set Runware API Key.`, {
    retryable: false,
    concernsAll: true,
  });
}

/** The loopback interface, by its usual names. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function isSafeEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) {
    return false;
  }
  const { protocol, hostname, username, password } = new URL(endpoint);
  const isEncrypted = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return isEncrypted && username === "" && password === "";
}
