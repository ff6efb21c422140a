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
}

/** What has become of a source since a picture was made from it. */
export type SourceState = "same" | "changed" | "gone" | "unreadable" | "outside";

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

/** The source that `picture` names, and what has become of it. */
export async function findSource(
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
