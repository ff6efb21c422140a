import { type EditResult, findNodeAtLocation, modify, type ParseError, parseTree } from "jsonc-parser";
import * as vscode from "vscode";
import * as z from "zod/mini";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import {
  type Asked,
  presetsIn,
  type ResolvedRecipe,
  resolveRecipe,
  type SettingsLayer,
} from "../engine/resolve.ts";
import { isParameterId, parameter, parameterIds } from "../recipe/parameters.ts";
import type { PartialRecipe } from "../recipe/recipe.ts";
import { settingsLayers } from "./settings.ts";

/** A settings file that presets can be saved to; `file` is absent for the user settings, which VS Code writes itself. */
interface Target extends vscode.QuickPickItem {
  readonly file?: vscode.Uri;
  /** Path of the presets in that file. */
  readonly path: readonly string[];
  /** Absolute path of the folder that relative paths in that file start from; null where there is none. */
  readonly base: string | null;
}

/** What the command may be called with besides a file. */
const presetOptions = z.optional(z.strictObject({ recipe: z.record(z.string(), z.unknown()) }));

/**
 * The command `imageRemix.saveAsPreset`: saves a recipe, or the one that the settings make, as a named preset.
 *
 * @param uri a `Uri` in the folder whose settings count; otherwise the active file's folder, or one that is asked for
 * @param options `{ recipe }`: parameters by name, as a result's metadata has them
 * @throws TypeError for other options
 */
export async function saveAsPreset(uri?: unknown, _selected?: unknown, options?: unknown): Promise<void> {
  const parsed = presetOptions.safeParse(options);
  if (!parsed.success) {
    throw new TypeError("Save as Preset takes { recipe } as its options");
  }
  const written = parsed.data?.recipe;
  await save((layers) => (written === undefined ? resolveRecipe(layers) : recorded(layers, written)), uri);
}

/** Saves what the panel holds: the settings' recipe, and what is set beyond them. */
export async function saveDraftAsPreset(asked: Asked): Promise<void> {
  await save((layers) => resolveRecipe(layers, asked));
}

async function save(
  recipeFrom: (layers: readonly SettingsLayer[]) => ResolvedRecipe,
  uri?: unknown,
): Promise<void> {
  try {
    const folder = await chooseFolder(uri);
    if (folder === undefined && (vscode.workspace.workspaceFolders?.length ?? 0) > 0) {
      return;
    }
    const layers = settingsLayers(folder);
    const recipe = recipeFrom(layers);
    const name = await askName(presetsIn(layers));
    const target = name === undefined ? undefined : await askTarget();
    if (name === undefined || target === undefined) {
      return;
    }
    refuseLostReferences(recipe, target);
    await write(name, presetOf(recipe), target);
    void vscode.window.showInformationMessage(`Saved preset "${name}" to ${target.label.toLowerCase()}.`);
  } catch (error) {
    void vscode.window.showErrorMessage(asFailure(error).message);
  }
}

/** A recipe from elsewhere, over everything that the settings say. */
function recorded(
  layers: readonly SettingsLayer[],
  recipe: Readonly<Record<string, unknown>>,
): ResolvedRecipe {
  const differing = Object.entries(recipe).filter(
    ([id, value]) => !(isParameterId(id) && JSON.stringify(value) === JSON.stringify(parameter(id).default)),
  );
  const base = layers.findLast((layer) => layer.base !== null)?.base ?? null;
  return { ...resolveRecipe([], { recipe: Object.fromEntries(differing) }), referenceBase: base };
}

/** The folder whose recipe is saved: that of the given file, else that of the active one, else the only one, else the one the user picks. */
async function chooseFolder(given: unknown): Promise<vscode.WorkspaceFolder | undefined> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const open =
    input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
  const uri = given instanceof vscode.Uri ? given : open;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const active = uri && vscode.workspace.getWorkspaceFolder(uri);
  return active ?? (folders.length > 1 ? vscode.window.showWorkspaceFolderPick() : folders[0]);
}

/** What differs from the defaults: a preset says what is special about it and leaves the rest to the settings. */
function presetOf({ values, origins }: ResolvedRecipe): PartialRecipe {
  const ids = parameterIds.filter((id) => parameter(id).group === "recipe" && origins[id] !== "default");
  return Object.fromEntries(ids.map((id) => [id, values[id]]));
}

/** Relative paths mean something else in another folder's settings, and nothing in the user's. */
function refuseLostReferences({ values, referenceBase }: ResolvedRecipe, { base, label }: Target): void {
  const relative = values.styleReferenceImages.filter((reference) => !reference.startsWith("https://"));
  if (relative.length > 0 && base !== referenceBase) {
    throw new RemixFailure(
      "invalidRecipe",
      `The style references ${relative.join(", ")} start from ${referenceBase}; the ${label.toLowerCase()} would lose them. Save to the settings of that folder.`,
    );
  }
}

