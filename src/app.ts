import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { type ExtensionContext, type Tab, Uri, type WebviewPanel, window, workspace } from "vscode";
import { clearApiKey, setApiKey } from "./editor/apiKey.ts";
import { auditPictures } from "./editor/auditPictures.ts";
import type { CommandHandlers } from "./editor/commandTable.ts";
import { findByName } from "./editor/findByName.ts";
import { KeptPictures } from "./editor/keptPictures.ts";
import { Originals } from "./editor/originals.ts";
import { addToPanel, openPanel, restorePanel, revivePanel } from "./editor/panel/panelCommands.ts";
import type { RemixPanel } from "./editor/panel/remixPanel.ts";
import { ReadOnlyDocuments } from "./editor/readOnlyDocuments.ts";
import { Recovery } from "./editor/recoverPending.ts";
import { remixAgain } from "./editor/remixAgain.ts";
import { type FolderParts, readFolderCall, remixFolder } from "./editor/remixFolder.ts";
import { type RemixParts, readCall, remixImage } from "./editor/remixImage.ts";
import { remixWithPreset } from "./editor/remixWithPreset.ts";
import { Review } from "./editor/review.ts";
import { watchPauses } from "./editor/runBatch.ts";
import { saveAsPreset } from "./editor/saveAsPreset.ts";
import { caps, concurrencyNow, currentDelivery, serviceSettings } from "./editor/settings.ts";
import { RecipeDocuments, readPictureCall } from "./editor/showRecipe.ts";
import { showSpending } from "./editor/spending.ts";
import { statusBar } from "./editor/statusBar.ts";
import { readUndoCall, undoReplace } from "./editor/undoReplace.ts";
import { UploadMemory } from "./editor/uploadMemory.ts";
import { Jobs } from "./engine/jobs.ts";
import { bookkeeping } from "./engine/ledger.ts";
import { Pace } from "./engine/pace.ts";
import type { SourceInspector } from "./engine/ports.ts";
import { notingPlaces, notingReplacements } from "./engine/savedPlaces.ts";
import type { SavingParts } from "./engine/saving.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { recoverLeftovers } from "./leftovers.ts";
import { newPanel, type PanelParts } from "./panel.ts";
import { BinFolder } from "./platform/bin.ts";
import { ClaimFiles } from "./platform/claims.ts";
import { clock } from "./platform/clock.ts";
import { nodeFiles } from "./platform/files.ts";
import { folderWalker } from "./platform/folderWalk.ts";
import { HistoryFile } from "./platform/historyFile.ts";
import { JournalFolder } from "./platform/journalFolder.ts";
import { Leases } from "./platform/leases.ts";
import { LedgerFile } from "./platform/ledgerFile.ts";
import { pictureReader } from "./platform/metadata/pictureReader.ts";
import { entriesOf, placeOf } from "./platform/outputPlaces.ts";
import { PendingFiles } from "./platform/pendingFiles.ts";
import { fileReplacer } from "./platform/replacedFiles.ts";
import { keptFolder, resultWriter } from "./platform/resultFiles.ts";
import { canonicalPath, sourceFile } from "./platform/sourceFiles.ts";
import { readStyleReference, recipeHashOf, styleReferenceHash } from "./platform/styleReferences.ts";
import { WorkerThread } from "./platform/workerThread.ts";
import { localProvider } from "./providers/local/provider.ts";
import { resultFinisher } from "./resultFinisher.ts";
import { runwareService } from "./runwareService.ts";

/** The extension, once something of it is needed. */
export interface App {
  readonly commands: CommandHandlers;
  /** Fills a panel's tab that VS Code brought back. */
  restorePanel(tab: WebviewPanel): void;
  /** Whether a tab of the panel is filled. */
  hasPanel(): boolean;
  /** Puts a panel in the place of a tab that a dead extension host has left. */
  revivePanel(dead: Tab): Promise<void>;
  /** Brings to an end what windows that died left behind. */
  recover(): Promise<void>;
  dispose(): Promise<void>;
}

