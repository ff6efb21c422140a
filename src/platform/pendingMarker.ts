import { readdir } from "node:fs/promises";
import path from "node:path";

/** The folder in the extension's storage that holds a record of each file being written; empty when nothing is. */
export function pendingFolder(storage: string): string {
  return path.join(storage, "pending");
}

/** Whether an earlier window may have left something unfinished. Cheap: this runs in every window at start-up. */
export async function hasPendingWork(storage: string): Promise<boolean> {
  const records = await readdir(pendingFolder(storage)).catch(() => []);
  return records.length > 0;
}
