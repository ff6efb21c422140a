import type { Origin } from "./history.ts";
import { fileNameFor, type OutputOptions } from "./output.ts";
import type { SourceFile } from "./ports.ts";

/** A picture in the place where a source's results go. */
export interface Candidate {
  /** What it was made from, by its metadata or the history; undefined for one that nothing is known of. */
  readonly origin: Origin | undefined;
  /** Whether it is called like a result of the source. */
  readonly isCalledResult: boolean;
}

/** `unknown`: there may be results that are up to date, but they carry no metadata and no history knows them. */
export type State = "upToDate" | "toDo" | "unknown";

/** How a source stands. */
export interface Standing {
  readonly state: State;
  /** Results that are up to date. */
  readonly found: number;
}

/**
 * Whether a source needs anything done: it is up to date when its output place holds at least as many results as are
 * wanted of the same source, recipe, provider and model. How old a file is makes no difference, nor what it is called.
 *
 * @param numberResults how many results are wanted, from 1
 */
export function standingOf(
  wanted: Origin,
  numberResults: number,
  candidates: readonly Candidate[],
): Standing {
  const found = candidates.filter(({ origin }) => origin !== undefined && isSame(origin, wanted)).length;
  if (found >= numberResults) {
    return { state: "upToDate", found };
  }
  const isUnknown = candidates.some(({ origin, isCalledResult }) => origin === undefined && isCalledResult);
  return { state: isUnknown ? "unknown" : "toDo", found };
}

/** Whether two pictures are made of the same by the same. */
export function isSame(a: Origin, b: Origin): boolean {
  return (
    a.sourceHash === b.sourceHash &&
    a.recipeHash === b.recipeHash &&
    a.provider === b.provider &&
    a.model === b.model
  );
}

/** Stand in a name for what cannot be known of it, until they become patterns. */
const standIns = { date: "-DATE-", seed: "-SEED-", size: "-SIZE-" } as const;
const number = 987_654;

/** What a source's results may be called, by the template of the settings, whatever the number, day, seed and size. */
export function resultNames(
  { stem }: Pick<SourceFile, "stem">,
  { fileName }: Pick<OutputOptions, "fileName">,
  preset: string | null,
): RegExp {
  const whole = fileNameFor(fileName, { name: "-NAME-", preset: preset ?? "settings", ...standIns }, number);
  const counted = fileName.includes("{n}") ? whole : whole.replace(new RegExp(`-${number}_?$`), "");
  const pattern = escaped(counted)
    .replaceAll(standIns.date, String.raw`\d{4}-\d\d-\d\d`)
    .replaceAll(standIns.seed, String.raw`(?:\d{1,40}|unknown)`)
    .replaceAll(standIns.size, String.raw`\d{3,4}x\d{3,4}`)
    .replaceAll(String(number), String.raw`\d{1,6}`)
    .replaceAll("-NAME-", () => escaped(stem));
  const suffix = fileName.includes("{n}") ? "" : String.raw`(?:-\d{1,6})?`;
  return new RegExp(String.raw`^${pattern}${suffix}_?\.(?:png|jpe?g|jpe|webp)$`, "i");
}

/** `text` as a pattern for itself. A hyphen needs nothing outside brackets. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
