import * as vscode from "vscode";
import { foundResult, type NewResult } from "../engine/history.ts";
import type { PictureReader } from "../engine/lineage.ts";
import { looksLikeResult } from "../engine/names.ts";
import type { SourceFile } from "../engine/ports.ts";

/** Files that are looked at, at most: each is read whole. */
const most = 500;

/**
 * Results in this workspace that say where they came from: for those whose window died before it could remember them.
 * Found by the name that results have where none is set.
 *
 * @param isKnown whether the file with this absolute path need not be read
 */
export async function findResults(
  reader: PictureReader,
  toSource: (path: string) => SourceFile,
  isKnown: (path: string) => boolean,
): Promise<readonly NewResult[]> {
  if (!vscode.workspace.isTrusted) {
    return [];
  }
  const uris = await vscode.workspace.findFiles("**/*.remix-*.{png,jpg,jpeg,jpe,webp}", "**/node_modules/**");
  const files = uris
    .filter(({ scheme, fsPath }) => scheme === "file" && !isKnown(fsPath))
    .map(({ fsPath }) => toSource(fsPath))
    .filter(({ stem }) => looksLikeResult(stem));
  const found: NewResult[] = [];
  for (const file of files.slice(0, most)) {
    // What cannot be read is no result that could be shown.
    const facts = await reader.read(file.path).catch(() => undefined);
    const source = facts?.provenance && reader.sourceOf(file.path, facts.provenance.source.path);
    if (facts?.provenance !== undefined && source !== undefined) {
      found.push(foundResult(file, source, facts.provenance));
    }
  }
  return found;
}
