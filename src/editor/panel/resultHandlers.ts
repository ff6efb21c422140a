import * as vscode from "vscode";
import type { ResultAction } from "../../protocol/requests.ts";
import { isOffered } from "../../protocol/results.ts";
import type { RemixPanel } from "./remixPanel.ts";
import type { PanelResult } from "./services.ts";

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
      await vscode.env.clipboard.writeText(markdown(result));
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

/** A picture in Markdown, with spaces and brackets of its path escaped. */
function markdown({ path, name }: PanelResult): string {
  const address = vscode.workspace
    .asRelativePath(path, false)
    .split(/[\\/]/)
    .map(encodeURIComponent)
    .join("/");
  const alternative = name.replace(/\.[^.]*$/, "").replaceAll(/[[\]\\]/g, "\\$&");
  return `![${alternative}](${address.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}
