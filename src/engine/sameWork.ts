import { type RecipeRecord, recipeRecord } from "../recipe/record.ts";
import type { CanonicalPaths } from "./canonicalPaths.ts";
import type { TaskPlan } from "./journal.ts";
import type { ProviderId } from "./ports.ts";
import type { Request } from "./task.ts";

/**
 * What is done for a request: of two that have this in common, the second would be paid for in vain.
 *
 * @param path the source's: canonical, except among those who opened it by the same
 */
export function workOf(provider: ProviderId, path: string, { recipe }: Pick<Request, "recipe">): string {
  return JSON.stringify([provider, path, creativeText(recipeRecord(recipe.values))]);
}

/**
 * Tells whether a plan is about the same source and recipe as a request, however many results either wants.
 *
 * @param paths knows the sources of both
 */
export function isAskedBy(
  { source, recipe }: Pick<Request, "source" | "recipe">,
  paths: CanonicalPaths,
): (plan: TaskPlan | null) => boolean {
  const wanted = creativeText(recipeRecord(recipe.values));
  return (plan) =>
    plan !== null && paths.areSame(plan.source, source.path) && creativeText(plan.recipe) === wanted;
}

/** What a recipe's record says, but for how many results are wanted. */
function creativeText(record: RecipeRecord): string {
  const entries = Object.entries(record).filter(([id]) => id !== "numberResults");
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
