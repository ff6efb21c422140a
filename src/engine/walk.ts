import type { Exclusion } from "./globs.ts";
import { looksLikeResult, sourceExtensions } from "./names.ts";
import type { SourceFile } from "./ports.ts";

/** A file or folder that was come across and left out. */
export interface Skipped {
  /** Absolute path. */
  readonly path: string;
  /** Whether it is a folder, left out with everything in it. */
  readonly isFolder: boolean;
  /** Words that follow the name and a colon. */
  readonly reason: string;
}

/** What was found in a folder and in all folders below it. */
export interface Walked {
  /** Absolute paths of files that are called like pictures, in the order of their names, folder by folder. */
  readonly pictures: readonly string[];
  /** What is called like a picture and left out, and folders that were not looked into. */
  readonly skipped: readonly Skipped[];
}

/** How a folder is looked through. */
export interface WalkOptions {
  /** Absolute path of the folder that globs start from: the workspace's, or the one that is looked through. */
  readonly base: string;
  readonly exclusions: readonly Exclusion[];
  readonly signal: AbortSignal;
  /** Whether files that are called like our results are found too; they are left out otherwise. */
  readonly withResults?: boolean;
  /** Hears of every folder how many pictures have been found so far. */
  readonly onFolder?: (pictures: number) => void;
}

/** Looks through folders on the disk. */
export interface FolderWalker {
  /** @throws RemixFailure `sourceGone` for a folder that cannot be read itself; the signal's reason after an abort */
  walk(folder: string, options: WalkOptions): Promise<Walked>;
}

/** Whether a file is called like a picture that can be a source. */
export function isCalledPicture({ extension }: Pick<SourceFile, "extension">): boolean {
  const known: readonly string[] = sourceExtensions;
  return known.includes(extension.slice(1).toLowerCase());
}

/** Why a file is left out that is called like one of our results; undefined for others. */
export function resultByName({ stem }: Pick<SourceFile, "stem">): string | undefined {
  return looksLikeResult(stem) ? "a result, by its name" : undefined;
}
