import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import type { RemixTask } from "../engine/ports.ts";
import { recipeHash } from "../recipe/record.ts";
import { contentHash } from "./contentHash.ts";

const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a style reference that a settings file names by path. Settings come with repositories: what lies outside the
 * folder that they are about is never read, not through links either.
 *
 * @param base absolute path of the folder that the path starts from; null where there is none
 * @throws RemixFailure `invalidRecipe` naming the reference
 */
export async function readStyleReference(reference: string, base: string | null): Promise<Uint8Array> {
  const refuse = (reason: string, cause?: unknown) =>
    new RemixFailure("invalidRecipe", `The style reference ${reference} ${reason}`, { cause });
  if (base === null || path.isAbsolute(reference)) {
    throw refuse(
      "is not a path below a workspace folder. Put the picture into the folder whose settings name it.",
    );
  }
  try {
    const [root, file] = await Promise.all([realpath(base), realpath(path.resolve(base, reference))]);
    if (!file.startsWith(root + path.sep)) {
      throw refuse(
        "leads out of the workspace folder. Put the picture into the folder whose settings name it.",
      );
    }
    const { size } = await stat(file);
    if (size > maxBytes) {
      throw refuse(`is too large. The limit is ${maxBytes / 1024 / 1024} MB.`);
    }
    return await readFile(file);
  } catch (error) {
    throw error instanceof RemixFailure
      ? error
      : refuse("cannot be read. Correct the path in the settings.", error);
  }
}

/**
 * What stands for a style reference in a recipe's hash: the SHA-256 of its content, or its address where it is one.
 *
 * @throws RemixFailure like `readStyleReference`
 */
export async function styleReferenceHash(reference: string, base: string | null): Promise<string> {
  return /^https:\/\//i.test(reference) ? reference : contentHash(await readStyleReference(reference, base));
}

/**
 * The hash of a task's recipe, with the content of its style references.
 *
 * @throws RemixFailure like `readStyleReference`
 */
export async function recipeHashOf({
  recipe,
  referenceBase,
}: Pick<RemixTask, "recipe" | "referenceBase">): Promise<string> {
  const { styleReferenceImages } = recipe;
  const hashes = styleReferenceImages.map((reference) => styleReferenceHash(reference, referenceBase));
  return recipeHash(recipe, await Promise.all(hashes));
}
