import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import type { Asked } from "../engine/resolve.ts";
import { builtInPresets } from "../recipe/builtInPresets.ts";
import { parameters } from "../recipe/parameters.ts";
import { codePoints } from "../recipe/recipe.ts";

const lastPromptKey = "lastPrompt";

/**
 * Asks what the pictures should become: a prompt of the user's own, with the last one to start from, or a built-in
 * preset.
 *
 * @throws RemixFailure `cancelled` when the user gave no answer
 */
export async function askPrompt(memory: vscode.Memento): Promise<Asked> {
  const input = vscode.window.createInputBox();
  const presetButton: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("symbol-color"),
    tooltip: "Choose a Built-in Preset…",
  };
  input.title = "What should it become?";
  input.placeholder = "A quiet, matte black edition with thin gold lines";
  input.value = memory.get<string>(lastPromptKey, "");
  input.buttons = [presetButton];
  input.ignoreFocusOut = true;
  const check = () => {
    const length = codePoints(input.value.trim());
    const counter = `${length} of ${maximum} characters`;
    input.prompt = counter;
    input.validationMessage = length > maximum ? `Too long: ${counter}` : undefined;
  };
  check();
  try {
    const answer = await new Promise<"prompt" | "preset" | undefined>((resolve) => {
      input.onDidChangeValue(check);
      input.onDidAccept(() => {
        if (isLegal(input.value)) {
          resolve("prompt");
        }
      });
      input.onDidTriggerButton(() => resolve("preset"));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
    if (answer === "preset") {
      return await askPreset();
    }
    if (answer === undefined) {
      throw new RemixFailure("cancelled", "Cancelled before anything was started.");
    }
    const positivePrompt = input.value.trim();
    await memory.update(lastPromptKey, positivePrompt);
    return { recipe: { positivePrompt } };
  } finally {
    input.dispose();
  }
}

const { maximum } = parameters.positivePrompt;

function isLegal(text: string): boolean {
  const length = codePoints(text.trim());
  return length > 0 && length <= maximum;
}

async function askPreset(): Promise<Asked> {
  const items = Object.entries(builtInPresets).map(([label, recipe]) => ({
    label,
    description: `${recipe.styleType ?? parameters.styleType.default}, strength ${recipe.remixStrength ?? parameters.remixStrength.default}`,
    detail: recipe.positivePrompt ?? "",
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: "What should it become?",
    placeHolder: "Built-in presets",
    matchOnDetail: true,
  });
  if (chosen === undefined) {
    throw new RemixFailure("cancelled", "Cancelled before anything was started.");
  }
  return { preset: chosen.label };
}
