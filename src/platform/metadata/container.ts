import type { Provenance } from "../../engine/provenance.ts";

/** A file format that carries XMP. All of it throws RemixFailure `notAnImage` for damage, `tooLarge` for absurd sizes. */
export interface Container {
  /** Whether `bytes` start like a file of this format. */
  recognises(bytes: Uint8Array): boolean;
  /** Texts of the XMP packets in `bytes`, the main one first. */
  packets(bytes: Uint8Array): readonly string[];
  /** `bytes` with `provenance` in its XMP. Every other part of the file stays byte for byte as it is. */
  embed(bytes: Uint8Array, provenance: Provenance): Uint8Array;
}
