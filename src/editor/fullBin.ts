import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import { type Bin, type BinEntry, binSize, oldestToRemove } from "../engine/review.ts";
import { binLimit } from "./settings.ts";

/** How many entries a question spells out. */
const shown = 10;

/**
 * Sees to it that the bin takes so many bytes more; asks before anything is deleted for good.
 *
 * @param name what the room is for
 * @param bytes that are about to be put there
 * @returns false where the user leaves the bin as it is
 * @throws RemixFailure `needsConfirmation` when it is full and nobody may be asked; InvalidRecipe for a wrong setting
 */
export async function makeRoom(bin: Bin, name: string, bytes: number, mayAsk: boolean): Promise<boolean> {
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
  if (answer !== empty || oldest === undefined || !(await confirmEmptying(oldest))) {
    return false;
  }
  await bin.remove(oldest);
  return true;
}

async function confirmEmptying(oldest: readonly BinEntry[]): Promise<boolean> {
  const pictures = oldest.length === 1 ? "1 Picture" : `${oldest.length} Pictures`;
  const lines = oldest.slice(0, shown).map(lineOf);
  const rest = oldest.length - lines.length;
  const detail = [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
  const remove = `Delete ${pictures}`;
  const question = `Delete ${pictures.toLowerCase()} for good?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}

function lineOf({ origin, why, time, size, isPaid }: BinEntry): string {
  const what =
    why === "replaced" ? "replaced; can then no longer be undone" : `discarded${isPaid ? ", paid for" : ""}`;
  return `${vscode.workspace.asRelativePath(origin)} · ${what} · ${new Date(time).toLocaleDateString()} · ${megabytes(size)}`;
}

function megabytes(bytes: number): string {
  const amount = bytes / 1_000_000;
  return `${amount < 10 ? amount.toFixed(1) : amount.toFixed(0)} MB`;
}
