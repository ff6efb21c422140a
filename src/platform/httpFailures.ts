import type { HttpFailure } from "../engine/http.ts";

/** How errors that `fetch` throws are told apart: by code (Node, undici) or message (Chromium, which VS Code can use). */
const patterns: readonly (readonly [failure: HttpFailure, pattern: RegExp])[] = [
  [
    "offline",
    // Only while connecting: the same codes can end a connection on which the request has gone out.
    /\bgetaddrinfo |\bconnect (ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN)\b|ERR_(NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE)/,
  ],
  [
    "tls",
    // Node's names for a certificate that does not hold (doc/api/tls.md, "X509 certificate error codes"). Failures of
    // the protocol itself are left out: they can come after the request has been sent.
    /\b(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]*(CERT|ISSUER|SIGNATURE|KEY|CRL)[A-Z_]*|CERT_[A-Z_]+|CRL_[A-Z_]+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)\b|net::ERR_CERT_/,
  ],
  ["proxy", /Proxy response \(407\)|ERR_PROXY_AUTH/],
  [
    "notSent",
    /\bconnect (ECONNREFUSED|ETIMEDOUT)\b|UND_ERR_CONNECT_TIMEOUT|HTTP Tunneling|ERR_(CONNECTION_REFUSED|PROXY_CONNECTION_FAILED|TUNNEL_CONNECTION_FAILED)/,
  ],
];

/** `fetch` names no reason for a 407 that does not come from a tunnel, and hides the reply; hardly for anything else. */
const hiddenReason = "for no reason that is given, as when a proxy wants a password (407)";

/**
 * Sorts an error of `fetch`. What is not known for certain to have happened before the request was sent is `unknown`.
 */
export function failureOfFetch(error: unknown): { readonly failure: HttpFailure; readonly detail: string } {
  const detail = wholeStory(error) || hiddenReason;
  const failure = patterns.find(([, pattern]) => pattern.test(detail))?.[0] ?? "unknown";
  return { failure, detail };
}

/** Codes and messages of an error, of its causes and, where several addresses were tried, of each of them. */
function wholeStory(error: unknown): string {
  const parts: string[] = [];
  const visit = (current: unknown, depth: number): void => {
    if (!(current instanceof Error) || depth > 5) {
      return;
    }
    const code = "code" in current && typeof current.code === "string" ? `${current.code}: ` : "";
    parts.push(`${code}${current.message}`);
    if (current instanceof AggregateError) {
      for (const inner of current.errors) {
        visit(inner, depth + 1);
      }
    }
    visit(current.cause, depth + 1);
  };
  visit(error, 0);
  // "fetch failed" says nothing once there is a cause.
  return parts.filter((part) => part !== "" && part !== "fetch failed").join("; ");
}
