import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Entry } from "../engine/plan.ts";
import type { Destination } from "../engine/ports.ts";

/** Absolute path of the folder that a destination means. */
export function placeOf({ base, below }: Pick<Destination, "base" | "below">): string {
  return path.join(base, ...below);
}

/** What a folder holds, by name; nothing where there is none or where it cannot be read. */
export async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(folder).catch(() => []);
  return names.toSorted().map((name) => ({ name, path: path.join(folder, name) }));
}
