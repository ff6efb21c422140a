import * as vscode from "vscode";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import { isThere, lineage, type PictureReader } from "../engine/lineage.ts";
import type { Provenance } from "../engine/provenance.ts";
import { recipeDocument } from "../engine/recipeDocument.ts";
import { parseCallOptions } from "./callOptions.ts";
import type { Call } from "./remixImage.ts";
import { reportFailures } from "./report.ts";
import { chosenUris } from "./sources.ts";

/** The scheme of the documents; a file's path with this scheme is the document about it. */
const scheme = "image-remix-recipe";

/** A document that is open. */
interface Shown {
  readonly text: string;
  readonly picture: vscode.Uri;
  readonly provenance: Provenance;
  /** The nearest source, where it is there. */
  readonly source: vscode.Uri | undefined;
}

/** The command `imageRemix.showRecipe`, with the read-only documents that it opens and the buttons in them. */
export class RecipeDocuments
  implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
  readonly #reader: PictureReader;
  readonly #showLog: () => void;
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registrations: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(reader: PictureReader, showLog: () => void) {
    this.#reader = reader;
    this.#showLog = showLog;
    this.#registrations = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    );
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  /**
   * Shows the recipe of the first picture of the call.
   *
   * @returns the document's `Uri`; undefined where there is no recipe to show, which the user is told unless
   *   `confirm` is false
   */
  async show({ uris: [picture], options }: Call): Promise<vscode.Uri | undefined> {
    if (picture === undefined) {
      return undefined;
    }
    try {
      const shown = await this.#read(picture);
      const uri = picture.with({ scheme, path: `${picture.path}.recipe.md` });
      this.#shown.set(uri.toString(), shown);
      this.#changed.fire(uri);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: true });
      return uri;
    } catch (error) {
      const failure = asFailure(error);
      if (options.confirm !== false && failure.code === "invalidRecipe") {
        void vscode.window.showInformationMessage(failure.message);
      } else if (options.confirm !== false) {
        reportFailures(
          [{ source: { name: vscode.workspace.asRelativePath(picture) }, failure }],
          1,
          this.#showLog,
        );
      }
      return undefined;
    }
  }

  async #read(picture: vscode.Uri): Promise<Shown> {
    const provenance = await provenanceOf(picture, this.#reader);
    const ancestors = await lineage(picture.fsPath, provenance, this.#reader);
    const text = recipeDocument({
      name: nameOf(picture),
      provenance,
      ancestors,
      short: (path) => vscode.workspace.asRelativePath(path),
    });
    const [nearest] = ancestors;
    const path = nearest !== undefined && isThere(nearest) ? nearest.path : undefined;
    return { text, picture, provenance, source: path === undefined ? undefined : vscode.Uri.file(path) };
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.#shown.get(uri.toString())?.text;
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const shown = this.#shown.get(uri.toString());
    if (shown === undefined) {
      return [];
    }
    const { picture, provenance, source } = shown;
    const { recipe } = provenance;
    const commands: vscode.Command[] = [];
    if (recipe !== null) {
      commands.push(
        { title: "Remix Again", command: "imageRemix.remixAgain", arguments: [picture] },
        {
          title: "Save as Preset…",
          command: "imageRemix.saveAsPreset",
          arguments: [picture, undefined, { recipe }],
        },
      );
    }
    if (recipe !== null && source !== undefined) {
      commands.push({
        title: "Use in Panel",
        command: "imageRemix.addToPanel",
        arguments: [source, undefined, { recipe }],
      });
    }
    commands.push({ title: "Open Picture", command: "vscode.open", arguments: [picture] });
    if (source !== undefined) {
      const title = `${nameOf(source)} ↔ ${nameOf(picture)}`;
      commands.push({
        title: "Compare with Source",
        command: "vscode.diff",
        arguments: [source, picture, title],
      });
    }
    return commands.map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
  }
}

/**
 * What a command about finished pictures was called with, or the user then chose.
 *
 * @param title of the picker
 * @throws TypeError for options that do not exist, and for a first argument that is not a `Uri`
 */
export async function readPictureCall(
  title: string,
  uri?: unknown,
  selected?: unknown,
  written?: unknown,
): Promise<Call> {
  const options = parseCallOptions(written);
  const words = { title, openLabel: title };
  if (uri !== undefined && !(uri instanceof vscode.Uri)) {
    throw new TypeError("Image Remix takes a Uri as its first argument");
  }
  return { uris: await chosenUris(uri, selected, options.confirm !== false, words), options };
}

/**
 * Where a picture says that it came from.
 *
 * @throws RemixFailure for one that says nothing of the kind, cannot be read, or may not be
 */
export async function provenanceOf(picture: vscode.Uri, reader: PictureReader): Promise<Provenance> {
  if (!vscode.workspace.isTrusted) {
    throw new RemixFailure("untrusted", "Pictures are read in trusted workspaces only.");
  }
  if (picture.scheme !== "file") {
    throw new RemixFailure("notAnImage", `${picture.toString(true)} is not a file on disk.`);
  }
  const { provenance } = await reader.read(picture.fsPath);
  if (provenance === undefined) {
    const message = `${nameOf(picture)} carries no recipe: it was not made by Image Remix, or its metadata was removed.`;
    throw new RemixFailure("invalidRecipe", message);
  }
  return provenance;
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
