import type { TaskStatus } from "../../engine/job.ts";
import type { Saved } from "../../engine/saving.ts";
import { recipeWords } from "./formLayout.ts";
import type { PanelResult } from "./services.ts";

/**
 * A result that has just been saved; its size is not known yet.
 *
 * @param name of its file
 */
export function resultOf({ request, source }: TaskStatus, saved: Saved, name: string): PanelResult {
  const { values, preset } = request.recipe;
  const { output, taskUUID, provider, cost, seed, flagged } = saved;
  return {
    id: resultId(taskUUID, name),
    source: source.path,
    original: source.path,
    path: output,
    name,
    decision: "undecided",
    provider,
    flagged,
    cost,
    seed,
    width: 1,
    height: 1,
    file: "",
    prompt: values.positivePrompt ?? "",
    recipe: recipeWords(values, preset),
  };
}

/** What the page knows a result by: letters, digits, `-` and `_`, at most 100 of them. */
export function resultId(taskUUID: string, name: string): string {
  // The end of a name tells results of one task apart.
  return `${taskUUID.slice(0, 36)}-${name.slice(-60)}`.replaceAll(/[^\w-]/g, "_");
}
