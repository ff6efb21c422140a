/** Plans as a user meets them: a document with buttons. */
import assert from "node:assert/strict";
import * as vscode from "vscode";

/** Waits until `find` finds something. */
export async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The plan in the active editor, once it is there. */
export const shownPlan = () =>
  until(() => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === "image-remix" ? document : undefined;
  });

/** The buttons at the top of a document. */
export async function buttonsOf(document: vscode.TextDocument): Promise<readonly vscode.Command[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    document.uri,
    10,
  );
  return lenses.flatMap(({ command }) => command ?? []);
}

/** Presses the button with such a title. */
export async function press(document: vscode.TextDocument, title: RegExp): Promise<void> {
  const button = (await buttonsOf(document)).find((command) => title.test(command.title));
  assert.ok(button, `no button ${title}`);
  await vscode.commands.executeCommand(button.command, ...(button.arguments ?? []));
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
