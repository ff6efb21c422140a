import * as vscode from "vscode";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import type { Provenance } from "../engine/provenance.ts";
import {
  type Discarded,
  discardResult,
  isStillReplaced,
  makeReplacement,
  planReplacement,
  type ReviewParts,
  restoreResult,
  undoReplacement,
} from "../engine/replacing.ts";
import { type BinEntry, lastReplacements, markdownImage, type Replacement } from "../engine/review.ts";
import { defaultRecipe } from "../recipe/recipe.ts";
import type { AskingDocuments } from "./askInDocument.ts";
import { makeRoom } from "./fullBin.ts";
import { confirmReplacement } from "./replaceQuestion.ts";
import { reportFailures } from "./report.ts";

/** What deciding over results needs of the rest of the extension. */
export interface ReviewServices extends Omit<ReviewParts, "moveToTrash"> {
  /** Where a picture says that it came from. Fails like `convert`. */
  readonly provenanceOf: (bytes: Uint8Array) => Promise<Provenance | undefined>;
  readonly log: vscode.LogOutputChannel;
  /** In which a long list is shown before something is deleted for good. */
  readonly documents: AskingDocuments;
}

/** What a caller in code may ask of a decision. */
export interface DecisionOptions {
  /** False: no dialog and no notification, failures are thrown. */
  readonly confirm?: boolean;
}

/** Decides over results, with the questions that belong to it. Without `confirm: false`, failures are shown. */
export class Review {
  readonly #services: ReviewServices;
  readonly #parts: ReviewParts;
  readonly #changed = new vscode.EventEmitter<void>();

  /** Fires after each decision of this window. */
  readonly onDidChange = this.#changed.event;

  constructor(services: ReviewServices) {
    this.#services = services;
    this.#parts = { ...services, moveToTrash };
  }

  /** What lies in the bin, oldest first. `origin` is where it lay. */
  entries(): Promise<readonly BinEntry[]> {
    return this.#parts.bin.entries();
  }

  /** Absolute path of the bytes of an entry, to be looked at only. */
  pathOf(entry: BinEntry): string {
    return this.#parts.bin.pathOf(entry);
  }

