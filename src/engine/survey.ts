import type { FailureCode } from "./failure.ts";
import type { ImageFacts } from "./ports.ts";
import type { Provenance } from "./provenance.ts";

/** What a plan has to know of a picture. */
export interface Survey {
  /** SHA-256 of the file's bytes; null for a file that cannot be read. */
  readonly hash: string | null;
  /** Where it says that it came from, in its metadata or the file beside it; null where it says nothing of the kind. */
  readonly provenance: Provenance | null;
  /** Null for one that cannot be a source. */
  readonly facts: ImageFacts | null;
  /** Why it cannot be one, as a message that names it; null where `facts` are there. */
  readonly problem: { readonly code: FailureCode; readonly message: string } | null;
}
