import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import { looksLikeResult, sourceExtensions } from "../engine/names.ts";
import type { SourceFile } from "../engine/ports.ts";

/** A chosen file or folder that cannot be a source, and why. */
export interface Refused {
  readonly uri: vscode.Uri;
  readonly failure: RemixFailure;
}

/** What a command was pointed at, sorted. */
export interface Selection {
  readonly sources: readonly SourceFile[];
  readonly refused: readonly Refused[];
}

/** The view type of VS Code's own picture editor. */
const pictureEditor = "imagePreview.previewEditor";

/**
 * What a command is about: what it was called with, else the picture in the active editor, else what the user picks.
 *
 * @param mayAsk whether a picker may be shown
 * @param words the picker's
 */
export async function chosenUris(
  uri: unknown,
  selected: unknown,
  mayAsk: boolean,
  words = { title: "Remix Image", openLabel: "Remix" },
): Promise<readonly vscode.Uri[]> {
  // Menus pass other things than a list in its place.
  const several = Array.isArray(selected) ? selected.filter((item) => item instanceof vscode.Uri) : [];
  if (several.length > 0) {
    return several;
  }
  if (uri instanceof vscode.Uri) {
    return [uri];
  }
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === pictureEditor) {
    return [input.uri];
  }
  if (!mayAsk) {
    return [];
  }
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    ...words,
    canSelectMany: true,
    filters: { Pictures: [...sourceExtensions] },
    ...(start === undefined ? {} : { defaultUri: start }),
  });
  return picked ?? [];
}

/**
 * Sorts what was chosen: files are sources, a folder stands for the pictures in it, each file counts once.
 *
 * @param toSource takes a path apart by the machine's own rules
 */
export async function sortSelection(
  uris: readonly vscode.Uri[],
  toSource: (path: string) => SourceFile,
): Promise<Selection> {
  const sources = new Map<string, SourceFile>();
  const refused: Refused[] = [];
  for (const uri of uris) {
    try {
      for (const { fsPath } of await filesOf(uri, toSource)) {
        sources.set(fsPath, toSource(fsPath));
      }
    } catch (error) {
      if (!(error instanceof RemixFailure)) {
        throw error;
      }
      refused.push({ uri, failure: error });
    }
  }
  return { sources: [...sources.values()], refused };
}

async function filesOf(
  uri: vscode.Uri,
  toSource: (path: string) => SourceFile,
): Promise<readonly vscode.Uri[]> {
  if (uri.scheme !== "file") {
    throw new RemixFailure(
      "notAnImage",
      `${uri.toString(true)} is not a file on disk. Save it to a folder first.`,
    );
  }
  const isFolder = await vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    // A file that has gone is reported when it is read, like one that goes later.
    () => false,
  );
  if (!isFolder) {
    return [uri];
  }
  const pictures = (await readFolder(uri))
    .filter(([name, type]) => (type & vscode.FileType.File) !== 0 && isPicture(toSource(name)))
    .map(([name]) => vscode.Uri.joinPath(uri, name));
  if (pictures.length === 0) {
    const allowed = sourceExtensions.join(", ");
    throw new RemixFailure(
      "notAnImage",
      `The folder ${uri.fsPath} holds no pictures to remix. Choose one with ${allowed} files.`,
    );
  }
  return pictures;
}

async function readFolder(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(uri);
  } catch (error) {
    const message = `The folder ${uri.fsPath} cannot be read. Check its permissions, then try again.`;
    throw new RemixFailure("sourceGone", message, { cause: error });
  }
}

function isPicture({ stem, extension }: SourceFile): boolean {
  const known: readonly string[] = sourceExtensions;
  return known.includes(extension.slice(1).toLowerCase()) && !looksLikeResult(stem);
}

/** @throws RemixFailure `notAnImage` for what is not on disk */
export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== "file") {
    throw new RemixFailure("notAnImage", `${uri.toString(true)} is not a folder on disk. Choose another.`);
  }
  return vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    () => false,
  );
}

/** What the reader calls a file or folder. */
export function nameOf(uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder?.uri.fsPath === uri.fsPath ? folder.name : vscode.workspace.asRelativePath(uri);
}
