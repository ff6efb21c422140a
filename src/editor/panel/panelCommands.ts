import * as vscode from "vscode";
import { chosenUris } from "../sources.ts";
import type { RemixPanel } from "./remixPanel.ts";

/** The command `imageRemix.openPanel`. */
export async function openPanel(panel: () => RemixPanel): Promise<void> {
  if (await mayReadPictures()) {
    panel().open();
  }
}

/** The command `imageRemix.addToPanel`: what it was called on, else the picture in the active editor, else a picker. */
export async function addToPanel(panel: () => RemixPanel, uri: unknown, selected: unknown): Promise<void> {
  if (!(await mayReadPictures())) {
    return;
  }
  const uris = await chosenUris(uri, selected, true);
  if (uris.length > 0) {
    await panel().add(uris);
  }
}

/** Fills a tab that VS Code brought back, or closes it where no picture may be read. */
export function restorePanel(panel: () => RemixPanel, tab: vscode.WebviewPanel): void {
  if (vscode.workspace.isTrusted) {
    panel().restore(tab);
  } else {
    tab.dispose();
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