/** Puts the parts together. Nothing is started: the image worker comes with the first picture. */
export function createApp({
  extensionPath,
  globalState,
  extensionUri,
  globalStorageUri,
  secrets,
  workspaceState,
}: ExtensionContext): App {
  const log = window.createOutputChannel("Image Remix", { log: true });
  const worker = new WorkerThread<ImageWorkerMethods>(path.join(extensionPath, "dist", "imageWorker.cjs"));
  const storage = globalStorageUri.fsPath;
  const leases = new Leases(storage, nodeFiles);
  const journal = new JournalFolder(storage, nodeFiles, leases);
  const claims = new ClaimFiles(storage, nodeFiles, leases);
  const ledger = new LedgerFile(storage, nodeFiles);
  const history = new HistoryFile(storage, nodeFiles);
  const pending = new PendingFiles(storage);
  const closing = new AbortController();
  const provenanceOf = (bytes: Uint8Array) => worker.call("readProvenance", [bytes], closing.signal);
  const saving = {
    results: notingPlaces(resultWriter(pending, storage), history, (message) => log.warn(message)),
    journal,
    finish: resultFinisher({
      worker,
      model: () => serviceSettings().model,
      recipeHashOf,
      remember: (result) => history.add(result),
      now: clock.now,
    }),
    warn: (message: string) => log.warn(message),
    now: clock.now,
  } satisfies SavingParts;
  const sources: SourceInspector = {
    inspect: ({ path }, signal) => worker.call("inspectSource", [path], signal),
    detailOf: ({ path: file }, sha256, signal) => worker.call("detailOfSource", [{ file, sha256 }], signal),
  };
  const pace = new Pace(concurrencyNow);
  const jobs = new Jobs({
    ...saving,
    sources,
    newUUID: randomUUID,
    claims,
    history,
    recipeHashOf,
    canonicalPath: canonicalPath(nodeFiles),
    openTasks: () => journal.allOpenTasks(),
    clock,
    concurrency: () => pace.limit,
  });
  const books = bookkeeping({
    journal,
    ledger,
    openTasks: () => journal.allOpenTasks(),
    caps,
    now: clock.now,
  });
  const uploads = new UploadMemory(globalState);
  const service = runwareService({ secrets, log, worker, journal: jobs.watched(books), uploads, pace });
  const local = localProvider(
    ({ source: { path: file }, sourceSha256: sha256 }, job, signal) =>
      worker.call("renderLocal", [{ file, sha256 }, job], signal),
    (reference, task) => readStyleReference(reference, task.referenceBase),
  );
  const kept = new KeptPictures({
    results: saving.results,
    folder: Uri.file(keptFolder(storage)),
    log,
  });
  const recovery = new Recovery({
    kept,
    recovery: {
      ...saving,
      ledger,
      toSource: sourceFile,
      currentRecipe: currentDelivery,
      provider: service.provider,
      provenanceOf,
    },
    jobs,
    journal,
    provider: service.provider,
    log,
    signal: closing.signal,
  });
  const quietly = (work: Promise<void>) => {
    void work.catch((error: unknown) => log.error(`Could not resume what is pending: ${String(error)}`));
  };
  const pictures = pictureReader({
    factsOf: (file) => worker.call("pictureFacts", [file], closing.signal),
    roots: () => (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
    findByName,
  });
  let openedPanel: RemixPanel | undefined;
  const parts: RemixParts = {
    jobs,
    ledger,
    provider: async (id) => (id === "local" ? local : service.provider()),
    toSource: sourceFile,
    originals: new Originals(pictures, sourceFile),
    memory: workspaceState,
    kept,
    log,
    collectLater: () => quietly(recovery.later()),
    isWatched: () => openedPanel?.isWatching === true,
  };
  const documents = new ReadOnlyDocuments();
  const folders: FolderParts = {
    ...parts,
    documents,
    planning: {
      walker: folderWalker(),
      history,
      openTasks: () => journal.allOpenTasks(),
      toSource: sourceFile,
      canonicalPath: canonicalPath(nodeFiles),
      survey: (file) => worker.call("surveyPicture", [file], new AbortController().signal),
      entries: entriesOf,
      kept: () => entriesOf(keptFolder(storage)),
      place: placeOf,
      referenceHash: styleReferenceHash,
    },
  };
  const shown: { dispose(): unknown }[] = [statusBar(jobs, ledger), watchPauses(jobs, log), documents];
  const review = new Review({
    bin: new BinFolder(storage, nodeFiles, pending, clock.now),
    files: notingReplacements(fileReplacer(pending), history, (message) => log.warn(message)),
    results: saving.results,
    inspect: (bytes) => worker.call("inspect", [bytes], closing.signal),
    convert: (...args) => worker.call("convert", args, closing.signal),
    provenanceOf,
    toSource: sourceFile,
    now: clock.now,
    log,
    documents,
  });
  const recipes = new RecipeDocuments(pictures, () => log.show());
  const panelParts: PanelParts = {
    context: { extensionUri, globalStorageUri, secrets, workspaceState },
    log,
    jobs,
    ledger,
    recovery,
    kept,
    review,
    sources,
    pictures,
    planning: folders.planning,
    signal: closing.signal,
  };
  const panel = () => {
    openedPanel ??= newPanel(panelParts);
    return openedPanel;
  };
  return {
    restorePanel: (tab) => restorePanel(panel, tab),
    hasPanel: () => openedPanel?.isOpen === true,
    revivePanel: (dead) => revivePanel(panel, dead),
    commands: {
      openPanel: () => openPanel(panel),
      addToPanel: (uri, selected, options) => addToPanel(panel, uri, selected, options),
      remixImage: async (uri, selected, options) => remixImage(parts, await readCall(uri, selected, options)),
      remixFolder: async (...args) =>
        remixFolder(folders, await readFolderCall("Remix Folder", ...args), { onlyOutdated: false }),
      remixOutdated: async (...args) =>
        remixFolder(folders, await readFolderCall("Remix Images Without an Up-to-Date Result", ...args), {
          onlyOutdated: true,
        }),
      remixWithPreset: async (uri, selected, options) =>
        remixWithPreset(parts, await readCall(uri, selected, options)),
      remixAgain: async (...args) =>
        remixAgain(parts, pictures, await readPictureCall("Remix Again", ...args)),
      showRecipe: async (...args) => recipes.show(await readPictureCall("Show Recipe", ...args)),
      auditPictures: async (...args) =>
        auditPictures(
          {
            ...folders,
            ...folders.planning,
            ...pictures,
            history,
            inspect: (file, signal) => worker.call("auditPicture", [file], signal),
          },
          await readFolderCall("Audit AI Pictures", ...args),
        ),
      undoReplace: async (...args) => undoReplace(review, readUndoCall(...args)),
      saveAsPreset,
      setApiKey: () => setApiKey(secrets, service.testKey).finally(() => uploads.forget()),
      clearApiKey: () => clearApiKey(secrets).finally(() => uploads.forget()),
      cancelAll: async () => jobs.cancelAll(),
      resumePending: () => recovery.resume(),
      showSpending: () => showSpending(ledger, documents),
      showLog: async () => log.show(),
    },
    async recover() {
      if (!workspace.isTrusted) {
        // Nothing is fetched or written in a window that is not trusted.
        shown.push(workspace.onDidGrantWorkspaceTrust(() => void this.recover()));
        return;
      }
      const { signal } = closing;
      await recoverLeftovers({ recovery, pending, journal, claims, clock, log, signal });
    },
    async dispose() {
      closing.abort();
      const ended = jobs.dispose();
      for (const item of shown) {
        item.dispose();
      }
      recipes.dispose();
      openedPanel?.dispose();
      review.dispose();
      // Half of the time that VS Code gives: what is being saved needs the worker, and must not be taken over meanwhile.
      await Promise.race([ended, setTimeout(2500, undefined, { ref: false })]);
      await Promise.all([leases.release(), worker.end()]);
      log.dispose();
    },
  };
}
