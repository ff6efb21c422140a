import * as vscode from "vscode";
import * as z from "zod/mini";
import { InvalidRecipe, type SettingsLayer } from "../engine/resolve.ts";
import { parameterIds } from "../recipe/parameters.ts";
import type { ProviderChoice } from "../recipe/settings.ts";

/** What `inspect` of VS Code tells about one setting. */
type Inspected = ReturnType<vscode.WorkspaceConfiguration["inspect"]>;

/** A settings layer and the field in which VS Code reports its value. */
const layerFields = [
  ["user", "globalValue"],
  ["workspace", "workspaceValue"],
  ["folder", "workspaceFolderValue"],
] as const;

/** What the settings files that hold for `folder` say, weakest first. Read with `inspect`, since VS Code's own merge
 * would mix presets of the same name and hide which file a value came from. */
export function settingsLayers(folder: vscode.WorkspaceFolder | undefined): readonly SettingsLayer[] {
  const configuration = vscode.workspace.getConfiguration("imageRemix", folder ?? null);
  const inspected = new Map<string, Inspected>();
  for (const key of [...parameterIds, "presets", "defaultPreset"]) {
    inspected.set(key, configuration.inspect(key));
  }
  return layerFields.map(([origin, field]) => ({
    origin,
    values: Object.fromEntries(parameterIds.map((id) => [id, inspected.get(id)?.[field]])),
    presets: inspected.get("presets")?.[field],
    defaultPreset: inspected.get("defaultPreset")?.[field],
  }));
}

/** @throws InvalidRecipe when the setting holds something else */
export function providerSetting(): ProviderChoice {
  const written = vscode.workspace.getConfiguration("imageRemix").get<unknown>("provider");
  const choice = providerChoice.safeParse(written);
  if (!choice.success) {
    const allowed = providerChoice.options.join(", ");
    const message = `imageRemix.provider is not valid. Allowed: one of ${allowed}.`;
    throw new InvalidRecipe(message, "imageRemix.provider", "user");
  }
  return choice.data;
}

const providerChoice = z.enum(["auto", "local"]) satisfies z.ZodMiniType<ProviderChoice>;
