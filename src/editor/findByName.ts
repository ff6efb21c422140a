import * as vscode from "vscode";

/** Pictures of one name that are looked into; `logo.png` may lie in every folder. */
const most = 20;

/**
 * Finds files of a name, wherever in the workspace, but where `files.exclude` hides them.
 *
 * @param name of a file, from wherever: nothing in it counts as a pattern
 * @returns absolute paths, twenty at most
 */
export async function findByName(name: string): Promise<readonly string[]> {
  const pattern = `**/${name.replaceAll(/[*?[\]{},!\\/]/g, "?")}`;
  const found = await vscode.workspace.findFiles(pattern, undefined, most);
  return found
    .filter((uri) => uri.scheme === "file" && uri.path.endsWith(`/${name}`))
    .map(({ fsPath }) => fsPath);
}
