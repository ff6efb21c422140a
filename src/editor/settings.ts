import * as vscode from "vscode";
import * as z from "zod/mini";
import type { Caps } from "../engine/ledger.ts";
import { defaultOutput, type OutputOptions, readFileName, readFolder } from "../engine/output.ts";
import { InvalidRecipe, type SettingsLayer } from "../engine/resolve.ts";
import type { UploadLimits } from "../engine/upload.ts";
import { models } from "../recipe/models.ts";
import { parameterIds, type Recipe } from "../recipe/parameters.ts";
import { defaultRecipe, readValues } from "../recipe/recipe.ts";
import {
  alphaChoices,
  leastMaxPixels,
  metadataChoices,
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
  return layered(undefined, "provider", choiceOf(providerChoices)) ?? "auto";
}

/**
 * What the settings that hold for `folder` say of saving results.
 *
 * @throws InvalidRecipe naming the setting, the layer and what is allowed
 */
export function outputSettings(folder: vscode.WorkspaceFolder | undefined): OutputOptions {
  const flag = { schema: z.boolean(), allowed: "true or false" };
  return {
    fileName: layered(folder, "output.fileName", fileName) ?? defaultOutput.fileName,
    folder: layered(folder, "output.folder", subfolder) ?? defaultOutput.folder,
    resize: layered(folder, "output.resize", choiceOf(resizeChoices)) ?? defaultOutput.resize,
    alpha: layered(folder, "output.alpha", choiceOf(alphaChoices)) ?? defaultOutput.alpha,
    metadata: layered(folder, "output.metadata", choiceOf(metadataChoices)) ?? defaultOutput.metadata,
    sidecar: layered(folder, "output.sidecar", flag) ?? defaultOutput.sidecar,
  };
}

/** What a setting may hold. */
interface Allowed<T> {
  readonly schema: z.ZodMiniType<T>;
  /** The same in words that end a sentence. */
  readonly allowed: string;
}

const fileName: Allowed<string> = {
  schema: z.string().check(z.refine((text) => readFileName(text) === undefined)),
  allowed: "a file name without folders, made of text and {name}, {n}, {preset}, {date}, {seed}, {size}",
};
const subfolder: Allowed<string> = {
  schema: z.string().check(z.refine((text) => readFolder(text) !== undefined)),
  allowed: "a relative folder below the source's, without ..",
};

function choiceOf<Choice extends string>(choices: Readonly<Record<Choice, string>>): Allowed<Choice> {
  const names = Object.keys(choices);
  const isChoice = (value: unknown) => typeof value === "string" && Object.hasOwn(choices, value);
  return { schema: z.custom<Choice>(isChoice), allowed: `one of ${names.join(", ")}` };
}

/** The recipe as it would be delivered now: legal values of the user's settings, else the defaults. */
export function currentDelivery(): Recipe {
  const user = settingsLayers(undefined).filter(({ origin }) => origin === "user");
  return { ...defaultRecipe, ...readValues(user[0]?.values ?? {}).values };
}

/** The value of the strongest layer that holds for `folder`; undefined where none has one. */
function layered<T>(
  folder: vscode.WorkspaceFolder | undefined,
  name: string,
  { schema, allowed }: Allowed<T>,
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

/**
 * How many bytes the bin may hold before the user is asked.
 *
 * @throws InvalidRecipe when the setting cannot be used
 */
export function binLimit(): number {
  return checked("bin.maxMegabytes", z.number().check(z.minimum(1)), "a number from 1") * 1_000_000;
}

function checked<T>(name: string, schema: z.ZodMiniType<T>, allowed: string): T {
  const parsed = schema.safeParse(userSetting(name));
  if (!parsed.success) {
    const message = `imageRemix.${name} in the user settings is not valid. Allowed: ${allowed}.`;
    throw new InvalidRecipe(message, `imageRemix.${name}`, "user");
  }
  return parsed.data;
}
