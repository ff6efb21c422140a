import * as vscode from "vscode";
import * as z from "zod/mini";
import type { AlphaChoice, ResizeChoice } from "../engine/finishing.ts";
import type { Caps } from "../engine/ledger.ts";
import { InvalidRecipe, type SettingsLayer } from "../engine/resolve.ts";
import type { UploadLimits } from "../engine/upload.ts";
import { models } from "../recipe/models.ts";
import { parameterIds, type Recipe } from "../recipe/parameters.ts";
import { defaultRecipe, readValues } from "../recipe/recipe.ts";
import {
  alphaChoices,
  leastMaxPixels,
  type ProviderChoice,
  providerChoices,
  resizeChoices,
} from "../recipe/settings.ts";

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
  // In a single-folder window the same file is the workspace's and the folder's: it is called the workspace's.
  const layers = layerFields.filter(
    ([origin]) => origin !== "folder" || vscode.workspace.workspaceFile !== undefined,
  );
  return layers.map(([origin, field]) => ({
    origin,
    base: baseOf(origin, folder),
    values: Object.fromEntries(parameterIds.map((id) => [id, inspected.get(id)?.[field]])),
    presets: inspected.get("presets")?.[field],
    defaultPreset: inspected.get("defaultPreset")?.[field],
  }));
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
  return chosen("provider", providerChoices, "auto", undefined);
}

/** How results for a folder are saved. */
export interface OutputSettings {
  readonly resize: ResizeChoice;
  readonly alpha: AlphaChoice;
}

/**
 * What the settings that hold for `folder` say of saving results.
 *
 * @throws InvalidRecipe naming setting and layer
 */
export function outputSettings(folder: vscode.WorkspaceFolder | undefined): OutputSettings {
  return {
    resize: chosen("output.resize", resizeChoices, "none", folder),
    alpha: chosen("output.alpha", alphaChoices, "drop", folder),
  };
}

/**
 * The strongest layer's choice of a setting that offers `choices`.
 *
 * @throws InvalidRecipe when that layer says something else
 */
function chosen<Choice extends string>(
  name: string,
  choices: Readonly<Record<Choice, string>>,
  fallback: Choice,
  folder: vscode.WorkspaceFolder | undefined,
): Choice {
  const inspected = vscode.workspace.getConfiguration("imageRemix", folder ?? null).inspect<unknown>(name);
  const written = layerFields.findLast(([, field]) => inspected?.[field] !== undefined);
  if (written === undefined) {
    return fallback;
  }
  const [origin, field] = written;
  const value = inspected?.[field];
  const isChoice = (text: unknown): text is Choice =>
    typeof text === "string" && Object.hasOwn(choices, text);
  if (!isChoice(value)) {
    const allowed = `one of ${Object.keys(choices).join(", ")}`;
    const message = `imageRemix.${name} in the ${origin} settings is not valid. Allowed: ${allowed}.`;
    throw new InvalidRecipe(message, `imageRemix.${name}`, origin);
  }
  return value;
}

/** The recipe as it would be delivered now: legal values of the user's settings, else the defaults. */
export function currentDelivery(): Recipe {
  const user = settingsLayers(undefined).filter(({ origin }) => origin === "user");
  return { ...defaultRecipe, ...readValues(user[0]?.values ?? {}).values };
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
  /** Paid tasks at the same time. */
  readonly concurrency: number;
}

/** @throws InvalidRecipe naming the setting that cannot be used */
export function serviceSettings(): ServiceSettings {
  return {
    endpoint: checked("runware.endpoint", z.url(), "an https address"),
    model: checked("runware.model", z.enum(Object.keys(models)), Object.keys(models).join(", ")),
    concurrency: checked("concurrency", concurrency, "a whole number from 1 to 16"),
    timeoutMinutes: checked("timeoutMinutes", z.number().check(z.minimum(1), z.maximum(60)), "1 to 60"),
  };
}

/** How many paid tasks may run at the same time; 1 where the setting cannot be used, which the next call reports. */
export function concurrencyNow(): number {
  const parsed = concurrency.safeParse(userSetting("concurrency"));
  return parsed.success ? parsed.data : 1;
}

const concurrency = z.int().check(z.minimum(1), z.maximum(16));

/** @throws InvalidRecipe when a setting cannot be used */
export function caps(): Caps {
  const amount = z.number().check(z.minimum(0));
  return {
    perDay: checked("budget.perDay", amount, "a number from 0"),
    perMonth: checked("budget.perMonth", amount, "a number from 0"),
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

/**
 * How many pixels an upload may have.
 *
 * @throws InvalidRecipe when the setting cannot be used
 */
export function uploadLimits(): UploadLimits {
  const schema = z.int().check(z.minimum(leastMaxPixels));
  return { maxPixels: checked("upload.maxPixels", schema, `a whole number from ${leastMaxPixels}`) };
}

function checked<T>(name: string, schema: z.ZodMiniType<T>, allowed: string): T {
  const parsed = schema.safeParse(userSetting(name));
  if (!parsed.success) {
    const message = `imageRemix.${name} in the user settings is not valid. Allowed: ${allowed}.`;
    throw new InvalidRecipe(message, `imageRemix.${name}`, "user");
  }
  return parsed.data;
}
