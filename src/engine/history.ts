import * as z from "zod/mini";
import type { Provenance } from "./provenance.ts";

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** The schema of a `FractionRectangle`, for what is read back. */
export const fractionRectangle = z.object({
  left: z.number(),
  top: z.number(),
  width: z.number().check(z.gt(0)),
  height: z.number().check(z.gt(0)),
});

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
  /** Name of the preset in use; null without one, absent in records of earlier versions. */
  preset: z.optional(z.nullable(z.string())),
  /** What the picture was to become; absent like `preset`. It never leaves this machine's storage. */
  prompt: z.optional(z.nullable(z.string())),
  /** The part of the upright source that it shows, in fractions of it; absent where nobody knows. */
  used: z.optional(fractionRectangle),
});

/** A result that was made on this machine. */
export type Made = Readonly<z.infer<typeof made>>;

/** Remembers results by their content, for those that carry no metadata. */
export interface History {
  /** Every result, by the SHA-256 of its bytes. */
  results(): Promise<ReadonlyMap<string, Made>>;
  /** Those that were finished after `time`. */
  madeSince(time: Date): Promise<readonly Made[]>;
  /** Adds a result that is about to be saved. @throws RemixFailure when it cannot be written */
  add(result: Made): Promise<void>;
}

/** The schema of {@link SavedPlace}, for what is read back from the disk. */
export const savedPlace = z.object({
  version: z.literal(1),
  kind: z.literal("place"),
  sha256: hash,
  /** Absolute path of the file. */
  output: z.string(),
});

/** The name that a file was given, and the SHA-256 of the bytes that it had then. */
export type SavedPlace = Readonly<z.infer<typeof savedPlace>>;

/** Remembers where results were saved: what one that was changed later is still known by. */
export interface SavedPlaces {
  /** SHA-256 of what was last saved under a name, by absolute path. */
  places(): Promise<ReadonlyMap<string, string>>;
  /** @throws RemixFailure when it cannot be written */
  addPlace(place: SavedPlace): Promise<void>;
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
