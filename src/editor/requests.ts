import * as vscode from "vscode";
import { asFailure } from "../engine/failure.ts";
import { excluder } from "../engine/globs.ts";
import type { Failed } from "../engine/job.ts";
import type { OutputOptions } from "../engine/output.ts";
import type { SourceFile } from "../engine/ports.ts";
import { type Asked, type ResolvedRecipe, resolveRecipe } from "../engine/resolve.ts";
import type { Request } from "../engine/task.ts";
import { builtInPresets } from "../recipe/builtInPresets.ts";
import { askPrompt } from "./askPrompt.ts";
import type { CallOptions } from "./callOptions.ts";
import { neverSent, refuseExcluded } from "./exclusions.ts";
import { outputSettings, settingsLayers } from "./settings.ts";

/** The requests that can be made, and the sources whose recipe cannot be resolved. */
interface Prepared {
  readonly requests: readonly Request[];
  readonly failed: readonly Failed[];
}

/**
 * Resolves the recipe of each source with each preset, and asks once for a prompt where there is none.
 *
 * @param memory remembers the last prompt
 * @throws RemixFailure `cancelled` when the user does not answer
 */
export async function requestsFor(
  { memory }: { readonly memory: vscode.Memento },
  sources: readonly SourceFile[],
  { preset, recipe: overrides, confirm }: CallOptions,
): Promise<Prepared> {
  const requests: Request[] = [];
  const failed: Failed[] = [];
  const settings = callSettings();
  let answer: Asked | undefined;
  for (const source of sources) {
    for (const asked of [...new Set([preset].flat())].map((name) => ({ preset: name, recipe: overrides }))) {
      try {
        settings.refuseExcluded(source);
        const recipe = settings.recipe(source, asked);
        const output = settings.output(source);
        if (recipe.values.positivePrompt !== null || confirm === false) {
          requests.push({ source, recipe, output });
          continue;
        }
        answer ??= await askPrompt(memory);
        requests.push({ source, recipe: settings.recipe(source, answered(asked, answer)), output });
      } catch (error) {
        const failure = asFailure(error);
        if (failure.code === "cancelled") {
          throw failure;
        }
        failed.push({ source, failure });
      }
    }
  }
  // The first look into the settings takes VS Code as long as starting a run takes: others get their turn in between.
  await new Promise<void>((resolve) => setImmediate(resolve));
  return { requests, failed };
}

/** A preset that was asked for keeps its say: of one chosen in its place only the prompt is taken. */
function answered(asked: Asked, answer: Asked): Asked {
  const promptOf = (preset: string) => builtInPresets[preset]?.positivePrompt;
  return asked.preset === undefined || answer.preset === undefined
    ? { ...asked, ...answer, recipe: { ...asked.recipe, ...answer.recipe } }
    : { ...asked, recipe: { ...asked.recipe, positivePrompt: promptOf(answer.preset) } };
}

/** What settings say to the pictures of one call. */
interface CallSettings {
  /** @throws RemixFailure `excluded` for a source that the settings never let out */
  refuseExcluded(source: SourceFile): void;
  /** @throws InvalidRecipe naming the setting, the layer and what is allowed */
  recipe(source: SourceFile, asked: Asked): ResolvedRecipe;
  /** @throws InvalidRecipe naming the setting, the layer and what is allowed */
  output(source: SourceFile): OutputOptions;
}

/** Looks up what it is asked for once: for a thousand pictures it would block the extension host for seconds. */
function callSettings(): CallSettings {
  const excluded = oncePerFolder((folder) => excluder(neverSent(folder)));
  const output = oncePerFolder(outputSettings);
  const recipes = new Map<string, (source: SourceFile) => ResolvedRecipe>();
  return {
    refuseExcluded: (source) => refuseExcluded(source, excluded(source)),
    output,
    recipe(source, asked) {
      const key = JSON.stringify(asked);
      const known =
        recipes.get(key) ?? oncePerFolder((folder) => resolveRecipe(settingsLayers(folder), asked));
      recipes.set(key, known);
      return known(source);
    },
  };
}

/** `read` for the workspace folder of a source, called once for each folder. What it throws is not kept. */
function oncePerFolder<T>(
  read: (folder: vscode.WorkspaceFolder | undefined) => T,
): (source: SourceFile) => T {
  const known = new Map<string | undefined, { readonly value: T }>();
  return ({ path }) => {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
    const key = folder?.uri.toString();
    const found = known.get(key) ?? { value: read(folder) };
    known.set(key, found);
    return found.value;
  };
}
