import { sha256Hex } from "./hash.ts";
import { parameter, parameterIds, type Recipe } from "./parameters.ts";

/** A recipe as it travels in a picture's metadata: what is set, by parameter name, without delivery. */
export type RecipeRecord = Readonly<Record<string, unknown>>;

/** What is written down of a recipe: every parameter of the recipe that has a value. */
export function recipeRecord(recipe: Recipe): RecipeRecord {
  const written = parameterIds.filter((id) => parameter(id).group === "recipe" && recipe[id] !== null);
  return Object.fromEntries(written.map((id) => [id, recipe[id]]));
}

/**
 * SHA-256, in lower-case hexadecimal digits, of the parameters that decide what the picture becomes: the same for
 * two recipes exactly when nothing creative differs between them.
 *
 * @param references hashes of the style reference pictures' content, in their order, in place of their paths
 */
export async function recipeHash(recipe: Recipe, references: readonly string[]): Promise<string> {
  const creative = parameterIds
    .filter((id) => parameter(id).creative)
    .toSorted()
    .map((id) => [id, id === "styleReferenceImages" ? references : recipe[id]]);
  const canonical = new TextEncoder().encode(JSON.stringify(creative));
  return sha256Hex(canonical);
}
