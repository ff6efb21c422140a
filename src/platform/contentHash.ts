import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";

/** Bytes that are taken in at once: about a millisecond, after which the thread is free for others. */
const slice = 1024 * 1024;

/**
 * SHA-256 of `bytes`, in 64 lower-case hexadecimal digits, without keeping the thread for long. Web Crypto would first
 * copy them, all at once.
 */
export async function contentHash(bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += slice) {
    if (at > 0) {
      await setImmediate();
    }
    hash.update(bytes.subarray(at, at + slice));
  }
  return hash.digest("hex");
}
