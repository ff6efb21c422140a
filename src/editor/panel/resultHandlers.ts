import * as vscode from "vscode";
import type { ResultAction } from "../../protocol/requests.ts";
import { isOffered } from "../../protocol/results.ts";
import { copyAsMarkdown } from "../review.ts";
import type { RemixPanel } from "./remixPanel.ts";

/** Does something with one result. */
export async function handleResult(panel: RemixPanel, id: string, action: ResultAction): Promise<void> {
  const { services } = panel;
  const result = services.state().results.find((candidate) => candidate.id === id);
  if (result === undefined || !isOffered(action, result.decision)) {
    return;
  }
  const uri = vscode.Uri.file(result.path);
  switch (action) {
    case "keep":
    case "discard":
    case "restore":
      return services.decide([id], action);
    case "replaceSource":
      await services.replaceSource(id);
      return panel.focus();
    case "remixAgain":
      return services.remixAgain(id);
    case "showRecipe":
      return services.showRecipe(id);
    case "remixFurther":
      // Only this one: what else was chosen has been remixed already.
      return panel.change({ ...panel.draft, sources: [result.path], view: "compose" });
    case "copyMarkdown":
      await copyAsMarkdown([result.path], services.toSource);
      vscode.window.setStatusBarMessage("Copied as Markdown", 3000);
      return;
    case "reveal": {
      // The Explorer shows only what lies in the workspace.
      const isInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
      await vscode.commands.executeCommand(isInside ? "revealInExplorer" : "revealFileInOS", uri);
      return;
    }
    case "open":
      await vscode.commands.executeCommand("vscode.open", uri);
      return;
  }
}
