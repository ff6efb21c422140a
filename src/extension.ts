import * as vscode from "vscode";

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand("imageRemix.remixImage", () =>
      vscode.window.showInformationMessage("stub"),
    ),
  );
}
