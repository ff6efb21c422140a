import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { newFolder } from "./workspace.ts";

/** Opens a settings file of a folder as the editor's own language service sees it. `|` is where the cursor is. */
async function openSettings(text: string) {
  const folder = path.join(newFolder(), ".vscode");
  const file = vscode.Uri.file(path.join(folder, "settings.json"));
  await vscode.workspace.fs.createDirectory(vscode.Uri.file(folder));
  writeFileSync(file.fsPath, text.replace("|", ""));
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return { document, position: document.positionAt(Math.max(0, text.indexOf("|"))) };
}

/** Asks until the answer satisfies: the language service starts with the first file. */
async function until<T>(ask: () => T | Thenable<T>, satisfies: (answer: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await ask();
    if (satisfies(answer)) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return ask();
}

async function completions(text: string): Promise<readonly string[]> {
  const { document, position } = await openSettings(text);
  const labels = async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      position,
    );
    return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
  };
  return until(labels, (found) => found.some((label) => /remixStrength|RENDER_3D/.test(label)));
}

describe("settings.json in the editor", () => {
  it("completes settings, values, and the keys inside a preset", async () => {
    assert.ok(
      (await completions('{ "imageRemix.|" }')).some((label) => label.includes("imageRemix.remixStrength")),
    );
    assert.ok((await completions('{ "imageRemix.styleType": | }')).includes('"RENDER_3D"'));
    const keys = await completions('{ "imageRemix.presets": { "mine": { "|" } } }');
    assert.ok(keys.includes("remixStrength"), keys.join());
    assert.ok(keys.includes("safety.mode"), keys.join());
    assert.ok(!keys.includes("webhookURL"), "a preset cannot say where results go");
  });

  it("explains on hover", async () => {
    const { document, position } = await openSettings(
      '{ "imageRemix.presets": { "mine": { "remix|Strength": 3 } } }',
    );
    const text = async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        position,
      );
      return hovers
        .flatMap(({ contents }) => contents)
        .map((content) => (typeof content === "string" ? content : content.value))
        .join();
    };
    assert.match(await until(text, (found) => found !== ""), /How far the result goes from the source/);
  });

  it("marks what is wrong, in settings and inside presets", async () => {
    const { document } = await openSettings(`{
      "imageRemix.remixStrength": 101,
      "imageRemix.styleType": "REALSITIC",
      "imageRemix.presets": { "mine": { "numberResults": 21, "strength": 3 } }
    }`);
    const messages = await until(
      () =>
        vscode.languages
          .getDiagnostics(document.uri)
          .map(({ message, range }) => `${range.start.line}: ${message}`),
      (found) => found.length >= 4,
    );
    assert.equal(messages.filter((message) => message.startsWith("1: ")).length, 1, messages.join("\n"));
    assert.equal(messages.filter((message) => message.startsWith("2: ")).length, 1, messages.join("\n"));
    assert.equal(messages.filter((message) => message.startsWith("3: ")).length, 2, messages.join("\n"));
  });
});
