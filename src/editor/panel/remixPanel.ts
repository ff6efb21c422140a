import * as vscode from "vscode";
import { asFailure } from "../../engine/failure.ts";
import type { SettingsLayer } from "../../engine/resolve.ts";
import type { Unnumbered } from "../../protocol/endpoint.ts";
import type { PanelRequest } from "../../protocol/requests.ts";
import type { Snapshot } from "../../protocol/snapshot.ts";
import { sortSelection } from "../sources.ts";
import { type ComposeFacts, composeView, type KnownSource } from "./composeView.ts";
import { panelTabs } from "./deadTabs.ts";
import { type Draft, draftNotices, emptyDraft, readDraft, withSources } from "./draft.ts";
import { FolderSettings } from "./folderSettings.ts";
import { PanelPage } from "./panelPage.ts";
import { Pushes } from "./pushes.ts";
import { handleRequest } from "./requestHandlers.ts";
import { groupViews, historyViews, runView, type Showing } from "./resultsView.ts";
import type { PanelServices, RemixOrder } from "./services.ts";
import { SourceFacts } from "./sourceFacts.ts";
import { panelViewType } from "./viewType.ts";

const draftKey = "panel.draft";

/** What the panel needs from the extension's context. */
export interface PanelContext {
  readonly extensionUri: vscode.Uri;
  readonly workspaceState: vscode.Memento;
  /** Folders of the bin and of what is kept, allowed from the start: the page is loaded anew when they change. */
  readonly kept: readonly vscode.Uri[];
  readonly log: vscode.LogOutputChannel;
}

