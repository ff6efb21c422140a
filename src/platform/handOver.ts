import { Transfer } from "workerpool";

/**
 * What a worker's function returns, as it leaves the worker: with bytes of its own, which change hands without being
 * copied for the other thread. Bytes that come from sharp lie in the memory of its WebAssembly, which all threads share
 * and which is used for something else once nobody in the worker holds them.
 *
 * @param result bytes, or an object that may have some as `bytes`; anything else goes as it is
 */
export function handOver(result: unknown): unknown {
  if (result instanceof Uint8Array) {
    const own = new Uint8Array(result);
    return new Transfer(own, [own.buffer]);
  }
  if (
    typeof result === "object" &&
    result !== null &&
    "bytes" in result &&
    result.bytes instanceof Uint8Array
  ) {
    const bytes = new Uint8Array(result.bytes);
    return new Transfer({ ...result, bytes }, [bytes.buffer]);
  }
  return result;
}
