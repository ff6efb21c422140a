import type { TaskStatus } from "../../engine/job.ts";
import type { BinEntry } from "../../engine/review.ts";
import type { Saved } from "../../engine/saving.ts";
import { modelOf } from "../../engine/task.ts";
import { recipeWords } from "./formLayout.ts";
import type { PanelResult } from "./services.ts";

/**
 * A result that has just been saved; its size is not known yet.
 *
 * @param name of its file
 */
export function resultOf({ request, source }: TaskStatus, saved: Saved, name: string): PanelResult {
  const { values, preset } = request.recipe;
  const { output, taskUUID, provider, cost, seed, flagged, model, used = null } = saved;
  return {
    id: resultId(taskUUID, name),
    source: source.path,
    original: source.path,
    path: output,
    name,
    decision: "undecided",
    provider,
    model: modelTitle(model ?? null),
    flagged,
    cost,
    seed,
    size: null,
    used,
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

/** The UUID in a result's id: a name that was discarded may be given again, to another picture. */
export function taskUUIDOf(id: string): string {
  return id.slice(0, 36);
}

/** What people call a model. @param id AIR id; null where nobody knows */
export function modelTitle(id: string | null): string | null {
  return id === null ? null : (modelOf(id)?.title ?? id);
}

const fromFiles = "files-";

/** Id of a run that is known from its results' files only. */
export function fileRunId(taskUUID: string): string {
  return `${fromFiles}${taskUUID}`;
}

export function isFromFiles(run: string): boolean {
  return run.startsWith(fromFiles);
}

/**
 * Absolute path of the bytes that a result was made from: the source, or where that was replaced since, the copy that
 * the first replacement after it has left in the bin.
 *
 * @param time milliseconds since 1970 at which the result's run was started
 * @param entries of the bin, oldest first
 */
export function originalOf(
  source: string,
  time: number,
  entries: readonly BinEntry[],
  pathOf: (entry: BinEntry) => string,
): string {
  const later = entries.find(
    (entry) => entry.why === "replaced" && entry.origin === source && Date.parse(entry.time) >= time,
  );
  return later === undefined ? source : pathOf(later);
}
