import * as vscode from "vscode";
import type { ParameterId } from "../../recipe/parameters.ts";
import { readValues } from "../../recipe/recipe.ts";
import { withoutWritten } from "./draft.ts";
import { fieldStates, presetInUse } from "./fieldStates.ts";
import type { RemixPanel } from "./remixPanel.ts";

/**
 * Writes what was set in the panel into the settings of the pictures' folder.
 *
 * @returns what was written; what is not valid is not
 */
export async function saveToWorkspace(
  values: Readonly<Record<string, unknown>>,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { values: legal } = readValues(values);
  const several = vscode.workspace.workspaceFile !== undefined && folder !== undefined;
  const { WorkspaceFolder, Workspace } = vscode.ConfigurationTarget;
  const configuration = vscode.workspace.getConfiguration("imageRemix", folder ?? null);
  for (const [id, value] of Object.entries(legal)) {
    await configuration.update(id, value, several ? WorkspaceFolder : Workspace);
  }
  return legal;
}

/** Writes the draft's values into settings, and leaves those in the draft that would be lost otherwise. */
export async function saveDraft(panel: RemixPanel): Promise<void> {
  const before = panel.draft;
  const written = await saveToWorkspace(before.values, panel.folder());
  const after = withoutWritten(panel.draft, before, written, panel.allLayers());
  panel.change(after);
  const kept = Object.keys(written).filter((id) => Object.hasOwn(after.values, id));
  if (kept.length > 0) {
    const names = kept.map((id) => `imageRemix.${id}`).join(", ");
    void vscode.window.showInformationMessage(
      `Saved. ${names} stays changed in the panel as well: the preset in use, or another folder, has a value of its own.`,
    );
  }
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
