import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { type ExtensionContext, type Tab, Uri, type WebviewPanel, window, workspace } from "vscode";
import { clearApiKey, setApiKey } from "./editor/apiKey.ts";
import type { CommandHandlers } from "./editor/commandTable.ts";
import { findByName } from "./editor/findByName.ts";
import { KeptPictures } from "./editor/keptPictures.ts";
import { Originals } from "./editor/originals.ts";
import { addToPanel, openPanel, restorePanel, revivePanel } from "./editor/panel/panelCommands.ts";
import type { RemixPanel } from "./editor/panel/remixPanel.ts";
import { ReadOnlyDocuments } from "./editor/readOnlyDocuments.ts";
import { Recovery } from "./editor/recoverPending.ts";
import type { FolderMode } from "./editor/remixFolder.ts";
import { type RemixParts, readCall, remixImage } from "./editor/remixImage.ts";
import { watchPauses } from "./editor/runBatch.ts";
import { caps, concurrencyNow, currentDelivery, serviceSettings } from "./editor/settings.ts";
import { statusBar } from "./editor/statusBar.ts";
import { UploadMemory } from "./editor/uploadMemory.ts";
import { Jobs } from "./engine/jobs.ts";
import { bookkeeping } from "./engine/ledger.ts";
import { Pace } from "./engine/pace.ts";
import type { SourceInspector } from "./engine/ports.ts";
import { notingPlaces } from "./engine/savedPlaces.ts";
import type { SavingParts } from "./engine/saving.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { recoverLeftovers } from "./leftovers.ts";
import { once } from "./once.ts";
import { ClaimFiles } from "./platform/claims.ts";
import { clock } from "./platform/clock.ts";
import { nodeFiles } from "./platform/files.ts";
import { HistoryFile } from "./platform/historyFile.ts";
import { JournalFolder } from "./platform/journalFolder.ts";
import { Leases } from "./platform/leases.ts";
import { LedgerFile } from "./platform/ledgerFile.ts";
import { pictureReader } from "./platform/metadata/pictureReader.ts";
import { PendingFiles } from "./platform/pendingFiles.ts";
import { keptFolder, resultWriter } from "./platform/resultFiles.ts";
import { canonicalPath, sourceFile } from "./platform/sourceFiles.ts";
import { readStyleReference, recipeHashOf } from "./platform/styleReferences.ts";
import { WorkerThread } from "./platform/workerThread.ts";
import { localProvider } from "./providers/local/provider.ts";
import { resultFinisher } from "./resultFinisher.ts";
import { runwareService } from "./runwareService.ts";

/** The extension, once something of it is needed. */
export interface App {
  readonly commands: CommandHandlers;
  /** Fills a panel's tab that VS Code brought back. */
  restorePanel(tab: WebviewPanel): Promise<void>;
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
  const folders = once(async () => {
    const { folderParts } = await import("./folders.ts");
    return folderParts({ ...parts, documents, history, journal, worker, storage });
  });
  const shown: { dispose(): unknown }[] = [statusBar(jobs, ledger), watchPauses(jobs, log), documents];
  const review = once(async () => {
    const { newReview } = await import("./review.ts");
    const { results } = saving;
    const { signal } = closing;
    const made = newReview({
      storage,
      pending,
      history,
      results,
      worker,
      provenanceOf,
      log,
      documents,
      signal,
    });
    shown.push(made);
    return made;
  });
  const recipes = once(async () => {
    const { RecipeDocuments } = await import("./editor/showRecipe.ts");
    const made = new RecipeDocuments(pictures, () => log.show());
    shown.push(made);
    return made;
  });
  const panel = once(async () => {
    const { newPanel } = await import("./panel.ts");
    openedPanel = newPanel({
      context: { extensionUri, globalStorageUri, secrets, workspaceState },
      log,
      jobs,
      ledger,
      recovery,
      kept,
      review: await review(),
      sources,
      pictures,
      planning: (await folders()).planning,
      signal: closing.signal,
    });
    return openedPanel;
  });
  const overFolders =
    (title: string, mode: FolderMode) =>
    async (...args: readonly unknown[]) => {
      const { readFolderCall, remixFolder } = await import("./editor/remixFolder.ts");
      return remixFolder(await folders(), await readFolderCall(title, ...args), mode);
    };
  return {
    restorePanel: (tab) => restorePanel(panel, tab),
    hasPanel: () => openedPanel?.isOpen === true,
    revivePanel: (dead) => revivePanel(panel, dead),
    commands: {
      openPanel: () => openPanel(panel),
      addToPanel: (uri, selected, options) => addToPanel(panel, uri, selected, options),
      remixImage: async (uri, selected, options) => remixImage(parts, await readCall(uri, selected, options)),
      remixFolder: overFolders("Remix Folder", { onlyOutdated: false }),
      remixOutdated: overFolders("Remix Images Without an Up-to-Date Result", { onlyOutdated: true }),
      remixWithPreset: async (uri, selected, options) => {
        const { remixWithPreset } = await import("./editor/remixWithPreset.ts");
        return remixWithPreset(parts, await readCall(uri, selected, options));
      },
      remixAgain: async (...args) => {
        const { readPictureCall } = await import("./editor/showRecipe.ts");
        const { remixAgain } = await import("./editor/remixAgain.ts");
        return remixAgain(parts, pictures, await readPictureCall("Remix Again", ...args));
      },
      showRecipe: async (...args) => {
        const { readPictureCall } = await import("./editor/showRecipe.ts");
        return (await recipes()).show(await readPictureCall("Show Recipe", ...args));
      },
      auditPictures: async (...args) => {
        const { readFolderCall } = await import("./editor/remixFolder.ts");
        const { auditPictures } = await import("./editor/auditPictures.ts");
        const { planning } = await folders();
        const inspect = (file: string, signal: AbortSignal) => worker.call("auditPicture", [file], signal);
        return auditPictures(
          { ...parts, ...planning, ...pictures, documents, history, inspect },
          await readFolderCall("Audit AI Pictures", ...args),
        );
      },
      undoReplace: async (...args) => {
        const { readUndoCall, undoReplace } = await import("./editor/undoReplace.ts");
        return undoReplace(await review(), readUndoCall(...args));
      },
      saveAsPreset: async (...args) => (await import("./editor/saveAsPreset.ts")).saveAsPreset(...args),
      setApiKey: () => setApiKey(secrets, service.testKey).finally(() => uploads.forget()),
      clearApiKey: () => clearApiKey(secrets).finally(() => uploads.forget()),
      cancelAll: async () => jobs.cancelAll(),
      resumePending: () => recovery.resume(),
      showSpending: async () => (await import("./editor/spending.ts")).showSpending(ledger, documents),
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
      openedPanel?.dispose();
      // Half of the time that VS Code gives: what is being saved needs the worker, and must not be taken over meanwhile.
      await Promise.race([ended, setTimeout(2500, undefined, { ref: false })]);
      await Promise.all([leases.release(), worker.end()]);
      log.dispose();
    },
  };
}
