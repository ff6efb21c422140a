import * as vscode from "vscode";
import { binDocument, fateOf, megabytes } from "../engine/binDocument.ts";
import { RemixFailure } from "../engine/failure.ts";
import { type Bin, type BinEntry, binSize, oldestToRemove } from "../engine/review.ts";
import { type AskingDocuments, askInDocument } from "./askInDocument.ts";
import { documentName } from "./readOnlyDocuments.ts";
import { binLimit } from "./settings.ts";

/** How many entries a question spells out. */
const shown = 10;

/** What it takes to make room. */
export interface RoomParts {
  readonly bin: Bin;
  readonly documents: AskingDocuments;
}

/**
 * Sees to it that the bin takes so many bytes more; asks before anything is deleted for good.
 *
 * @param name what the room is for
 * @param bytes that are about to be put there
 * @returns false where the user leaves the bin as it is
 * @throws RemixFailure `needsConfirmation` when it is full and nobody may be asked; InvalidRecipe for a wrong setting
 */
export async function makeRoom(
  { bin, documents }: RoomParts,
  name: string,
  bytes: number,
  mayAsk: boolean,
): Promise<boolean> {
  const limit = binLimit();
  const entries = await bin.entries();
  const oldest = oldestToRemove(entries, bytes, limit);
  if (oldest?.length === 0) {
    return true;
  }
  const state = `${megabytes(binSize(entries))} of ${megabytes(limit)}`;
  if (!mayAsk) {
    const message = `There is no room in the bin (${state}): ${name} needs ${megabytes(bytes)}. Raise imageRemix.bin.maxMegabytes, or empty it.`;
    throw new RemixFailure("needsConfirmation", message);
  }
  const empty = "Empty Oldest…";
  const settings = "Open Settings";
  const detail =
    oldest === undefined
      ? `${name} has ${megabytes(bytes)}, more than the whole bin may hold (imageRemix.bin.maxMegabytes).`
      : `${name} needs ${megabytes(bytes)}. Nothing is deleted before you have seen what would go.`;
  const offers = oldest === undefined ? [settings] : [empty, settings];
  const question =
    oldest === undefined ? "The bin is too small." : `There is no room in the bin: ${state} are in use.`;
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...offers);
  if (answer === settings) {
    void vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix.bin");
  }
  if (answer !== empty || oldest === undefined || !(await confirmEmptying(documents, name, oldest))) {
    return false;
  }
  await bin.remove(oldest);
  return true;
}

/** Asks; what does not fit into the question can be read first, and it is asked again afterwards. */
async function confirmEmptying(
  documents: AskingDocuments,
  name: string,
  oldest: readonly BinEntry[],
): Promise<boolean> {
  const pictures = oldest.length === 1 ? "1 Picture" : `${oldest.length} Pictures`;
  const lines = oldest.slice(0, shown).map(lineOf);
  const rest = oldest.length - lines.length;
  const detail = [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
  const remove = `Delete ${pictures}`;
  const showAll = "Show All";
  const question = `Delete ${pictures.toLowerCase()} for good?`;
  const offers = rest > 0 ? [remove, showAll] : [remove];
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...offers);
  if (answer !== showAll) {
    return answer === remove;
  }
  const short = (path: string) => vscode.workspace.asRelativePath(path);
  const goOn = await askInDocument(documents, {
    name: documentName("bin for", name),
    text: binDocument(oldest, { name, short }),
    summary: question,
    answers: new Map([
      [`${remove}…`, true],
      ["Cancel", false],
    ]),
    closed: false,
  });
  return goOn && confirmEmptying(documents, name, oldest);
}

function lineOf(entry: BinEntry): string {
  const { origin, time, size } = entry;
  const day = new Date(time).toLocaleDateString();
  return `${vscode.workspace.asRelativePath(origin)} · ${fateOf(entry)} · ${day} · ${megabytes(size)}`;
}
