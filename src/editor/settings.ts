import * as vscode from "vscode";
import * as z from "zod/mini";
import { InvalidRecipe, type SettingsLayer } from "../engine/resolve.ts";
import { models } from "../recipe/models.ts";
import { parameterIds } from "../recipe/parameters.ts";
import { type MetadataChoice, metadataChoices, type ProviderChoice } from "../recipe/settings.ts";

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
  return layersHere().map(([origin, field]) => ({
    origin,
    base: baseOf(origin, folder),
    values: Object.fromEntries(parameterIds.map((id) => [id, inspected.get(id)?.[field]])),
    presets: inspected.get("presets")?.[field],
    defaultPreset: inspected.get("defaultPreset")?.[field],
  }));
}

/** In a single-folder window the same file is the workspace's and the folder's: it is called the workspace's. */
function layersHere() {
  return layerFields.filter(
    ([origin]) => origin !== "folder" || vscode.workspace.workspaceFile !== undefined,
  );
}

/** Where relative paths in a settings file start from: the folder it is about, for a workspace file its own. */
function baseOf(origin: SettingsLayer["origin"], folder: vscode.WorkspaceFolder | undefined): string | null {
  const { workspaceFile } = vscode.workspace;
  if (origin === "user") {
    return null;
  }
  if (origin === "workspace" && workspaceFile?.scheme === "file") {
    return vscode.Uri.joinPath(workspaceFile, "..").fsPath;
  }
  return folder?.uri.fsPath ?? null;
}

/** @throws InvalidRecipe when the setting holds something else */
export function providerSetting(): ProviderChoice {
  const inspected = vscode.workspace.getConfiguration("imageRemix").inspect<unknown>("provider");
  const written = layerFields.findLast(([, field]) => inspected?.[field] !== undefined);
  if (written === undefined) {
    return "auto";
  }
  const [origin, field] = written;
  const choice = providerChoice.safeParse(inspected?.[field]);
  if (!choice.success) {
    const allowed = providerChoice.def.entries;
    const message = `imageRemix.provider in the ${origin} settings is not valid. Allowed: one of ${Object.keys(allowed).join(", ")}.`;
    throw new InvalidRecipe(message, "imageRemix.provider", origin);
  }
  return choice.data;
}

const providerChoice = z.enum(["auto", "runware", "local"]) satisfies z.ZodMiniType<ProviderChoice>;

/** What is written into results, and beside them. */
export interface OutputSettings {
  readonly metadata: MetadataChoice;
  readonly sidecar: boolean;
}

/**
 * The output settings that hold for `folder`.
 *
 * @throws InvalidRecipe naming the setting, the layer and what is allowed
 */
export function outputSettings(folder: vscode.WorkspaceFolder | undefined): OutputSettings {
  const choices = Object.keys(metadataChoices).join(", ");
  return {
    metadata: layered(folder, "output.metadata", metadataChoice, `one of ${choices}`) ?? "full",
    sidecar: layered(folder, "output.sidecar", z.boolean(), "true or false") ?? false,
  };
}

const metadataChoice = z.enum(["full", "marking", "none"]) satisfies z.ZodMiniType<MetadataChoice>;

/** The value of the strongest layer that holds for `folder`; undefined where none has one. */
function layered<T>(
  folder: vscode.WorkspaceFolder | undefined,
  name: string,
  schema: z.ZodMiniType<T>,
  allowed: string,
): T | undefined {
  const inspected = vscode.workspace.getConfiguration("imageRemix", folder ?? null).inspect<unknown>(name);
  const written = layersHere().findLast(([, field]) => inspected?.[field] !== undefined);
  if (written === undefined) {
    return undefined;
  }
  const [origin, field] = written;
  const parsed = schema.safeParse(inspected?.[field]);
  if (!parsed.success) {
    const message = `imageRemix.${name} in the ${origin} settings is not valid. Allowed: ${allowed}.`;
    throw new InvalidRecipe(message, `imageRemix.${name}`, origin, folder?.uri.fsPath);
  }
  return parsed.data;
}

/** A setting that only the user may set: read past the workspace's and the folder's values. */
function userSetting(name: string): unknown {
  const inspected = vscode.workspace.getConfiguration("imageRemix").inspect<unknown>(name);
  return inspected?.globalValue ?? inspected?.defaultValue;
}

/** How the real service is reached. */
export interface ServiceSettings {
  readonly endpoint: string;
  /** AIR id. */
  readonly model: string;
  readonly timeoutMinutes: number;
}

/** @throws InvalidRecipe naming the setting that cannot be used */
export function serviceSettings(): ServiceSettings {
  return {
    endpoint: checked("runware.endpoint", z.url(), "an https address"),
    model: checked("runware.model", z.enum(Object.keys(models)), Object.keys(models).join(", ")),
    timeoutMinutes: checked("timeoutMinutes", z.number().check(z.minimum(1), z.maximum(60)), "1 to 60"),
  };
}

/**
 * The estimated price, in USD, above which the user is asked first.
 *
 * @throws InvalidRecipe when the setting cannot be used
 */
export function confirmAbove(): number {
  return checked("budget.confirmAbove", z.number().check(z.minimum(0)), "a number from 0");
}

function checked<T>(name: string, schema: z.ZodMiniType<T>, allowed: string): T {
  const parsed = schema.safeParse(userSetting(name));
  if (!parsed.success) {
    const message = `imageRemix.${name} in the user settings is not valid. Allowed: ${allowed}.`;
    throw new InvalidRecipe(message, `imageRemix.${name}`, "user");
  }
  return parsed.data;
}
