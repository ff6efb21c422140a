/** Runs in the extension host: the command on the sample pictures, as from the Explorer but without questions. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { DemoResult } from "./demo.ts";

interface RemixResult {
  readonly saved: readonly { readonly source: vscode.Uri; readonly output: vscode.Uri }[];
  readonly failed: readonly { readonly source: vscode.Uri; readonly message: string }[];
}

export async function run(): Promise<void> {
  const { DEMO_SOURCES = "[]", DEMO_RESULT = "" } = process.env;
  const sources: string[] = JSON.parse(DEMO_SOURCES);
  const uris = sources.map((source) => vscode.Uri.file(source));
  const options = { provider: "local", confirm: false };
  const command = "imageRemix.remixImage";
  const { saved, failed } = await vscode.commands.executeCommand<RemixResult>(
    command,
    uris[0],
    uris,
    options,
  );
  const result: DemoResult = {
    saved: saved.map(({ source, output }) => ({ source: source.fsPath, output: output.fsPath })),
    failed: failed.map(({ source, message }) => ({ source: path.basename(source.fsPath), message })),
  };
  writeFileSync(DEMO_RESULT, JSON.stringify(result));
}
