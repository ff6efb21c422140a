import { assert, expect, test } from "vitest";
import { Transfer } from "workerpool";
import { handOver } from "../../src/platform/handOver.ts";

/** Bytes in memory that all threads share, as sharp's WebAssembly gives them. */
function shared(): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(8));
  memory.set([0, 1, 2, 3, 4, 5, 6, 7]);
  return memory.subarray(2, 5);
}

test.each([
  { name: "bytes", result: shared(), message: new Uint8Array([2, 3, 4]) },
  {
    name: "bytes with facts",
    result: { bytes: shared(), format: "PNG" },
    message: { bytes: new Uint8Array([2, 3, 4]), format: "PNG" },
  },
])("$name leave in a buffer of their own, which goes with them", ({ result, message }) => {
  const left = handOver(result);
  expect(left).toBeInstanceOf(Transfer);
  expect(left).toMatchObject({ message, transfer: [new Uint8Array([2, 3, 4]).buffer] });
});

test("what is kept here stays whole", () => {
  const kept = { bytes: new Uint8Array([1, 2]) };
  const left = handOver(kept);
  assert(left instanceof Transfer);
  const [buffer] = left.transfer;
  assert(buffer instanceof ArrayBuffer);
  structuredClone(left.message, { transfer: [buffer] });
  expect(buffer.byteLength).toBe(0);
  expect(kept.bytes).toEqual(new Uint8Array([1, 2]));
});

test("everything else leaves as it is", () => {
  for (const result of [undefined, null, 7, "text", { bytes: "none" }, [1]]) {
    expect(handOver(result)).toBe(result);
  }
});
