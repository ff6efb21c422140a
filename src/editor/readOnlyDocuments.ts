import * as vscode from "vscode";

/** Something that a line of buttons at the top of a document does. */
export interface Button {
  readonly title: string;
  readonly press: () => unknown;
}

interface Shown {
  readonly text: string;
  readonly buttons: readonly Button[];
  readonly onClosed: () => void;
  readonly links: readonly vscode.Uri[];
}

/** Belongs to no menu: the buttons of these documents call it. */
const pressCommand = "_imageRemix.pressButton";

/** Documents that are read, with buttons in their first line: plans, spending. */
export class ReadOnlyDocuments
  implements
    vscode.TextDocumentContentProvider,
    vscode.CodeLensProvider,
    vscode.DocumentLinkProvider,
    vscode.Disposable
{
  readonly #scheme = "image-remix";
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #registrations: vscode.Disposable;
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;

  constructor() {
    const scheme = this.#scheme;
    this.#registrations = vscode.Disposable.from(
      this.#changed,
      this.#lensesChanged,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
      vscode.languages.registerDocumentLinkProvider({ scheme }, this),
      vscode.commands.registerCommand(pressCommand, (document: unknown, title: unknown) => {
        this.#shown
          .get(String(document))
          ?.buttons.find((button) => button.title === title)
          ?.press();
      }),
      // A text document outlives its tab; who closes the tab has looked enough.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        // A tab that is moved to another group is closed in its own.
        const left = new Set(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(documentOf)));
        for (const document of closed.flatMap(documentOf)) {
          if (!left.has(document)) {
            this.#shown.get(document)?.onClosed();
          }
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    );
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  /**
   * Shows a document; one of the same name becomes this one.
   *
   * @param name of the document, without extension; may hold slashes
   * @param text Markdown
   * @param onClosed is called when its tab is closed
   * @param links where the first cells of the rows lead that begin with code, in their order
   */
  async show(
    name: string,
    text: string,
    buttons: readonly Button[],
    {
      onClosed = () => undefined,
      links = [],
    }: { readonly onClosed?: () => void; readonly links?: readonly vscode.Uri[] } = {},
  ): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: this.#scheme, path: `/${name}.md` });
    this.#set(uri, { text, buttons, onClosed, links });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
    return uri;
  }

  /** Takes the buttons away from a document: what they offered is over. */
  settle(uri: vscode.Uri): void {
    const shown = this.#shown.get(uri.toString());
    if (shown !== undefined) {
      this.#set(uri, { ...shown, buttons: [], onClosed: () => undefined });
    }
  }

  #set(uri: vscode.Uri, shown: Shown): void {
    this.#shown.set(uri.toString(), shown);
    this.#changed.fire(uri);
    this.#lensesChanged.fire();
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.#shown.get(uri.toString())?.text;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const { links = [] } = this.#shown.get(document.uri.toString()) ?? {};
    const cells = links.length === 0 ? [] : Array.from(document.getText().matchAll(firstCell));
    return cells.map((cell, index) => {
      const start = document.positionAt(cell.index);
      return new vscode.DocumentLink(
        new vscode.Range(start, start.translate(0, cell[0].length)),
        links[index],
      );
    });
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const document = uri.toString();
    const buttons = this.#shown.get(document)?.buttons ?? [];
    return buttons.map(({ title }) => {
      const command = { title, command: pressCommand, arguments: [document, title] };
      return new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command);
    });
  }
}

/** Code in the first cell of a table's row. A bar inside a cell is escaped. */
const firstCell = /(?<=^\| )`(?:\\\||[^|\n])*`(?= *\|)/gm;

/** The text document that a tab shows; none where it shows something else. */
function documentOf({ input }: vscode.Tab): readonly string[] {
  return input instanceof vscode.TabInputText ? [input.uri.toString()] : [];
}

let documents = 0;

/**
 * The name of a document of its own: what somebody reads, or has agreed to, must not change.
 *
 * @param about what the reader calls its subject
 */
export function documentName(kind: string, about: string): string {
  documents += 1;
  return `${documents}/${kind} ${about.replaceAll(/[\\/]/g, "∕").slice(0, 60)}`;
}
