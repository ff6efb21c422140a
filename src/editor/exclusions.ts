import * as vscode from "vscode";
import * as z from "zod/mini";
import { RemixFailure } from "../engine/failure.ts";
import { type Excluder, type Exclusion, excludedWithin, excluder } from "../engine/globs.ts";
import type { SourceFile } from "../engine/ports.ts";
import { InvalidRecipe } from "../engine/resolve.ts";

const globs = z.array(z.string().check(z.minLength(1), z.maxLength(1000)));

const layers = [
  ["user", "globalValue"],
  ["workspace", "workspaceValue"],
  ["folder", "workspaceFolderValue"],
] as const;

/**
 * What `imageRemix.exclude` leaves out in a workspace folder. All layers count: a repository cannot take away what the
 * user never wants to send.
 *
 * @throws InvalidRecipe naming the setting, the layer and what is allowed
 */
export function neverSent(folder: vscode.WorkspaceFolder | undefined): readonly Exclusion[] {
  const configuration = vscode.workspace.getConfiguration("imageRemix", folder ?? null);
  const inspected = configuration.inspect<unknown>("exclude");
  const found = new Map<string, Exclusion>();
  for (const [origin, field] of layers) {
    const written = inspected?.[field];
    const parsed = z.optional(globs).safeParse(written);
    if (!parsed.success) {
      const message = `imageRemix.exclude in the ${origin} settings is not valid. Allowed: a list of globs.`;
      throw new InvalidRecipe(message, "imageRemix.exclude", origin, folder?.uri.fsPath);
    }
    for (const glob of parsed.data ?? []) {
      found.set(glob, { glob, reason: `imageRemix.exclude: ${glob}` });
    }
  }
  return [...found.values()];
}

const siblings = z.object({ when: z.string() });

/** What `files.exclude` hides in a workspace folder. */
export function hiddenFiles(folder: vscode.WorkspaceFolder | undefined): readonly Exclusion[] {
  const files = vscode.workspace.getConfiguration("files", folder ?? null);
  const written = z.record(z.string(), z.unknown()).safeParse(files.get<unknown>("exclude"));
  return Object.entries(written.data ?? {}).flatMap(([glob, value]): readonly Exclusion[] => {
    const reason = `files.exclude: ${glob}`;
    const condition = siblings.safeParse(value);
    if (glob === "" || (value !== true && !condition.success)) {
      return [];
    }
    return [condition.success ? { glob, reason, when: condition.data.when } : { glob, reason }];
  });
}

/**
 * @param exclude what its workspace folder's settings leave out; looked up where it is absent
 * @throws RemixFailure `excluded` for a source that the settings never let out
 */
export function refuseExcluded({ path, name }: SourceFile, exclude?: Excluder): void {
  const uri = vscode.Uri.file(path);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const relative = folder === undefined ? name : uri.path.slice(folder.uri.path.length).replace(/^\//, "");
  const reason = excludedWithin(exclude ?? excluder(neverSent(folder)), relative);
  if (reason !== undefined) {
    throw new RemixFailure(
      "excluded",
      `${name} is never sent (${reason}). Change that setting, then try again.`,
    );
  }
}
