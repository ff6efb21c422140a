import { Blob } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import type { HttpFailure, HttpLimits, HttpOutcome, HttpPort } from "../engine/http.ts";
import { failureOfFetch } from "./httpFailures.ts";
import { Watchdog } from "./httpWatchdog.ts";

/** Bytes per millisecond that an uplink must take at least: 16 kB/s, so that 10 MB may take ten minutes. */
const slowestUplink = 16;

/**
 * HTTP through the runtime's own `fetch`, which VS Code equips with the user's proxy and certificates. No redirect is
 * followed, no cookie is kept, and certificates are always verified.
 */
export const fetchHttp: HttpPort = {
  async post(url, headers, body, limits) {
    const bytes = await encoded(body);
    const sending = sizeOf(bytes) / slowestUplink;
    const init = { method: "POST", headers, body: bytes };
    const outcome = await exchange(url, init, { ...limits, replyMs: limits.replyMs + sending });
    if (outcome.kind === "failed") {
      return outcome;
    }
    const text = new TextDecoder().decode(outcome.body);
    await (text.length > small ? setImmediate() : undefined);
    return { ...outcome, body: text };
  },
  get: (url, limits) =>
    // Pictures are compressed already, and the length that is announced should be that of the picture.
    exchange(url, { method: "GET", headers: { "accept-encoding": "identity" } }, limits),
};

/** Bytes that are handled at once without anybody noticing. */
const small = 1_000_000;

/**
 * `text` in UTF-8. Of megabytes, each is encoded on its own, and they are sent piece by piece: an array the runtime
 * gives to the system in one call, which takes its time.
 */
async function encoded(text: string): Promise<Uint8Array | Blob> {
  const encoder = new TextEncoder();
  if (text.length <= small) {
    return encoder.encode(text);
  }
  const parts: Uint8Array[] = [];
  for (let at = 0; at < text.length; ) {
    await setImmediate();
    const end = at + small;
    const isBetweenHalves = isHighSurrogate(text.charCodeAt(end - 1));
    const next = isBetweenHalves ? end + 1 : end;
    parts.push(encoder.encode(text.slice(at, next)));
    at = next;
  }
  await setImmediate();
  return new Blob(parts);
}

/** The first half of a character beyond U+FFFF (Unicode Standard, section 3.8). */
function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function sizeOf(body: Uint8Array | Blob): number {
  return body instanceof Blob ? body.size : body.length;
}

async function exchange(
  url: string,
  init: RequestInit,
  { signal, replyMs, idleMs, maxBytes }: HttpLimits,
): Promise<HttpOutcome<Uint8Array>> {
  const watchdog = new Watchdog(signal);
  let isReceived = false;
  try {
    watchdog.expect(replyMs, "no reply");
    const response = await globalThis.fetch(url, {
      ...init,
      signal: watchdog.signal,
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    isReceived = true;
    const body = await read(response, maxBytes, () => watchdog.expect(idleMs, "no more of the reply"));
    return typeof body === "string"
      ? { kind: "failed", ...(body === "tooLarge" ? tooLarge(maxBytes) : incomplete) }
      : { kind: "reply", status: response.status, header: (name) => response.headers.get(name), body };
  } catch (error) {
    const { failure, detail } = signal.aborted
      ? ({ failure: "aborted", detail: "stopped by the user" } as const)
      : watchdog.reason === undefined
        ? failureOfFetch(error)
        : ({ failure: "unknown", detail: watchdog.reason } as const);
    // Once anything has come back, the request was received, whatever broke after that.
    return { kind: "failed", failure: isReceived && failure !== "aborted" ? "unknown" : failure, detail };
  } finally {
    watchdog.end();
  }
}

const incomplete = { failure: "unknown" as HttpFailure, detail: "the reply ended too early" };

function tooLarge(maxBytes: number): { readonly failure: HttpFailure; readonly detail: string } {
  return { failure: "tooLarge", detail: `the reply has more than ${maxBytes} bytes` };
}

/** The whole body, or why it is not had. `onProgress` is called before each part that is waited for. */
async function read(
  response: Response,
  maxBytes: number,
  onProgress: () => void,
): Promise<Uint8Array | "tooLarge" | "incomplete"> {
  const declared = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const stream = response.body;
  if (stream === null) {
    return new Uint8Array();
  }
  if (declared !== null && Number(declared) > maxBytes) {
    await stream.cancel();
    return "tooLarge";
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    onProgress();
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      return "tooLarge";
    }
    parts.push(value);
  }
  return declared !== null && Number(declared) !== length ? "incomplete" : joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