async function askName(existing: ReadonlyMap<string, unknown>): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: "Save as Preset",
    prompt: "Name of the preset",
    placeHolder: "Winter gift edition",
    validateInput: (text) => {
      const trimmed = text.trim();
      if (trimmed === "") {
        return "A preset needs a name.";
      }
      return existing.has(trimmed)
        ? {
            message: `Replaces the preset "${trimmed}" in the file you choose next, or stands in for a weaker one.`,
            severity: vscode.InputBoxValidationSeverity.Warning,
          }
        : undefined;
    },
  });
  return name?.trim();
}

async function askTarget(): Promise<Target | undefined> {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const key = "imageRemix.presets";
  const targets: Target[] = [];
  const severalFolders = workspaceFile !== undefined;
  for (const { uri, name } of workspaceFolders) {
    targets.push({
      label: severalFolders ? `Folder settings of ${name}` : "Workspace settings",
      description: ".vscode/settings.json, shared with the repository",
      file: vscode.Uri.joinPath(uri, ".vscode", "settings.json"),
      path: [key],
      base: uri.fsPath,
    });
  }
  if (workspaceFile?.scheme === "file") {
    targets.push({
      label: "Workspace settings",
      description: vscode.workspace.asRelativePath(workspaceFile),
      file: workspaceFile,
      path: ["settings", key],
      base: vscode.Uri.joinPath(workspaceFile, "..").fsPath,
    });
  }
  targets.push({ label: "User settings", description: "on all your machines", path: [key], base: null });
  return vscode.window.showQuickPick(targets, { title: "Save as Preset", placeHolder: "Where to?" });
}

async function write(name: string, preset: PartialRecipe, { file, path }: Target): Promise<void> {
  if (file === undefined) {
    const configuration = vscode.workspace.getConfiguration("imageRemix");
    const own = configuration.inspect<Record<string, unknown>>("presets")?.globalValue;
    await configuration.update("presets", { ...own, [name]: preset }, vscode.ConfigurationTarget.Global);
    return;
  }
  await createIfMissing(file);
  const document = await vscode.workspace.openTextDocument(file);
  const where = vscode.workspace.asRelativePath(file);
  if (document.isDirty) {
    throw new RemixFailure("invalidRecipe", `${where} has unsaved changes. Save it, then try again.`);
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of presetEdits(document, [...path, name], preset, where)) {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    edit.replace(file, range, content);
  }
  if (!(await vscode.workspace.applyEdit(edit)) || !(await document.save())) {
    throw new RemixFailure(
      "readOnly",
      `${where} could not be saved. Check that it may be written, then try again.`,
    );
  }
}

/** The edits that set exactly one preset in a settings file, and leave the rest of it as it is. */
function presetEdits(
  document: vscode.TextDocument,
  path: string[],
  preset: PartialRecipe,
  where: string,
): EditResult {
  const text = document.getText();
  const errors: ParseError[] = [];
  const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true };
  const root = parseTree(text, errors, options);
  const [error] = errors;
  if (error !== undefined) {
    const { line } = document.positionAt(error.offset);
    throw new RemixFailure(
      "invalidRecipe",
      `${where} has an error in line ${line + 1}. Mend it, then try again.`,
    );
  }
  if (root === undefined) {
    // Nothing but comments, or nothing at all.
    const content = `${JSON.stringify(
      path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), preset),
      null,
      2,
    )}\n`;
    return [{ offset: text.length, length: 0, content }];
  }
  for (let depth = 0; depth < path.length; depth++) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (node !== undefined && node.type !== "object") {
      const culprit = depth === 0 ? where : `${path[depth - 1]} in ${where}`;
      throw new RemixFailure("invalidRecipe", `${culprit} is not an object. Mend it, then try again.`);
    }
  }
  return modify(text, path, preset, { formattingOptions: formatOf(text) });
}

async function createIfMissing(file: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(file, { ignoreIfExists: true, contents: new TextEncoder().encode("{\n}\n") });
  if (!(await vscode.workspace.applyEdit(edit))) {
    const where = vscode.workspace.asRelativePath(file);
    throw new RemixFailure(
      "readOnly",
      `${where} could not be created. Check that it may be written, then try again.`,
    );
  }
}

/** How a file is indented, so that what is added looks like the rest. */
function formatOf(text: string) {
  const indent = /^([\t ]+)"/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 4 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
