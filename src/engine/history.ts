import * as z from "zod/mini";
import type { Provenance } from "./provenance.ts";

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** The schema of {@link Made}, for what is read back from the disk. */
export const made = z.object({
  version: z.literal(1),
  /** When the picture was finished, ISO 8601. */
  time: z.string(),
  /** SHA-256 of the result's bytes, as they were saved: what the result is known by, wherever it is moved. */
  sha256: hash,
  /** Absolute path of the folder that it was saved to. */
  folder: z.string(),
  /** Absolute path of the source. */
  source: z.string(),
  sourceHash: hash,
  recipeHash: hash,
  provider: z.enum(["runware", "local"]),
  /** AIR id; null for the local preview. */
  model: z.nullable(z.string()),
  taskUUID: z.string(),
});

/** A result that was made on this machine. */
export type Made = Readonly<z.infer<typeof made>>;

/** Remembers results by their content, for those that carry no metadata. */
export interface History {
  /** Every result, by the SHA-256 of its bytes. */
  results(): Promise<ReadonlyMap<string, Made>>;
  /** Adds a result that is about to be saved. @throws RemixFailure when it cannot be written */
  add(result: Made): Promise<void>;
}

/** What decides whether a result is up to date. */
export interface Origin {
  /** SHA-256 of the source's bytes. */
  readonly sourceHash: string;
  readonly recipeHash: string;
  readonly provider: Made["provider"];
  readonly model: string | null;
}

/** The same, of what a picture says itself. */
export function originOf({ source, recipeHash, provider, model }: Provenance): Origin {
  return { sourceHash: source.hash, recipeHash, provider, model };
}
