import * as vscode from "vscode";
import { asFailure, type RemixFailure } from "../engine/failure.ts";
import type { Exclusion } from "../engine/globs.ts";
import type { FolderWalker, Skipped } from "../engine/walk.ts";
import { isFolder } from "./sources.ts";

/** How folders are looked through. */
export interface WalkChoice {
  /** Glob patterns of what is left out, and why, in a workspace folder or outside of all. */
  readonly exclusions: (folder: vscode.WorkspaceFolder | undefined) => readonly Exclusion[];
  /** Whether files that are called like results are wanted too. */
  readonly withResults?: boolean;
  readonly signal: AbortSignal;
  /** Is told how far it is. */
  readonly say: (text: string) => void;
}

/** What there is in files and folders that were chosen. */
export interface Walked {
  /** Absolute paths, each once. */
  readonly pictures: ReadonlySet<string>;
  /** Those of them that were chosen one by one. */
  readonly chosen: ReadonlySet<string>;
  readonly skipped: readonly Skipped[];
  /** Folders that cannot be looked through. */
  readonly failed: readonly { readonly path: string; readonly failure: RemixFailure }[];
}

/**
 * Looks through folders; files that were chosen one by one are taken as they are. A folder that cannot be looked through
 * stops no other.
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function walkChosen(
  walker: FolderWalker,
  uris: readonly vscode.Uri[],
  { exclusions, withResults = false, signal, say }: WalkChoice,
): Promise<Walked> {
  const pictures = new Set<string>();
  const chosen = new Set<string>();
  const skipped = new Map<string, Skipped>();
  const failed: Walked["failed"][number][] = [];
  for (const uri of uris) {
    try {
      if (!(await isFolder(uri))) {
        chosen.add(uri.fsPath);
        pictures.add(uri.fsPath);
        continue;
      }
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      const walked = await walker.walk(uri.fsPath, {
        base: folder?.uri.fsPath ?? uri.fsPath,
        exclusions: exclusions(folder),
        signal,
        withResults,
        onFolder: (count) => say(`${pictures.size + count} found`),
      });
      for (const path of walked.pictures) {
        pictures.add(path);
      }
      for (const item of walked.skipped) {
        skipped.set(item.path, item);
      }
    } catch (error) {
      signal.throwIfAborted();
      failed.push({ path: uri.fsPath, failure: asFailure(error) });
    }
  }
  return { pictures, chosen, skipped: [...skipped.values()], failed };
}
