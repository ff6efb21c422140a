import * as vscode from "vscode";
import { type CommandHandlers, commandNames } from "./commandTable.ts";
import { panelViewType } from "./panel/viewType.ts";

/** Registers all commands; what they do is loaded when the first of them runs. */
export function registerCommands(
  load: () => Promise<{ readonly commands: CommandHandlers }>,
): vscode.Disposable {
  const registrations = commandNames.map((name) =>
    vscode.commands.registerCommand(
      `imageRemix.${name}`,
      async (uri?: unknown, selected?: unknown, options?: unknown) =>
        (await load()).commands[name](uri, selected, options),
    ),
  );
  return vscode.Disposable.from(...registrations);
}

/** Lets VS Code bring the panel back after a reload. */
export function registerPanel(restore: (tab: vscode.WebviewPanel) => Promise<void>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(panelViewType, {
    deserializeWebviewPanel: restore,
  });
}

/** Tells the user that the extension could not start, and rethrows for VS Code's own log. */
export function showActivationError(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  void vscode.window.showErrorMessage(`Image Remix could not start: ${reason}`);
  throw error;
}
