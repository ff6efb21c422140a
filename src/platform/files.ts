import * as fs from "node:fs/promises";

/** The calls of the file system that promises rest on: one place where tests can let each of them fail. */
export type Files = Pick<
  typeof fs,
  | "link"
  | "lstat"
  | "mkdir"
  | "open"
  | "readdir"
  | "readFile"
  | "realpath"
  | "rename"
  | "rm"
  | "stat"
  | "utimes"
  | "writeFile"
>;

/** The machine's own files. */
export const nodeFiles: Files = fs;

/** Makes new names in `folder` survive a power loss. Not every system lets a folder be opened, and none needs to. */
export async function syncFolder(files: Files, folder: string): Promise<void> {
  try {
    const handle = await files.open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // What the names stand for is on disk; the names may take a moment longer.
  }
}
