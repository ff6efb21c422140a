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
