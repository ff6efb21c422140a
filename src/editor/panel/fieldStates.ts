import { type FoundPreset, type Origin, presetsIn, type SettingsLayer } from "../../engine/resolve.ts";
import type { FieldProblem } from "../../protocol/compose.ts";
import { isParameterId, type ParameterId, parameter, parameterIds } from "../../recipe/parameters.ts";
import { readValues } from "../../recipe/recipe.ts";

/** What one field holds: the strongest value that somebody wrote, legal or not. */
export interface FieldState {
  readonly value: unknown;
  readonly origin: Origin;
  readonly problem: FieldProblem | null;
}

/** Where a value came from, as a label says it; a default needs no word. */
export const originWords: Readonly<Record<Origin, string>> = {
  default: "",
  user: "user",
  workspace: "workspace",
  folder: "folder",
  preset: "from preset",
  call: "changed here",
};

const places: Readonly<Record<Origin, string>> = {
  default: "",
  user: " in the user settings",
  workspace: " in the workspace settings",
  folder: " in the folder settings",
  preset: " in the preset",
  call: "",
};

/**
 * Lays the layers over each other like `resolveRecipe`, but keeps wrong values and says what is wrong with each, so
 * that a form can show them where they stand.
 *
 * @param preset the one in use; null for none
 * @param values what was set in the panel
 */
export function fieldStates(
  layers: readonly SettingsLayer[],
  preset: FoundPreset | null,
  values: Readonly<Record<string, unknown>>,
): ReadonlyMap<ParameterId, FieldState> {
  const states = new Map<ParameterId, FieldState>(
    parameterIds.map((id) => [id, { value: parameter(id).default, origin: "default", problem: null }]),
  );
  const lay = (written: Readonly<Record<string, unknown>>, origin: Origin) => {
    const read = readValues(written);
    for (const [key, value] of Object.entries(written)) {
      if (value === undefined || !isParameterId(key)) {
        continue;
      }
      const allowed = read.problems.find((problem) => problem.key === key)?.allowed;
      const problem = allowed === undefined ? null : problemOf(key, origin, allowed);
      // What is being typed is shown as it is: without the space at its end the next word would run into it.
      const isAsWritten = problem !== null || (origin === "call" && typeof value === "string");
      states.set(key, { value: isAsWritten ? value : read.values[key], origin, problem });
    }
  };
  for (const { values: written, origin } of layers) {
    lay(written, origin);
  }
  lay(preset?.written ?? {}, "preset");
  lay(values, "call");
  return states;
}

function problemOf(key: ParameterId, origin: Origin, allowed: string | null): FieldProblem {
  const name = origin === "call" ? key : `imageRemix.${key}`;
  return {
    text: `${name}${places[origin]} is not valid. Allowed: ${allowed ?? "nothing"}.`,
    canOpen: origin !== "call" && origin !== "default",
  };
}

/**
 * The preset in use.
 *
 * @param asked null for none, undefined for the default one of the settings
 * @throws InvalidRecipe when the presets in the settings are no presets at all
 */
export function presetInUse(
  layers: readonly SettingsLayer[],
  asked: string | null | undefined,
): FoundPreset | null {
  if (asked === null) {
    return null;
  }
  const name = asked ?? layers.findLast(({ defaultPreset }) => defaultPreset !== undefined)?.defaultPreset;
  return typeof name === "string" ? (presetsIn(layers).get(name) ?? null) : null;
}

/** The same; null where the presets in the settings are no presets at all. */
export function presetIfAny(
  layers: readonly SettingsLayer[],
  asked: string | null | undefined,
): FoundPreset | null {
  try {
    return presetInUse(layers, asked);
  } catch {
    return null;
  }
}
