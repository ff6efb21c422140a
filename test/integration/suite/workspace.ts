import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { AskingDocuments } from "../../../src/editor/askInDocument.ts";
import type { RemixReport } from "../../../src/editor/remixImage.ts";

/** Absolute path of the folder that the window has open. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, "the window has no folder open");
  return folder.fsPath;
}

/** A new empty folder inside the open one. */
export function newFolder(): string {
  return mkdtempSync(path.join(workspaceFolder(), "test-"));
}

/** A new folder with these files in it. */
export function folderWith(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = newFolder();
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return folder;
}

/** The bytes of a sample picture, as the window's folder has them. */
export function sample(name: string): Buffer {
  return readFileSync(path.join(workspaceFolder(), name));
}

/** A PNG like no other in the workspace, where pictures are found again by their content. */
export function onlyPng(): Buffer {
  // What follows the end of a PNG belongs to nobody.
  return Buffer.concat([sample("tea-tin.png"), Buffer.from(randomUUID())]);
}

/** Calls the command as other extensions do, with no dialogs and the local provider. */
export async function remix(
  files: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<RemixReport> {
  const uris = files.map((file) => vscode.Uri.file(file));
  const all = { provider: "local", confirm: false, ...options };
  return vscode.commands.executeCommand<RemixReport>("imageRemix.remixImage", uris[0], uris, all);
}

/** Sets workspace settings for the time that `use` takes. */
export async function withSettings<T>(
  settings: Readonly<Record<string, unknown>>,
  use: () => Promise<T>,
): Promise<T> {
  const configuration = vscode.workspace.getConfiguration("imageRemix");
  const before = Object.keys(settings).map(
    (key) => [key, configuration.inspect(key)?.workspaceValue] as const,
  );
  const write = (key: string, value: unknown) =>
    configuration.update(key, value, vscode.ConfigurationTarget.Workspace);
  try {
    for (const [key, value] of Object.entries(settings)) {
      await write(key, value);
    }
    return await use();
  } finally {
    for (const [key, value] of before) {
      await write(key, value);
    }
  }
}

/** Documents of a window in which nothing is asked. */
export const unasked: AskingDocuments = {
  show: () => Promise.reject(new Error("Nothing is to be asked here")),
  settle: () => undefined,
};

/** A workspace's memory that ends with the test. */
export class Memory implements vscode.Memento {
  readonly #all = new Map<string, unknown>();
  keys(): readonly string[] {
    return [...this.#all.keys()];
  }
  get<T>(key: string, fallback?: T): T | undefined;
  get(key: string, fallback?: unknown): unknown {
    return this.#all.has(key) ? structuredClone(this.#all.get(key)) : fallback;
  }
  async update(key: string, value: unknown): Promise<void> {
    this.#all.set(key, structuredClone(value));
  }
}
