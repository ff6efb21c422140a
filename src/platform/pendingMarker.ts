import { readdir } from "node:fs/promises";
import path from "node:path";

/** The folder in the extension's storage that holds a record of each file being written; empty when nothing is. */
export function pendingFolder(storage: string): string {
  return path.join(storage, "pending");
}

/** The folder of the journals of paid tasks. A window without open tasks has none there. */
export function journalFolder(storage: string): string {
  return path.join(storage, "journal");
}

/** What the names of journals end with. */
export const journalExtension = ".jsonl";

/** Whether an earlier window may have left something unfinished. Cheap: this runs in every window at start-up. */
export async function hasPendingWork(storage: string): Promise<boolean> {
  const [records, journals] = await Promise.all(
    [pendingFolder(storage), journalFolder(storage)].map((folder) => readdir(folder).catch(() => [])),
  );
  return (records ?? []).length > 0 || (journals ?? []).some((name) => name.endsWith(journalExtension));
}