/** The panel of a window: at most one tab, and a draft that stays when the tab is closed. */
export class RemixPanel {
  readonly services: PanelServices;
  readonly log: vscode.LogOutputChannel;
  readonly #context: PanelContext;
  readonly #facts: SourceFacts;
  readonly #settings = new FolderSettings();
  readonly #disposables: vscode.Disposable[] = [];
  /** Ids that the page knows sources by, by path. */
  readonly #ids = new Map<string, string>();
  #page: PanelPage | undefined;
  #draft: Draft;
  #edit = 0;
  readonly #pushes = new Pushes(() => {
    void this.#run(async () => {
      this.#page?.allow(this.#folders());
      this.#page?.update(this.#snapshot(this.#page));
    });
  });

  constructor(context: PanelContext, services: PanelServices) {
    this.services = services;
    this.log = context.log;
    this.#context = context;
    this.#draft = readDraft(context.workspaceState.get(draftKey), (what) => context.log.warn(what));
    this.#facts = new SourceFacts(services, () => this.push());
    const watcher = vscode.workspace.createFileSystemWatcher("**/*");
    const onFile = ({ fsPath }: vscode.Uri) => {
      if (this.#ids.has(fsPath)) {
        this.#facts.forget(fsPath);
      }
    };
    this.#disposables.push(
      services.onDidChange(() => this.#pushes.inTurn()),
      this.#pushes,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("imageRemix")) {
          this.push();
        }
      }),
      this.#settings,
      watcher,
      watcher.onDidChange(onFile),
      watcher.onDidDelete(onFile),
      watcher.onDidCreate(onFile),
    );
  }

  get draft(): Draft {
    return this.#draft;
  }

  /** Whether there is a tab that this panel fills. */
  get isOpen(): boolean {
    return this.#page !== undefined;
  }

  /** Whether whoever looks at the window sees what becomes of the newest run. */
  get isWatching(): boolean {
    const isComing = this.services.isStarting || this.#draft.view === "results";
    return isComing && this.#page?.isVisible === true;
  }

  /** Shows the panel, in a new tab where there is none. */
  open(
    place: { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus?: boolean } = {
      viewColumn: vscode.ViewColumn.Active,
    },
  ): void {
    if (this.#page !== undefined) {
      this.#page.reveal();
      return;
    }
    // One that is left of an earlier life reaches nobody, or would be a second one.
    const left = panelTabs();
    const tab = vscode.window.createWebviewPanel(panelViewType, "Image Remix", place, {
      retainContextWhenHidden: false,
    });
    void vscode.window.tabGroups.close(left, true);
    this.restore(tab);
  }

  /** Fills a tab that VS Code brought back after a reload. */
  restore(tab: vscode.WebviewPanel): void {
    const receive = (request: PanelRequest) =>
      void this.#run(async () => {
        await handleRequest(this, request);
        this.push();
      });
    const refused = (reason: string) => this.log.warn(`The panel's page asked for nothing known: ${reason}`);
    const page = new PanelPage(tab, this.#context.extensionUri, this.#folders(), receive, refused);
    this.#page?.dispose();
    this.#page = page;
    tab.onDidDispose(() => {
      page.dispose();
      if (this.#page === page) {
        this.#page = undefined;
        this.services.readHistory(false);
      }
    });
    tab.onDidChangeViewState(() => {
      if (tab.visible) {
        this.services.look();
      }
    });
    this.services.readHistory(this.#draft.view === "history");
    this.services.look();
    this.push();
  }

  /** Gives the panel the focus back that a question took. */
  focus(): void {
    if (this.#page?.isVisible === true) {
      this.#page.reveal();
    }
  }

  /** Adds pictures like `take`, and shows the panel. */
  async add(uris: readonly vscode.Uri[], recipe?: Readonly<Record<string, unknown>>): Promise<void> {
    await this.take(uris, recipe);
    this.open();
  }

  /**
   * Adds pictures, and the pictures of folders, to what will be remixed.
   *
   * @param recipe parameters by name; where it is there, these pictures and this recipe take the place of the draft
   */
  async take(uris: readonly vscode.Uri[], recipe?: Readonly<Record<string, unknown>>): Promise<void> {
    const { sources, refused } = await sortSelection(uris, this.services.toSource);
    for (const { failure } of refused) {
      void vscode.window.showWarningMessage(failure.message);
    }
    const paths = sources.map(({ path }) => path);
    const draft = withSources(this.#draft, paths);
    // A whole recipe stands for itself: no preset, and nothing of the draft, mixes in.
    const asked =
      recipe === undefined ? draft : { ...emptyDraft, sources: paths, preset: null, values: recipe };
    this.change({ ...asked, view: "compose" });
  }

  /** @param edit number of the page's edit that this follows */
  change(draft: Draft, edit?: number): void {
    if (draft.view !== this.#draft.view) {
      this.services.readHistory(draft.view === "history" && this.#page !== undefined);
    }
    this.#draft = draft;
    this.#edit = Math.max(this.#edit, edit ?? 0);
    void this.#context.workspaceState.update(draftKey, draft);
    this.push();
  }

  /** Path of a source by the id that the page knows it by. */
  pathOf(id: string): string | undefined {
    return [...this.#ids].find(([, known]) => known === id)?.[0];
  }

  order(): RemixOrder {
    const { preset, values, sources } = this.#draft;
    const good = sources.filter((path) => this.#facts.of(path).problem === null);
    return { sources: good, preset: preset === null ? "" : preset, recipe: values };
  }

  /** Settings that hold for the pictures: those of the first one's folder. */
  layers(): readonly SettingsLayer[] {
    return this.#settings.of(this.folder());
  }

  /** Settings that hold for a picture. */
  layersOf(path: string): readonly SettingsLayer[] {
    return this.#settings.of(vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path)) ?? this.folder());
  }

  /** The settings of each folder that one of the pictures lies in, read anew. */
  allLayers(): readonly (readonly SettingsLayer[])[] {
    this.#settings.forget();
    return [...new Set([this.layers(), ...this.#draft.sources.map((path) => this.layersOf(path))])];
  }

  folder(): vscode.WorkspaceFolder | undefined {
    const [first] = this.#draft.sources;
    const own = first === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(first));
    return own ?? vscode.workspace.workspaceFolders?.[0];
  }

  /** Tells the page what is now, soon. */
  push(): void {
    this.#pushes.soon();
  }

  dispose(): void {
    this.services.readHistory(false);
    this.#page?.dispose();
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }

  #snapshot(page: PanelPage): Unnumbered<Snapshot> {
    const state = this.services.state();
    const showing: Showing = {
      toSource: this.services.toSource,
      uri: (path, version) => page.uri(path, version ?? this.#facts.version(path)),
      folder: folderName,
    };
    const facts: ComposeFacts = {
      layers: this.layers(),
      preset: this.#draft.preset,
      values: this.#draft.values,
      sources: this.#draft.sources.map((path) => this.#known(path, showing)),
      edit: this.#edit,
      quote: (...asked) => this.services.quote(...asked),
    };
    return {
      type: "snapshot",
      time: Date.now(),
      view: this.#draft.view,
      service: state.service,
      compose: composeView(facts),
      run: state.run === null ? null : runView(state.run, showing),
      groups: groupViews(state.results, showing),
      undo: state.undo,
      history: historyViews(state.history, showing),
      isReadingHistory: state.isReadingHistory,
      notices: [...draftNotices(this.#draft), ...state.notices],
      texts: vscode.l10n.bundle ?? {},
    };
  }

  #known(path: string, showing: Showing): KnownSource {
    const file = this.services.toSource(path);
    const id = this.#ids.get(path) ?? `source${this.#ids.size + 1}`;
    this.#ids.set(path, id);
    const known = this.#facts.of(path);
    const layers = this.layersOf(path);
    return { ...known, id, file, layers, folder: showing.folder(file.folder), uri: showing.uri(path) };
  }

  /** The workspace's folders, and those of pictures outside of them. */
  #folders(): readonly vscode.Uri[] {
    const { run, results, history } = this.services.state();
    const paths = [
      ...this.#draft.sources,
      ...(run?.tasks ?? []).flatMap(({ source, outputs }) => [source, ...outputs]),
      ...results.flatMap(({ original, path }) => [original, path]),
      ...history.flatMap(({ pictures }) => pictures.map(({ path }) => path)),
    ];
    const folders = new Set(paths.map((path) => this.services.toSource(path).folder));
    const outside = [...folders]
      .map((folder) => vscode.Uri.file(folder))
      .filter((folder) => vscode.workspace.getWorkspaceFolder(folder) === undefined);
    const workspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    return [...workspace, ...this.#context.kept, ...outside];
  }

  async #run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log.error(`Panel: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      void vscode.window.showErrorMessage(asFailure(error).message);
    }
  }
}

function folderName(path: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
  return folder?.uri.fsPath === path ? "" : vscode.workspace.asRelativePath(path);
}
