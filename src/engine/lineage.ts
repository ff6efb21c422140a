import { RemixFailure } from "./failure.ts";
import type { Provenance } from "./provenance.ts";

/** A picture on disk, as far as its past is concerned. */
export interface PictureFacts {
  /** SHA-256 of the file's bytes. */
  readonly hash: string;
  /** Where it says that it came from; undefined where it says nothing of the kind. */
  readonly provenance: Provenance | undefined;
}

/** The pictures that recipes are read from. */
export interface PictureReader {
  /**
   * @param path absolute
   * @throws RemixFailure `sourceGone` and others, naming the file
   */
  read(path: string): Promise<PictureFacts>;
  /**
   * The absolute path of a source that a picture names. A picture may come from anywhere, so that only pictures of the
   * workspace and of its own folder can be named.
   *
   * @returns undefined for one that lies elsewhere
   */
  sourceOf(picture: string, relative: string): string | undefined;
  /** Absolute paths of pictures of the workspace that are called like the one at the end of `relative`; a few at most. */
  calledLike(relative: string): Promise<readonly string[]>;
}

/** What has become of a source since a picture was made from it; `moved`: it is the same in another place. */
export type SourceState = "same" | "moved" | "changed" | "gone" | "unreadable" | "outside";

/** One step back from a picture towards the original. */
export interface Ancestor {
  /** The path that the picture before it in the list names, relative to that picture's folder. */
  readonly relative: string;
  /** Absolute; undefined for one that lies elsewhere. */
  readonly path: string | undefined;
  /** SHA-256 that the file had. */
  readonly hash: string;
  readonly state: SourceState;
  /** Where it came from in its turn, by what the file says now. */
  readonly provenance: Provenance | undefined;
}

/** Sources of sources that are followed; also the end of pictures that name each other. */
const deepest = 20;

/** The sources of a picture, nearest first, as far as the files are there. */
export async function lineage(
  picture: string,
  provenance: Provenance,
  reader: PictureReader,
): Promise<readonly Ancestor[]> {
  const ancestors: Ancestor[] = [];
  const seen = new Set([picture]);
  let [from, next]: [string, Provenance | undefined] = [picture, provenance];
  while (next !== undefined && ancestors.length < deepest) {
    const ancestor = await findSource(from, next, reader);
    ancestors.push(ancestor);
    if (ancestor.path === undefined || seen.has(ancestor.path)) {
      break;
    }
    seen.add(ancestor.path);
    [from, next] = [ancestor.path, ancestor.provenance];
  }
  return ancestors;
}

/**
 * The source that `picture` names, and what has become of it. Where it is not in its place, it is looked for by its
 * name and known by its hash.
 */
export async function findSource(
  picture: string,
  provenance: Provenance,
  reader: PictureReader,
): Promise<Ancestor> {
  const named = await namedSource(picture, provenance, reader);
  return named.state === "gone" || named.state === "outside" ? await movedSource(named, reader) : named;
}

async function movedSource(named: Ancestor, reader: PictureReader): Promise<Ancestor> {
  for (const path of await reader.calledLike(named.relative)) {
    const facts = await reader.read(path).catch(() => undefined);
    if (facts?.hash === named.hash) {
      return { ...named, path, state: "moved", provenance: facts.provenance };
    }
  }
  return named;
}

async function namedSource(
  picture: string,
  { source }: Provenance,
  reader: PictureReader,
): Promise<Ancestor> {
  const { path: relative, hash } = source;
  const path = reader.sourceOf(picture, relative);
  const found = { relative, path, hash, provenance: undefined };
  if (path === undefined) {
    return { ...found, state: "outside" };
  }
  try {
    const facts = await reader.read(path);
    return { ...found, state: facts.hash === hash ? "same" : "changed", provenance: facts.provenance };
  } catch (error) {
    const isGone = error instanceof RemixFailure && error.code === "sourceGone";
    return { ...found, state: isGone ? "gone" : "unreadable" };
  }
}

/** Whether a source is there, as it was or changed. */
export function isThere({ state }: Pick<Ancestor, "state">): boolean {
  return state === "same" || state === "moved" || state === "changed";
}

/**
 * The original of a picture that is itself a remix: the picture at the end of its lineage, where every file on the way
 * there is what it was.
 *
 * @returns its absolute path; undefined for a picture that is no remix, and for one of which the original is not there,
 *   or is not what it was
 */
export async function originalOf(
  picture: string,
  provenance: Provenance | undefined,
  reader: PictureReader,
): Promise<string | undefined> {
  if (provenance === undefined) {
    return undefined;
  }
  const ancestors = await lineage(picture, provenance, reader);
  const original = ancestors.at(-1);
  const isWhole = ancestors.every(({ state }) => state === "same" || state === "moved");
  return isWhole && original?.provenance === undefined ? original?.path : undefined;
}
