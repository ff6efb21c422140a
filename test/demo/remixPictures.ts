import type * as vscode from "vscode";

/** What the command resolves to, as far as a test or the demo looks. */
interface CommandResult {
  readonly saved: readonly { readonly source: vscode.Uri; readonly output: vscode.Uri }[];
  readonly failed: readonly { readonly source: vscode.Uri; readonly message: string }[];
}

export interface RemixedPictures {
  readonly saved: readonly { readonly source: string; readonly output: string }[];
  readonly failed: readonly { readonly source: string; readonly message: string }[];
}

/**
 * Runs "Remix Image" on the files as from the Explorer, but locally and without questions. Uses nothing but its
 * arguments, so that `Session.ext` can send it to the extension host.
 */
export async function remixPictures(
  { Uri, commands }: Pick<typeof vscode, "Uri" | "commands">,
  files: readonly string[],
): Promise<RemixedPictures> {
  const uris = files.map((file) => Uri.file(file));
  const options = { provider: "local", confirm: false };
  const result = await commands.executeCommand<CommandResult>(
    "imageRemix.remixImage",
    uris[0],
    uris,
    options,
  );
  return {
    saved: result.saved.map(({ source, output }) => ({ source: source.fsPath, output: output.fsPath })),
    failed: result.failed.map(({ source, message }) => ({ source: source.fsPath, message })),
  };
}
