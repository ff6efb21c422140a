import { builtInPresets } from "../recipe/builtInPresets.ts";
import { type ParameterId, parameter, parameterIds, type Recipe } from "../recipe/parameters.ts";
import { defaultRecipe, type PartialRecipe, readValues, type ValueProblem } from "../recipe/recipe.ts";
import { RemixFailure } from "./failure.ts";

/** Where a value came from, weakest first. In a single-folder window the folder's file is called "workspace". */
export const origins = ["default", "user", "workspace", "folder", "preset", "call"] as const;
export type Origin = (typeof origins)[number];

/** What one settings file says about remixes, as it was written. */
export interface SettingsLayer {
  readonly origin: "user" | "workspace" | "folder";
  /** Absolute path of the folder that relative paths in this layer start from; null where there is none. */
  readonly base: string | null;
  /** Values by parameter name; unset ones are absent or `undefined`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The content of `imageRemix.presets`, or `undefined`. */
  readonly presets: unknown;
  /** The content of `imageRemix.defaultPreset`, or `undefined`. */
  readonly defaultPreset: unknown;
}

/** A recipe of which every value is legal and knows where it came from. */
export interface ResolvedRecipe {
  readonly values: Recipe;
  readonly origins: Readonly<Record<ParameterId, Origin>>;
  /** Name of the preset in use, or null. */
  readonly preset: string | null;
  /** Where relative `styleReferenceImages` start from: the folder whose settings name them. Null: nowhere. */
  readonly referenceBase: string | null;
}

/** What is asked for beyond the settings. */
export interface Asked {
  /** Preset to use; the default preset of the settings where it is absent. */
  readonly preset?: string | undefined;
  /** Values that win over everything. */
  readonly recipe?: Readonly<Record<string, unknown>> | undefined;
}

/** A value that somebody wrote cannot be used. */
export class InvalidRecipe extends RemixFailure {
  /** Full name of the setting to open, for instance `imageRemix.remixStrength`; null when no setting is to blame. */
  readonly setting: string | null;
  readonly origin: Origin;
  /** Absolute path of the folder whose settings are to blame; null for others. */
  readonly folder: string | null;

  constructor(message: string, setting: string | null, origin: Origin, folder: string | null = null) {
    super("invalidRecipe", message);
    this.name = "InvalidRecipe";
    this.setting = setting;
    this.origin = origin;
    this.folder = origin === "folder" ? folder : null;
  }
}

const whereWritten: Readonly<Record<Origin, string>> = {
  default: "the defaults",
  user: "the user settings",
  workspace: "the workspace settings",
  folder: "the folder settings",
  preset: "the preset",
  call: "the call",
};

/** A preset together with the layer that defines it. */
export interface FoundPreset {
  readonly name: string;
  readonly written: Readonly<Record<string, unknown>>;
  readonly layer: Origin;
  readonly base: string | null;
}

/**
 * Lays the layers over each other: default, user, workspace, folder, preset, call.
 *
 * @param layers settings from weakest to strongest
 * @throws InvalidRecipe naming setting, layer and what is allowed
 */
export function resolveRecipe(layers: readonly SettingsLayer[], asked: Asked = {}): ResolvedRecipe {
  const values: Record<string, unknown> = { ...defaultRecipe };
  const from = Object.fromEntries(parameterIds.map((id) => [id, "default"])) as Record<ParameterId, Origin>;
  let referenceBase: string | null = null;
  const lay = (layer: PartialRecipe, origin: Origin, base: string | null) => {
    for (const id of parameterIds) {
      if (layer[id] !== undefined) {
        values[id] = layer[id];
        from[id] = origin;
      }
    }
    if (layer.styleReferenceImages !== undefined) {
      referenceBase = base;
    }
  };

  for (const layer of layers) {
    const read = readValues(
      layer.values,
      (id) => layer.origin === "user" || parameter(id).group === "recipe",
    );
    refuse(read.problems, layer.origin, (key) => `imageRemix.${key}`, layer.base);
    lay(read.values, layer.origin, layer.base);
  }
  const preset = choosePreset(layers, asked.preset);
  if (preset !== null) {
    lay(readPreset(preset), "preset", preset.base);
  }
  const call = readValues(asked.recipe ?? {}, (id) => parameter(id).group === "recipe");
  refuse(call.problems, "call", () => null);
  lay(call.values, "call", layers.findLast(({ base }) => base !== null)?.base ?? null);
  return { values: values as unknown as Recipe, origins: from, preset: preset?.name ?? null, referenceBase };
}

