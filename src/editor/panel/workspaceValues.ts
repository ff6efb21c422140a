import * as vscode from "vscode";
import type { ParameterId } from "../../recipe/parameters.ts";
import { readValues } from "../../recipe/recipe.ts";
import { fieldStates, presetInUse } from "./fieldStates.ts";
import type { RemixPanel } from "./remixPanel.ts";

/**
 * Writes what was set in the panel into the settings of the pictures' folder.
 *
 * @returns what could not be written because it is not valid: it stays in the panel
 */
export async function saveToWorkspace(
  values: Readonly<Record<string, unknown>>,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<Record<string, unknown>> {
  const { values: legal } = readValues(values);
  const several = vscode.workspace.workspaceFile !== undefined && folder !== undefined;
  const { WorkspaceFolder, Workspace } = vscode.ConfigurationTarget;
  const configuration = vscode.workspace.getConfiguration("imageRemix", folder ?? null);
  for (const [id, value] of Object.entries(legal)) {
    await configuration.update(id, value, several ? WorkspaceFolder : Workspace);
  }
  return Object.fromEntries(Object.entries(values).filter(([id]) => !Object.hasOwn(legal, id)));
}

/** Opens the place where the value of a field is written. */
export async function openOrigin(panel: RemixPanel, id: ParameterId): Promise<void> {
  const layers = panel.layers();
  const preset = presetInUse(layers, panel.draft.preset);
  const origin = fieldStates(layers, preset, panel.draft.values).get(id)?.origin;
  if (origin === undefined || origin === "call") {
    return;
  }
  const layer = origin === "preset" ? preset?.layer : origin;
  const key = origin === "preset" ? "imageRemix.presets" : `imageRemix.${id}`;
  const command =
    layer === "workspace"
      ? "workbench.action.openWorkspaceSettingsFile"
      : layer === "folder"
        ? "workbench.action.openFolderSettingsFile"
        : "workbench.action.openSettingsJson";
  await (layer === "default"
    ? vscode.commands.executeCommand("workbench.action.openSettings", key)
    : vscode.commands.executeCommand(command, { revealSetting: { key } }));
}
