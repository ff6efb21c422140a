import * as vscode from "vscode";
import { missingOf, type TaskStatus } from "../../engine/job.ts";
import type { RemixOrder } from "./services.ts";

/** Actions that are commands of the extension or the editor. */
export const actionCommands: Readonly<Record<string, () => Thenable<unknown>>> = {
  budget: () => vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix.budget"),
  openSettings: () => vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix"),
  safety: () => vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix.safety"),
  check: () => vscode.commands.executeCommand("imageRemix.resumePending"),
  resume: () => vscode.commands.executeCommand("imageRemix.resumePending"),
  setKey: () => vscode.commands.executeCommand("imageRemix.setApiKey"),
  log: () => vscode.commands.executeCommand("imageRemix.showLog"),
};

/** Asks before what has been sent is no longer waited for. */
export async function confirmStop(count: number): Promise<boolean> {
  const stop = "Stop Waiting";
  const were = count === 1 ? "This image was" : `These ${count} were`;
  const detail = `${were} sent and may still be charged. Their results are collected if they finish.`;
  const question = `Stop waiting for ${count === 1 ? "this image" : `${count} images`}?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, stop)) === stop;
}

/** Opens a picture in the editor. */
export async function openPicture(file: string | undefined): Promise<void> {
  if (file !== undefined) {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
  }
}

/** The order for what is missing of a task: what is saved or kept is not bought again. */
export function orderAgain(task: TaskStatus): RemixOrder {
  const { source, request } = task;
  const { values, preset, origins } = request.recipe;
  const called = Object.entries(values).filter(([id]) => origins[id as keyof typeof origins] === "call");
  const numberResults = Math.max(1, missingOf(task));
  return {
    sources: [source.path],
    preset: preset ?? "",
    recipe: { ...Object.fromEntries(called), numberResults },
  };
}
