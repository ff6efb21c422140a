import * as vscode from "vscode";
import * as z from "zod/mini";
import { asFailure, type FailureCode } from "../engine/failure.ts";
import type { DecisionOptions, Review } from "./review.ts";

const undoOptions = z.strictObject({ confirm: z.optional(z.boolean()) });

/** A call of `imageRemix.undoReplace`. */
export interface UndoCall {
  readonly uri: vscode.Uri | undefined;
  readonly options: DecisionOptions;
}

/** What the command did. */
export interface UndoReport {
  /** The sources that have their old bytes again. */
  readonly undone: readonly vscode.Uri[];
  readonly failed: readonly {
    readonly source: vscode.Uri;
    readonly code: FailureCode;
    readonly message: string;
  }[];
}

/** @throws TypeError for options that do not exist, and for a first argument that is not a `Uri` */
export function readUndoCall(uri?: unknown, _selected?: unknown, written?: unknown): UndoCall {
  const options = z.optional(undoOptions).safeParse(written);
  if (!options.success) {
    throw new TypeError("Image Remix takes { confirm } as options of this command");
  }
  if (uri !== undefined && !(uri instanceof vscode.Uri)) {
    throw new TypeError("Image Remix takes a Uri as its first argument");
  }
  const { confirm } = options.data ?? {};
  return { uri, options: confirm === undefined ? {} : { confirm } };
}

/** The command `imageRemix.undoReplace`: about the picture that it is called with, else about one of a list. */
export async function undoReplace(review: Review, { uri, options }: UndoCall): Promise<UndoReport> {
  const source = uri ?? (await pickReplaced(review, options.confirm !== false));
  if (source === undefined) {
    return { undone: [], failed: [] };
  }
  try {
    const isDone = await review.undoReplace(source.fsPath, options);
    return { undone: isDone ? [source] : [], failed: [] };
  } catch (error) {
    const { code, message } = asFailure(error);
    return { undone: [], failed: [{ source, code, message }] };
  }
}

/** One of the sources in this workspace that can have their old bytes back; the last where nobody may be asked. */
async function pickReplaced(review: Review, mayAsk: boolean): Promise<vscode.Uri | undefined> {
  const all = (await review.replacements()).map((replacement) => ({
    ...replacement,
    uri: vscode.Uri.file(replacement.origin),
  }));
  const here = all.filter(({ uri }) => vscode.workspace.getWorkspaceFolder(uri) !== undefined);
  if (!mayAsk) {
    return here[0]?.uri;
  }
  if (here.length === 0) {
    const text =
      "There is nothing to undo: no source in this workspace has the bytes with which a result replaced it.";
    void vscode.window.showInformationMessage(text);
    return undefined;
  }
  const items = here.map(({ uri, time, replacedBy }) => ({
    label: vscode.workspace.asRelativePath(uri),
    description: `replaced by ${vscode.workspace.asRelativePath(replacedBy.result)}, ${new Date(time).toLocaleString()}`,
    uri,
  }));
  const options = { title: "Undo Replace Source", placeHolder: "The source that gets its old bytes back" };
  return (await vscode.window.showQuickPick(items, options))?.uri;
}
