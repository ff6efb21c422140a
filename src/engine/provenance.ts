import * as z from "zod/mini";
import { isParameterId, parameter } from "../recipe/parameters.ts";
import type { RecipeRecord } from "../recipe/record.ts";
import { isRelativePath, publicReference } from "./relativePath.ts";

/** Bounds of what is read back from files, in characters: generous, since a path or a name may be long. */
const longest = { name: 1000, path: 4096, value: 20_000 } as const;

const text = (maximum: number) => z.string().check(z.minLength(1), z.maxLength(maximum));
/** An id as services form them: a UUID, an AIR id. */
const id = z.string().check(z.regex(/^[\w.:@-]{1,200}$/));
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** ISO 8601 with its zone. zod's own check of it weighs more than all the rest of this schema. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const value = z.union([z.string().check(z.maxLength(longest.value)), z.number(), z.boolean()]);
// No parameter is called like a property of every object (`__proto__`, `constructor`).
const parameterName = z.string().check(
  z.regex(/^[a-z][A-Za-z.]{0,63}$/),
  z.refine((name) => !(name in {})),
);

/** The schema of {@link Provenance}, for what is read from a picture or a file beside it. */
export const provenanceSchema = z.object({
  /** Who drew: the service, or the preview made on the user's own machine. */
  provider: z.enum(["runware", "local"]),
  /** AIR id of the model (https://runware.ai/docs, "Introduction to AIR"); null for the local preview, which has none. */
  model: z.nullable(id),
  taskUUID: id,
  /** The provider's own id of the picture; null where it has none. */
  imageUUID: z.nullable(id),
  /** Decimal digits, since seeds go beyond 2^53; null when unknown. */
  seed: z.nullable(z.string().check(z.regex(/^\d{1,40}$/))),
  /** USD; null when unknown. */
  cost: z.nullable(z.number().check(z.minimum(0))),
  /** When the picture was finished, ISO 8601 with its zone. */
  time: z.string().check(
    z.regex(dateTime),
    z.refine((time) => Number.isFinite(Date.parse(time))),
  ),
  source: z.object({
    /** Path with `/`, relative to the folder of the result; never absolute. */
    path: text(longest.path).check(z.refine(isRelativePath)),
    /** SHA-256 of the source file's bytes. */
    hash,
  }),
  /** The recipe's parameters that had a value; null where only the marking was written. */
  recipe: z.nullable(z.record(parameterName, z.union([value, z.array(value).check(z.maxLength(100))]))),
  /** See `recipeHash` of the recipe's record. */
  recipeHash: hash,
  /** Name of the preset in use; null without one. */
  preset: z.nullable(text(longest.name)),
  /** Whether the service's check found the picture unsafe. */
  flagged: z.boolean(),
});

/** Where a picture came from. Written into the picture and, where that is wanted, into a file beside it. */
export type Provenance = z.infer<typeof provenanceSchema>;

/**
 * What anybody may see of a provenance at `level`: the recipe's own parameters, no query of an address, no absolute
 * path; `marking` has no recipe.
 */
export function published(provenance: Provenance, level: "full" | "marking"): Provenance {
  const { recipe } = provenance;
  if (level === "marking" || recipe === null) {
    return { ...provenance, recipe: null };
  }
  const known = Object.entries(recipe).filter(
    ([id]) => isParameterId(id) && parameter(id).group === "recipe",
  );
  const cleaned = known.map(([id, value]) => [
    id,
    Array.isArray(value)
      ? value.map((item) => (typeof item === "string" ? publicReference(item) : item))
      : value,
  ]);
  return { ...provenance, recipe: Object.fromEntries(cleaned) };
}

/**
 * The IPTC's word for how a picture came to be (https://cv.iptc.org/newscodes/digitalsourcetype/): composed by a
 * trained model from a picture and a prompt, or changed by an algorithm without one.
 */
export function digitalSourceType({ provider }: Provenance): string {
  const term = provider === "local" ? "algorithmicallyEnhanced" : "compositeWithTrainedAlgorithmicMedia";
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${term}`;
}

/** The tool that a picture names as its maker. A local preview never passes for the model's work. */
export function creatorTool({ provider, model }: Provenance): string {
  return provider === "local" ? "Image Remix (local preview)" : `Image Remix (${model ?? "Runware"})`;
}

/** What a recipe's record may hold once it is written into a picture: plain values, which is all that recipes have. */
export function writableRecipe(record: RecipeRecord): Provenance["recipe"] {
  const parsed = provenanceSchema.shape.recipe.safeParse(record);
  if (!parsed.success) {
    throw new TypeError("A recipe holds a value that cannot be written into a picture");
  }
  return parsed.data;
}
