import type { History, Made } from "./history.ts";
import { looksLikeResult } from "./names.ts";
import type { ImageFacts, ProviderId, SourceFile } from "./ports.ts";
import type { Provenance } from "./provenance.ts";
import type { FractionRectangle } from "./size.ts";
import type { Survey } from "./survey.ts";
import type { FolderWalker } from "./walk.ts";

/** What it takes to find results that were made before, by whatever window. */
export interface EarlierParts {
  readonly walker: FolderWalker;
  readonly history: History;
  /** Reads a picture away from the extension host's thread. @throws RemixFailure */
  readonly survey: (path: string) => Promise<Survey>;
  readonly toSource: (path: string) => SourceFile;
  /** See `PictureReader.sourceOf`. */
  readonly sourceOf: (picture: string, relative: string) => string | undefined;
  /** When a file was last written, in milliseconds since 1970. @throws Error where it is gone */
  readonly modified: (path: string) => Promise<number>;
}

/** A file that may be a result. */
export interface Candidate {
  /** Absolute path of its bytes. */
  readonly path: string;
  /** Absolute path that it has, or had before it was put away. */
  readonly origin: string;
}

/** A result that was found on disk, with what it says of itself. */
export interface EarlierResult extends Candidate {
  /** Milliseconds since 1970 at which it was finished. */
  readonly time: number;
  /** Absolute path of its source; its own where the source cannot be named. */
  readonly source: string;
  readonly provider: ProviderId;
  readonly taskUUID: string;
  readonly recipeHash: string;
  /** Null where no metadata was written. */
  readonly provenance: Provenance | null;
  /** Null for a picture that cannot be opened any more. */
  readonly facts: ImageFacts | null;
  /** The part of the upright source that it shows, in fractions of it; null where nobody knows. */
  readonly used: FractionRectangle | null;
}

/** Where to look. */
export interface EarlierOptions {
  /** Absolute paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** Files that lie elsewhere, such as in the bin. */
  readonly elsewhere: readonly Candidate[];
  /** Absolute paths of files that are known already: they are not opened. */
  readonly known: ReadonlySet<string>;
  /** Files that are opened at most: the newest. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * Finds results that were made before: files that are called like one, and pictures in folders to which this machine
 * has saved one, of which the metadata or the history of this machine says that they are. One file is opened at a time,
 * the newest first.
 *
 * @throws the signal's reason after an abort; RemixFailure where a folder or the history cannot be read
 */
export async function* earlierResults(
  parts: EarlierParts,
  { folders, elsewhere, known, limit, signal }: EarlierOptions,
): AsyncGenerator<EarlierResult> {
  const history = await parts.history.results();
  const saved = new Set([...history.values()].map(({ folder }) => folder));
  const candidates = [...elsewhere];
  for (const base of folders) {
    const { pictures, skipped } = await parts.walker.walk(base, { base, exclusions: [], signal });
    // A walk is for sources, and leaves out what is called like a result.
    const paths = [...pictures, ...skipped.flatMap(({ path, isFolder }) => (isFolder ? [] : [path]))];
    const isCandidate = (path: string) => {
      const { stem, folder } = parts.toSource(path);
      return looksLikeResult(stem) || saved.has(folder);
    };
    candidates.push(...paths.filter(isCandidate).map((path) => ({ path, origin: path })));
  }
  const unknown = candidates.filter(({ path }) => !known.has(path));
  for (const candidate of (await newestFirst(parts, unknown, signal)).slice(0, limit)) {
    signal.throwIfAborted();
    const survey = await parts.survey(candidate.path).catch(() => undefined);
    const found = survey === undefined ? undefined : resultOf(parts, candidate, survey, history);
    if (found !== undefined) {
      yield found;
    }
  }
}

async function newestFirst(
  { modified }: EarlierParts,
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const dated: { readonly candidate: Candidate; readonly time: number }[] = [];
  for (const candidate of candidates) {
    signal.throwIfAborted();
    const time = await modified(candidate.path).catch(() => undefined);
    dated.push(...(time === undefined ? [] : [{ candidate, time }]));
  }
  return dated.toSorted((one, other) => other.time - one.time).map(({ candidate }) => candidate);
}

function resultOf(
  { sourceOf }: EarlierParts,
  candidate: Candidate,
  { hash, provenance, facts }: Survey,
  history: ReadonlyMap<string, Made>,
): EarlierResult | undefined {
  const made = hash === null ? undefined : history.get(hash);
  const told = provenance ?? made;
  if (told === undefined) {
    return undefined;
  }
  const { origin } = candidate;
  const named = provenance === null ? undefined : sourceOf(origin, provenance.source.path);
  const source = made?.source ?? named ?? origin;
  // A source that a result has replaced has the result's bytes, metadata and all.
  if (source === origin && (made ?? named) !== undefined) {
    return undefined;
  }
  const { time, provider, taskUUID, recipeHash } = told;
  const used = made?.used ?? null;
  const common = { ...candidate, provider, taskUUID, recipeHash, provenance, facts, used };
  return { ...common, time: Date.parse(time), source };
}

/** Longest pause within a run, in milliseconds: a service may take its time for a picture. */
const longestPause = 30 * 60_000;

/**
 * Puts results together that were most likely asked for at the same time: with the same recipe, one soon after the
 * other. What was made does not say to which run it belonged.
 *
 * @returns runs, newest first, each with its newest result first
 */
export function earlierRuns(results: readonly EarlierResult[]): readonly (readonly EarlierResult[])[] {
  const runs: EarlierResult[][] = [];
  const latest = new Map<string, EarlierResult[]>();
  for (const result of results.toSorted((one, other) => other.time - one.time)) {
    const recipe = `${result.provider} ${result.recipeHash}`;
    const run = latest.get(recipe);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && last.time - result.time <= longestPause) {
      run.push(result);
    } else {
      const begun = [result];
      runs.push(begun);
      latest.set(recipe, begun);
    }
  }
  return runs;
}
