import * as vscode from "vscode";
import type { SettingsLayer } from "../../engine/resolve.ts";
import { settingsLayers } from "../settings.ts";

/** The settings of the workspace's folders, read once as long as they stay the same. */
export class FolderSettings {
  readonly #known = new Map<string, readonly SettingsLayer[]>();
  readonly #ends: readonly vscode.Disposable[];

  constructor() {
    const forget = () => this.forget();
    this.#ends = [
      vscode.workspace.onDidChangeConfiguration(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
    ];
  }

  /** @returns the same list for the same settings */
  of(folder: vscode.WorkspaceFolder | undefined): readonly SettingsLayer[] {
    const name = folder?.uri.toString() ?? "";
    const layers = this.#known.get(name) ?? settingsLayers(folder);
    this.#known.set(name, layers);
    return layers;
  }

  /** What has just been written may not have been told yet. */
  forget(): void {
    this.#known.clear();
  }

  dispose(): void {
    for (const end of this.#ends) {
      end.dispose();
    }
  }
}
