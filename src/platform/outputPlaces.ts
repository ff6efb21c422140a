import { readdir } from "node:fs/promises";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import type { Entry } from "../engine/plan.ts";
import type { Destination } from "../engine/ports.ts";
import { errorCode } from "./failures.ts";

/** Absolute path of the folder that a destination means. */
export function placeOf({ base, below }: Pick<Destination, "base" | "below">): string {
  return path.join(base, ...below);
}

/**
 * What a folder holds, by name; nothing where there is none.
 *
 * @throws RemixFailure `unknown` where it cannot be read: it may be full of results that are not to be bought again
 */
export async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) {
      return [];
    }
    const message = `${folder} cannot be read, so that nobody knows which results there are. Check the folder, then try again.`;
    throw new RemixFailure("unknown", message, { cause: error });
  });
  return names.toSorted().map((name) => ({ name, path: path.join(folder, name) }));
}
