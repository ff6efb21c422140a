import * as vscode from "vscode";
import { asFailure } from "../engine/failure.ts";
import type { ResultWriter } from "../engine/ports.ts";
import { type Action, keptPictures, type Told } from "./report.ts";

/** What is needed to put kept pictures where they belong. */
export interface KeptPicturesParts {
  readonly results: Pick<ResultWriter, "stage">;
  /** The folder in storage that they lie in. */
  readonly folder: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

const chooseFolder = "Choose Another Folder…";

/** Finished pictures in storage, whose own folders would not take them: full, read-only or gone. */
export class KeptPictures {
  readonly #parts: KeptPicturesParts;

  constructor(parts: KeptPicturesParts) {
    this.#parts = parts;
  }

  /** The button that puts those of a run somewhere else; none where nothing was kept. */
  actions(failed: readonly Pick<Told, "keptAs">[]): readonly Action[] {
    const files = failed.flatMap(({ keptAs }) => (keptAs === undefined ? [] : [vscode.Uri.file(keptAs)]));
    return files.length === 0 ? [] : [{ title: chooseFolder, run: () => this.move(files) }];
  }

  /** Offers all that lie there, of whichever run and window. @returns whether there are any */
  async offerAll(): Promise<boolean> {
    const files = await this.#all();
    if (files.length > 0) {
      void this.#offer(files, `${keptPictures(files.length)} kept, since their folders would not take them.`);
    }
    return files.length > 0;
  }

  /** Asks for a folder and puts pictures there, under the first names that are free. */
  async move(files: readonly vscode.Uri[]): Promise<void> {
    const start = vscode.workspace.workspaceFolders?.[0]?.uri;
    const [target] =
      (await vscode.window.showOpenDialog({
        title: `Where to save ${files.length === 1 ? "the picture" : `the ${files.length} pictures`}?`,
        openLabel: "Save Here",
        canSelectFolders: true,
        canSelectFiles: false,
        ...(start === undefined ? {} : { defaultUri: start }),
      })) ?? [];
    const left: vscode.Uri[] = [];
    const problems = new Set<string>();
    for (const file of target === undefined ? [] : files) {
      await this.#moveOne(file, target ?? file).catch((error: unknown) => {
        left.push(file);
        problems.add(asFailure(error).message);
      });
    }
    if (target === undefined) {
      void this.#offer(files, `${keptPictures(files.length)} kept in the extension's storage.`);
    } else if (left.length > 0) {
      void this.#offer(left, `${[...problems].join(" ")} ${keptPictures(left.length)} still kept.`);
    } else {
      const saved = files.length === 1 ? "1 picture" : `${files.length} pictures`;
      void vscode.window.showInformationMessage(`Saved ${saved} in ${target.fsPath}.`);
    }
  }

  async #offer(files: readonly vscode.Uri[], text: string): Promise<void> {
    if ((await vscode.window.showWarningMessage(text, chooseFolder)) === chooseFolder) {
      await this.move(files);
    }
  }

  async #moveOne(file: vscode.Uri, target: vscode.Uri): Promise<void> {
    const bytes = await vscode.workspace.fs.readFile(file);
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    const dot = name.lastIndexOf(".");
    const nameFor = (n: number) => (n === 1 ? name : `${name.slice(0, dot)}-${n}${name.slice(dot)}`);
    const staged = await this.#parts.results.stage(bytes, { base: target.fsPath, below: [] });
    try {
      const output = await staged.giveName(nameFor);
      this.#parts.log.info(`${file.fsPath} → ${output}`);
    } catch (error) {
      await staged.discard();
      throw error;
    }
    await vscode.workspace.fs.delete(file);
  }

  async #all(): Promise<readonly vscode.Uri[]> {
    const { folder } = this.#parts;
    const entries = await vscode.workspace.fs.readDirectory(folder).then(
      (found) => found,
      () => [],
    );
    return entries.flatMap(([name, type]) =>
      type === vscode.FileType.File && /\.(png|jpe?g|jpe|webp)$/i.test(name)
        ? [vscode.Uri.joinPath(folder, name)]
        : [],
    );
  }
}
