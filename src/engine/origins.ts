import type { CanonicalPaths } from "./canonicalPaths.ts";
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
 *
 * @param paths knows the picture's own and those of {@link sourcesInHistory}
 */
export function tookItsSourcesPlace(
  { path, name }: SourceFile,
  survey: Survey,
  history: ReadonlyMap<string, Made>,
  paths: CanonicalPaths,
): boolean {
  const isKnown = () => sourcesInHistory(survey, history).some((source) => paths.areSame(source, path));
  return survey.provenance?.source.path.replace(/^\.\//, "") === name || isKnown();
}

/** What a picture was made from by the history of this machine, in absolute paths as they were opened. */
export function sourcesInHistory(
  { hash, provenance }: Survey,
  history: ReadonlyMap<string, Made>,
): readonly string[] {
  const isItself = (made: Made) => made.sha256 === hash || made.taskUUID === provenance?.taskUUID;
  return [...history.values()].filter(isItself).map(({ source }) => source);
}