  /** What Undo Replace Source can take back, newest first, one for each source. Reads these sources to be certain. */
  async replacements(): Promise<readonly Replacement[]> {
    const all = lastReplacements(await this.entries());
    const canBeUndone = await Promise.all(all.map((one) => isStillReplaced(this.#parts, one)));
    return all.filter((_, index) => canBeUndone[index]);
  }

  /** Whether a file has these bytes. @param sha256 of them */
  async holds(file: string, sha256: string): Promise<boolean> {
    return this.#parts.files.read(file).then(
      (content) => content.sha256 === sha256,
      () => false,
    );
  }

  /**
   * Lets a result take its source's place, once the user has said so.
   *
   * @param source absolute path, like `result`
   * @param options with `confirm: false`, `replace: true` says that the question has been answered
   * @returns undefined where it was not done, which the user knows then
   * @throws RemixFailure with `confirm: false` only; `needsConfirmation` without `replace: true`
   */
  replaceSource(
    source: string,
    result: string,
    options: DecisionOptions & { readonly replace?: boolean } = {},
  ): Promise<Replacement | undefined> {
    const mayAsk = options.confirm !== false;
    return this.#decide(source, mayAsk, async () => {
      if (!mayAsk && options.replace !== true) {
        const message = `Replacing ${this.#nameOf(source)} needs confirmation: ask the user, then pass replace: true.`;
        throw new RemixFailure("needsConfirmation", message);
      }
      const made = await this.#parts.files.read(result);
      const provenance = await this.#services.provenanceOf(made.bytes).catch(() => undefined);
      const quality = provenance?.recipe?.["outputQuality"];
      const plan = await planReplacement(
        this.#parts,
        source,
        result,
        typeof quality === "number" ? quality : defaultRecipe.outputQuality,
      );
      if (mayAsk && !(await confirmReplacement(plan, provenance))) {
        return undefined;
      }
      if (!(await makeRoom(this.#services, plan.source.name, plan.old.bytes.length, mayAsk))) {
        return undefined;
      }
      const replacement = await makeReplacement(this.#parts, plan);
      this.#services.log.info(`${result} replaced ${source}; the old bytes are ${this.pathOf(replacement)}`);
      if (mayAsk) {
        this.#offerUndo(plan.source.name, plan.result.name, replacement);
      }
      return replacement;
    });
  }

  /**
   * Gives a source back the bytes that its last replacement took away.
   *
   * @param options `entry`: id of the replacement that is meant, which has to be the last one
   * @returns whether it has been done; the user knows why not
   * @throws RemixFailure with `confirm: false` only: `sourceGone` where the source has changed since
   */
  async undoReplace(
    source: string,
    options: DecisionOptions & { readonly entry?: string } = {},
  ): Promise<boolean> {
    const mayAsk = options.confirm !== false;
    const done = await this.#decide(source, mayAsk, async () => {
      const found = lastReplacements(await this.entries()).find(({ origin }) => origin === source);
      if (found === undefined) {
        const message = `${this.#nameOf(source)} has not been replaced, or its old bytes are no longer in the bin.`;
        throw new RemixFailure("sourceGone", message);
      }
      if (options.entry !== undefined && options.entry !== found.id) {
        const message = `${this.#nameOf(source)} has been replaced once more since. Undo that first.`;
        throw new RemixFailure("sourceGone", message);
      }
      await this.#undo(found, mayAsk);
      return true;
    });
    return done ?? false;
  }

  /**
   * Moves results to the bin.
   *
   * @returns their entries; those of which there is none are still where they were, which the user knows
   * @throws RemixFailure with `confirm: false` only, at the first that fails
   */
  async discard(items: readonly Discarded[], options: DecisionOptions = {}): Promise<readonly BinEntry[]> {
    const mayAsk = options.confirm !== false;
    if (mayAsk && items.length > 1 && !(await confirmMany(items.length))) {
      return [];
    }
    const entries: BinEntry[] = [];
    for (const item of items) {
      const entry = await this.#decide(item.path, mayAsk, async () => {
        const { bytes } = await this.#parts.files.read(item.path);
        const hasRoom = await makeRoom(this.#services, this.#nameOf(item.path), bytes.length, mayAsk);
        return hasRoom ? discardResult(this.#parts, item) : "stop";
      });
      if (entry === "stop") {
        break;
      }
      entries.push(...(entry === undefined ? [] : [entry]));
    }
    return entries;
  }

  /**
   * Brings a discarded result back.
   *
   * @returns the absolute path of the file, which has another name where its own is taken; undefined where it failed
   * @throws RemixFailure with `confirm: false` only
   */
  restore(entry: BinEntry, options: DecisionOptions = {}): Promise<string | undefined> {
    return this.#decide(entry.origin, options.confirm !== false, () => restoreResult(this.#parts, entry));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** @param file that a failure is about */
  async #decide<T>(file: string, mayAsk: boolean, act: () => Promise<T>): Promise<T | undefined> {
    try {
      if (!vscode.workspace.isTrusted) {
        throw new RemixFailure("untrusted", "Pictures are changed in trusted workspaces only.");
      }
      return await act();
    } catch (error) {
      const failure = asFailure(error);
      const { log } = this.#services;
      log.error(`${file}: ${failure.code}: ${failure.message}`);
      if (!mayAsk) {
        throw failure;
      }
      reportFailures([{ source: { name: this.#nameOf(file) }, failure }], 1, () => log.show());
      return undefined;
    } finally {
      this.#changed.fire();
    }
  }

  async #undo(replacement: Replacement, mayTell: boolean): Promise<void> {
    await undoReplacement(this.#parts, replacement);
    this.#services.log.info(`${replacement.origin} has its old bytes again`);
    if (mayTell) {
      void vscode.window.showInformationMessage(
        `${this.#nameOf(replacement.origin)} has its old bytes again.`,
      );
    }
  }

  #offerUndo(source: string, result: string, replacement: Replacement): void {
    const undo = "Undo";
    const text = `${result} replaced ${source}. The old bytes are kept in the bin.`;
    void vscode.window.showInformationMessage(text, undo).then(async (answer) => {
      if (answer === undo) {
        await this.#decide(replacement.origin, true, () => this.#undo(replacement, true));
      }
    });
  }

  #nameOf(file: string): string {
    return this.#parts.toSource(file).name;
  }
}

/** Puts results on the clipboard as Markdown, one a line, with paths that start at their workspace folder. */
export async function copyAsMarkdown(
  paths: readonly string[],
  toSource: ReviewParts["toSource"],
): Promise<void> {
  const lines = paths.map((file) =>
    markdownImage(toSource(file).stem, vscode.workspace.asRelativePath(vscode.Uri.file(file), false)),
  );
  await vscode.env.clipboard.writeText(lines.join("\n"));
}

async function confirmMany(count: number): Promise<boolean> {
  const discard = `Discard ${count} Results`;
  const detail = "They are kept in the bin; Restore brings them back.";
  const question = `Discard ${count} results?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, discard)) === discard;
}

/** Not every file system has a trash, and none is needed: the bytes are in the bin. */
async function moveToTrash(file: string): Promise<void> {
  const uri = vscode.Uri.file(file);
  try {
    await vscode.workspace.fs.delete(uri, { useTrash: true });
  } catch {
    await vscode.workspace.fs.delete(uri, { useTrash: false });
  }
}
