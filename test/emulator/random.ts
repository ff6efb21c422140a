import { createHash } from "node:crypto";

/** Numbers in [0, 1) that depend on `seed` alone: the first 32 bits of SHA-256 of seed and position. */
export function repeatableNumbers(seed: number): () => number {
  let position = 0;
  return () => number32(`${seed}/${position++}`) / 2 ** 32;
}

/** An unsigned 32-bit number that depends on `text` alone. */
export function number32(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
