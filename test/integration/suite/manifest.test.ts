import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

describe("the extension in VS Code", () => {
  it("is found and has its command", async () => {
    const extension = vscode.extensions.getExtension("image-remix.image-remix");
    assert.ok(extension);
    await extension.activate();
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes("imageRemix.remixImage"));
  });

  it("has a writable folder of pictures to work on", async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const pictures = await vscode.workspace.findFiles("*.{png,jpg,jpeg,webp}");
    assert.ok(pictures.length > 0);
    const file = vscode.Uri.joinPath(folder, "written.txt");
    await vscode.workspace.fs.writeFile(file, new Uint8Array([1]));
    await vscode.workspace.fs.delete(file);
  });
});
