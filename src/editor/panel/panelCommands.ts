import * as vscode from "vscode";
import * as z from "zod/mini";
import { chosenUris } from "../sources.ts";
import type { RemixPanel } from "./remixPanel.ts";

/** The command `imageRemix.openPanel`. */
export async function openPanel(panel: () => Promise<RemixPanel>): Promise<void> {
  if (await mayReadPictures()) {
    (await panel()).open();
  }
}

/** What the command may be called with besides files. */
const panelOptions = z.optional(z.strictObject({ recipe: z.optional(z.record(z.string(), z.unknown())) }));

/**
 * The command `imageRemix.addToPanel`: what it was called on, else the picture in the active editor, else a picker.
 *
 * @param written `{ recipe }`: the recipe to compose with
 * @throws TypeError for other options
 */
export async function addToPanel(
  panel: () => Promise<RemixPanel>,
  uri: unknown,
  selected: unknown,
  written?: unknown,
): Promise<void> {
  const options = panelOptions.safeParse(written);
  if (!options.success) {
    throw new TypeError("Add to Remix Panel takes { recipe } as its options");
  }
  if (!(await mayReadPictures())) {
    return;
  }
  const uris = await chosenUris(uri, selected, true);
  if (uris.length > 0) {
    await (await panel()).add(uris, options.data?.recipe);
  }
}

/** Fills a tab that VS Code brought back, or closes it where no picture may be read. */
export async function restorePanel(
  panel: () => Promise<RemixPanel>,
  tab: vscode.WebviewPanel,
): Promise<void> {
  if (vscode.workspace.isTrusted) {
    (await panel()).restore(tab);
  } else {
    tab.dispose();
  }
}

/** Puts a panel in the place of a tab that reaches nobody any more, with the draft that was kept. */
export async function revivePanel(panel: () => Promise<RemixPanel>, dead: vscode.Tab): Promise<void> {
  const { viewColumn, isActive: isInFront } = dead.group;
  await vscode.window.tabGroups.close(dead, true);
  if (vscode.workspace.isTrusted) {
    (await panel()).open({ viewColumn, preserveFocus: !isInFront });
  }
}

async function mayReadPictures(): Promise<boolean> {
  if (vscode.workspace.isTrusted) {
    return true;
  }
  const manage = "Manage Workspace Trust";
  const message = "Pictures are read and remixed in trusted workspaces only.";
  const chosen = await vscode.window.showWarningMessage(message, manage);
  if (chosen === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
  return false;
}
