import { expect, it } from "vitest";
import { sha256Hex } from "../../src/recipe/hash.ts";

/** The digest of "abc" in FIPS 180-4's examples. */
const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

it("hashes bytes wherever they lie: on their own, within others, in memory that threads share", async () => {
  const text = new TextEncoder().encode("xabcx");
  const shared = new Uint8Array(new SharedArrayBuffer(5));
  shared.set(text);
  for (const bytes of [text.slice(1, 4), text.subarray(1, 4), shared.subarray(1, 4)]) {
    expect(await sha256Hex(bytes)).toBe(digest);
  }
});
