import * as vscode from "vscode";
import { type Audit, type AuditRow, auditRow, type Known, sortedRows, type Unread } from "../engine/audit.ts";
import { type AuditWords, auditCsv, auditDocument, auditSummary } from "../engine/auditDocument.ts";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import type { History, SavedPlaces } from "../engine/history.ts";
import type { PictureReader } from "../engine/lineage.ts";
import type { Inspected } from "../engine/marking.ts";
import type { SourceFile } from "../engine/ports.ts";
import { relativeAddress } from "../engine/relativePath.ts";
import type { FolderWalker } from "../engine/walk.ts";
import { hiddenFiles } from "./exclusions.ts";
import { type Button, documentName, type ReadOnlyDocuments } from "./readOnlyDocuments.ts";
import type { Call } from "./remixImage.ts";
import { reportFailures } from "./report.ts";
import { nameOf } from "./sources.ts";
import { type Walked, walkChosen } from "./walkChosen.ts";
import { whileReading } from "./whileReading.ts";

/** What the command needs of the rest of the extension. */
export interface AuditParts {
  readonly walker: FolderWalker;
  readonly history: History & SavedPlaces;
  /** @throws RemixFailure, its message naming the picture */
  readonly inspect: (path: string, signal: AbortSignal) => Promise<Inspected>;
  readonly sourceOf: PictureReader["sourceOf"];
  readonly toSource: (path: string) => SourceFile;
  readonly documents: ReadOnlyDocuments;
  readonly log: vscode.LogOutputChannel;
}

/**
 * The command `imageRemix.auditPictures`: looks for pictures that a model made, in folders and all folders below them,
 * and shows what it finds as a document.
 *
 * Left out are what Git ignores and what `files.exclude` hides, and counted. `imageRemix.exclude` is no reason: it
 * names what is never sent, and nothing is.
 *
 * @returns the document's `Uri`; undefined where there is none, which the user is told unless `confirm` is false
 */
export async function auditPictures(parts: AuditParts, call: Call): Promise<vscode.Uri | undefined> {
  const { uris, options } = call;
  if (uris.length === 0) {
    return undefined;
  }
  try {
    if (!vscode.workspace.isTrusted) {
      throw new RemixFailure("untrusted", "Pictures are read in trusted workspaces only.");
    }
    const audit = await makeAudit(parts, uris);
    parts.log.info(`Audit of ${titleOf(uris)}: ${auditSummary(audit)}`);
    return await showAudit(parts, audit, uris);
  } catch (error) {
    const failure = asFailure(error);
    if (options.confirm !== false && failure.code !== "cancelled") {
      reportFailures([{ source: { name: titleOf(uris) }, failure }], 1, () => parts.log.show());
    }
    return undefined;
  }
}

/** @throws RemixFailure `cancelled` when the user stops it */
async function makeAudit(parts: AuditParts, uris: readonly vscode.Uri[]): Promise<Audit> {
  const title = "Image Remix: looking for AI pictures";
  return whileReading(title, "The audit was cancelled.", async (signal, say) =>
    readPictures(
      parts,
      await walkChosen(parts.walker, uris, { exclusions: hiddenFiles, withResults: true, signal, say }),
      signal,
      say,
    ),
  );
}

/** One picture that cannot be read, or that stops the image engine, stops no other. */
async function readPictures(
  { inspect, history, sourceOf, toSource }: AuditParts,
  { pictures, skipped, failed: folders }: Walked,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Audit> {
  const known: Known = { results: await history.results(), places: await history.places(), sourceOf };
  const rows: AuditRow[] = [];
  const unread: Unread[] = folders.map(({ path, failure: { message } }) => ({ path, message }));
  let read = 0;
  for (const path of pictures) {
    signal.throwIfAborted();
    const picture = toSource(path);
    try {
      const row = auditRow(picture, await inspect(path, signal), known);
      rows.push(...(row === undefined ? [] : [row]));
    } catch (error) {
      signal.throwIfAborted();
      unread.push({ path, message: asFailure(error).message });
    }
    read += 1;
    say(`${read} of ${pictures.size}`);
  }
  const looked = pictures.size + folders.length - unread.length;
  return { looked, rows: sortedRows(rows), unread, skipped };
}

async function showAudit(
  { documents }: AuditParts,
  audit: Audit,
  uris: readonly vscode.Uri[],
): Promise<vscode.Uri> {
  const words = { titles: uris.map(nameOf), now: new Date(), short };
  // The preview follows no link to a file out of a document that is none itself: the text's links are ours.
  const text = auditDocument(audit, words);
  const links = audit.rows.map(({ path }) => vscode.Uri.file(path));
  const name = documentName("AI pictures in", titleOf(uris));
  const buttons: readonly Button[] = [
    { title: "Open Preview", press: () => vscode.commands.executeCommand("markdown.showPreview", uri) },
    { title: "Save as Markdown or CSV…", press: () => saveAudit(audit, words) },
    {
      title: "Look Again",
      press: () => vscode.commands.executeCommand("imageRemix.auditPictures", uris[0], [...uris]),
    },
  ];
  const uri = await documents.show(name, text, buttons, { links });
  return uri;
}

/** Saves the audit by what the file is called; links lead from its folder to the pictures. */
async function saveAudit(audit: Audit, words: Omit<AuditWords, "link">): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: "Save the Audit",
    filters: { Markdown: ["md"], CSV: ["csv"] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, "ai-pictures.md") }),
  });
  if (target !== undefined) {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(savedText(audit, words, target)));
    await vscode.window.showTextDocument(target);
  }
}

/** An audit as it stands in a file: CSV or Markdown, by the file's extension. */
export function savedText(audit: Audit, words: Omit<AuditWords, "link">, target: vscode.Uri): string {
  if (target.path.toLowerCase().endsWith(".csv")) {
    return auditCsv(audit, words.short);
  }
  const folder = vscode.Uri.joinPath(target, "..").path;
  return auditDocument(audit, {
    ...words,
    link: (path) => relativeAddress(folder, vscode.Uri.file(path).path),
  });
}

const titleOf = (uris: readonly vscode.Uri[]) => uris.map(nameOf).join(", ");

const short = (path: string) => vscode.workspace.asRelativePath(path);
