import type { CanonicalPaths } from "./canonicalPaths.ts";
import { RemixFailure } from "./failure.ts";
import type { Made } from "./history.ts";
import type { Failed } from "./job.ts";
import type { OpenTask } from "./journal.ts";
import { originIn, tookItsSourcesPlace } from "./origins.ts";
import { type PlannedItem, plannedItem } from "./plannedItem.ts";
import type { ProviderId, SourceFile } from "./ports.ts";
import { isAskedBy } from "./sameWork.ts";
import type { Survey } from "./survey.ts";
import type { Request } from "./task.ts";
import { type Candidate, isSame, resultNames, type Standing, standingOf } from "./upToDate.ts";
import type { Skipped } from "./walk.ts";

/** A request, and what decides whether it is done already. */
export interface Wanted {
  readonly request: Request;
  readonly recipeHash: string;
  /** AIR id; null for the local preview. */
  readonly model: string | null;
  /** Absolute path of the folder that results go to. */
  readonly place: string;
}

/** A file or folder in an output place. */
export interface Entry {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** All that was read for a plan. */
export interface Seen {
  /** By absolute path. */
  readonly surveys: ReadonlyMap<string, Survey>;
  /** What the output places hold, by absolute path. */
  readonly places: ReadonlyMap<string, readonly Entry[]>;
  /** Results made on this machine, by hash. */
  readonly history: ReadonlyMap<string, Made>;
  /** Paid tasks of all windows that have not come to their end. */
  readonly openTasks: readonly OpenTask[];
  /** Finished pictures in the extension's storage, whose folders would not take them. */
  readonly kept: readonly Survey[];
  /** Knows the sources that are wanted, those of open tasks, and those of results that may lie in their place. */
  readonly paths: CanonicalPaths;
}

/** A source with a recipe of which nothing is to be made. */
export interface Resting {
  readonly source: SourceFile;
  readonly preset: string | null;
}

/** A source that is a remix itself, and the picture at the end of its lineage. */
export interface Remix {
  readonly source: SourceFile;
  readonly original: SourceFile;
}

/** What a run is going to do, and what it is not. */
export interface Plan {
  readonly provider: ProviderId;
  /** When it was begun: what is made after that, it does not know of. */
  readonly asOf: Date;
  readonly items: readonly PlannedItem[];
  readonly upToDate: readonly Resting[];
  readonly unknown: readonly Resting[];
  /** Those of which results are being made, or wait to be fetched. */
  readonly underWay: readonly Resting[];
  /** Sources that are remixes themselves; absent where nobody is going to read of it. */
  readonly remixes?: readonly Remix[];
  readonly skipped: readonly Skipped[];
  /** Pictures that cannot be remixed. */
  readonly failed: readonly Failed[];
  /** USD, estimated. */
  readonly price: number;
}

/** How a plan is made. */
export interface PlanOptions {
  readonly provider: ProviderId;
  /** USD for one result of a request. */
  readonly estimate: (request: Request) => number;
  /** Whether sources that are up to date are left alone, and those of which nobody knows. */
  readonly onlyOutdated: boolean;
  readonly now: Date;
}

/** Makes the plan for what is wanted. Pure: the same for the same. */
export function planFor(
  wanted: readonly Wanted[],
  seen: Seen,
  { provider, estimate, onlyOutdated, now }: PlanOptions,
): Omit<Plan, "skipped"> {
  const sources = new Set(wanted.map(({ request }) => request.source.path));
  const taken = new Map<string, Set<string>>();
  const items: PlannedItem[] = [];
  const upToDate: Resting[] = [];
  const unknown: Resting[] = [];
  const underWay: Resting[] = [];
  const failed: Failed[] = [];
  for (const want of wanted) {
    const { source, recipe } = want.request;
    const standing = standingIn(want, seen, sources, provider);
    if (onlyOutdated && standing.state !== "toDo") {
      const resting = standing.state === "upToDate" ? upToDate : unknown;
      resting.push({ source, preset: recipe.preset });
      continue;
    }
    const isComing = () => isUnderWay(want.request, seen) || isKept(want, seen);
    if (onlyOutdated && provider !== "local" && isComing()) {
      underWay.push({ source, preset: recipe.preset });
      continue;
    }
    try {
      const request = onlyOutdated ? missing(want.request, standing) : want.request;
      const names = taken.get(want.place) ?? new Set(seen.places.get(want.place)?.map(({ name }) => name));
      taken.set(want.place, names);
      const facts = seen.surveys.get(source.path)?.facts;
      if (facts !== null && facts !== undefined) {
        const price = request.recipe.values.numberResults * estimate(request);
        const sourceSha256 = seen.surveys.get(source.path)?.hash ?? null;
        const seenAs = sourceSha256 === null ? request : { ...request, sourceSha256 };
        const item = plannedItem(seenAs, facts, want.place, names, now, provider);
        const warnings = [...noted(standing), ...replacedWarning(source, seen), ...item.warnings];
        items.push({ ...item, warnings, price });
      }
    } catch (failure) {
      if (!(failure instanceof RemixFailure)) {
        throw failure;
      }
      failed.push({ source, failure });
    }
  }
  const price = items.reduce((sum, item) => sum + item.price, 0);
  return { provider, asOf: now, items, upToDate, unknown, underWay, failed, price };
}

/** How a source stands with its recipe, by what lies in its output place. */
function standingIn(
  { request, recipeHash, model, place }: Wanted,
  { surveys, places, history, paths }: Seen,
  sources: ReadonlySet<string>,
  provider: ProviderId,
): Standing {
  const { source, recipe, output } = request;
  const sourceHash = surveys.get(source.path)?.hash ?? "";
  const calledResult = resultNames(source, output, recipe.preset);
  const candidates = (places.get(place) ?? []).flatMap(({ name, path }): readonly Candidate[] => {
    const survey = surveys.get(path);
    const isOther = survey !== undefined && path !== source.path;
    const isCalledResult = calledResult.test(name) && !sources.has(path);
    return isOther ? [{ origin: originIn(survey, history), isCalledResult }] : [];
  });
  const standing = standingOf(
    { sourceHash, recipeHash, provider, model },
    recipe.values.numberResults,
    candidates,
  );
  return isWanted(surveys.get(source.path)) ? { ...standing, state: "upToDate" } : standing;

  /** A result that took its source's place is what was wanted: without a change of the recipe it stays so. */
  function isWanted(survey: Survey | undefined): boolean {
    const origin = survey === undefined ? undefined : originIn(survey, history);
    return (
      survey !== undefined &&
      origin !== undefined &&
      tookItsSourcesPlace(source, survey, history, paths) &&
      standingOf({ ...origin, recipeHash, provider, model }, 1, [{ origin, isCalledResult: true }]).found ===
        1
    );
  }
}

/** Whether the same has been asked for and paid results of it may still come: then nothing is bought twice. */
function isUnderWay({ source, recipe }: Request, { openTasks, surveys, paths }: Seen): boolean {
  const asks = isAskedBy({ source, recipe }, paths);
  return openTasks.some(({ plan, submission }) => {
    return asks(plan) && (submission === null || submission.sourceSha256 === surveys.get(source.path)?.hash);
  });
}

/** Whether a result was paid for that only has to be put into its place. */
function isKept({ request, recipeHash, model }: Wanted, { surveys, history, kept }: Seen): boolean {
  const sourceHash = surveys.get(request.source.path)?.hash ?? "";
  const wanted = { sourceHash, recipeHash, provider: "runware", model } as const;
  return kept.some((survey) => {
    const origin = originIn(survey, history);
    return origin !== undefined && isSame(origin, wanted);
  });
}

function missing(request: Request, { found }: Standing): Request {
  const { recipe } = request;
  const numberResults = recipe.values.numberResults - found;
  return { ...request, recipe: { ...recipe, values: { ...recipe.values, numberResults } } };
}

function noted({ state }: Standing): readonly string[] {
  return state === "upToDate" ? ["has an up-to-date result already"] : [];
}

function replacedWarning(source: SourceFile, { surveys, history, paths }: Seen): readonly string[] {
  const survey = surveys.get(source.path);
  const isReplaced = survey !== undefined && tookItsSourcesPlace(source, survey, history, paths);
  return isReplaced ? ["is a result that took its source's place: it is remixed once more"] : [];
}