/** The presets in force: of two with the same name, the stronger layer's, whole. */
export function presetsIn(layers: readonly SettingsLayer[]): ReadonlyMap<string, FoundPreset> {
  const found = new Map<string, FoundPreset>();
  for (const [name, written] of Object.entries(builtInPresets)) {
    found.set(name, { name, written, layer: "default", base: null });
  }
  for (const layer of layers) {
    const { presets, origin, base } = layer;
    if (presets === undefined || presets === null) {
      continue;
    }
    if (!isRecord(presets)) {
      throw wrongPresets("imageRemix.presets", layer, "an object of named presets");
    }
    for (const [name, written] of Object.entries(presets)) {
      if (!isRecord(written)) {
        throw wrongPresets(`Preset "${name}"`, layer, "an object of parameters");
      }
      found.set(name, { name, written, layer: origin, base });
    }
  }
  return found;
}

function wrongPresets(culprit: string, { origin, base }: SettingsLayer, allowed: string): InvalidRecipe {
  const message = `${culprit} in ${whereWritten[origin]} is not valid. Allowed: ${allowed}.`;
  return new InvalidRecipe(message, "imageRemix.presets", origin, base);
}

function choosePreset(layers: readonly SettingsLayer[], asked: string | undefined): FoundPreset | null {
  const presets = presetsIn(layers);
  const strongest = layers.findLast(({ defaultPreset }) => defaultPreset !== undefined);
  const name: unknown = asked ?? strongest?.defaultPreset;
  if (isUnset(name)) {
    return null;
  }
  const preset = typeof name === "string" ? presets.get(name) : undefined;
  if (preset === undefined) {
    const origin = asked === undefined ? (strongest?.origin ?? "default") : "call";
    throw new InvalidRecipe(
      `There is no preset ${JSON.stringify(name)}, which ${whereWritten[origin]} ask${origin === "call" ? "s" : ""} for. Allowed: ${[...presets.keys()].join(", ")}.`,
      origin === "call" ? null : "imageRemix.defaultPreset",
      origin,
      strongest?.base,
    );
  }
  return preset;
}

function readPreset(preset: FoundPreset): PartialRecipe {
  const read = readValues(preset.written, (id) => parameter(id).group === "recipe");
  const [problem] = read.problems;
  if (problem !== undefined) {
    const culprit = `${problem.key} in preset "${preset.name}" of ${whereWritten[preset.layer]}`;
    throw new InvalidRecipe(problemText(culprit, problem), "imageRemix.presets", preset.layer, preset.base);
  }
  return read.values;
}

function refuse(
  problems: readonly ValueProblem[],
  origin: Origin,
  settingOf: (key: string) => string | null,
  folder: string | null = null,
): void {
  const [problem] = problems;
  if (problem !== undefined) {
    const setting = settingOf(problem.key);
    const culprit = `${setting ?? problem.key} in ${whereWritten[origin]}`;
    throw new InvalidRecipe(problemText(culprit, problem), setting, origin, folder);
  }
}

function problemText(culprit: string, { allowed }: ValueProblem): string {
  return allowed === null
    ? `${culprit} is not a parameter that can be set there.`
    : `${culprit} is not valid. Allowed: ${allowed}.`;
}

/** An empty string is how a user switches a text setting off in the Settings editor. */
function isUnset(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
