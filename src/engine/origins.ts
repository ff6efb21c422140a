import { type Made, type Origin, originOf } from "./history.ts";
import type { SourceFile } from "./ports.ts";
import type { Survey } from "./survey.ts";

/** What a picture was made from; undefined for one that nothing is known of. */
export function originIn(
  { hash, provenance }: Survey,
  history: ReadonlyMap<string, Made>,
): Origin | undefined {
  return provenance === null ? history.get(hash ?? "") : originOf(provenance);
}

/**
 * Whether one of our results lies where its own source lay (Replace Source does that): then it is what the user has as a
 * source now. Its metadata name its source relative to the folder that it was saved to; the history of this machine
 * knows sources by their paths.
 */
export function tookItsSourcesPlace(
  { path, name }: SourceFile,
  { hash, provenance }: Survey,
  history: ReadonlyMap<string, Made>,
): boolean {
  const isItself = (made: Made) => made.sha256 === hash || made.taskUUID === provenance?.taskUUID;
  const isKnown = () => [...history.values()].some((made) => made.source === path && isItself(made));
  return provenance?.source.path.replace(/^\.\//, "") === name || isKnown();
}
