import { randomUUID } from "node:crypto";
import path from "node:path";
import { type ExtensionContext, type WebviewPanel, window } from "vscode";
import { apiKey, clearApiKey, setApiKey } from "./editor/apiKey.ts";
import type { CommandHandlers } from "./editor/commandTable.ts";
import { CommandServices } from "./editor/panel/commandServices.ts";
import { addToPanel, openPanel, restorePanel } from "./editor/panel/panelCommands.ts";
import { RemixPanel } from "./editor/panel/remixPanel.ts";
import { type RemixParts, readCall, remixImage } from "./editor/remixImage.ts";
import { remixWithPreset } from "./editor/remixWithPreset.ts";
import { saveAsPreset } from "./editor/saveAsPreset.ts";
import { serviceSettings } from "./editor/settings.ts";
import { failureOf } from "./engine/failure.ts";
import { refuseImpostors } from "./engine/sniff.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { PendingFiles } from "./platform/pendingFiles.ts";
import { resultWriter } from "./platform/resultFiles.ts";
import { sourceFile, sourceReader } from "./platform/sourceFiles.ts";
import { WorkerThread } from "./platform/workerThread.ts";
import { localProvider } from "./providers/local/provider.ts";
import { runwareService } from "./runwareService.ts";

/** The extension, once something of it is needed. */
export interface App {
  readonly commands: CommandHandlers;
  /** Fills a panel's tab that VS Code brought back. */
  restorePanel(tab: WebviewPanel): void;
  /** Clears away what windows that died left behind. */
  recover(): Promise<void>;
  dispose(): Promise<void>;
}

/** Puts the parts together. Nothing is started: the image worker comes with the first picture. */
export function createApp({
  extensionPath,
  extensionUri,
  globalStorageUri,
  secrets,
  workspaceState,
}: ExtensionContext): App {
  const log = window.createOutputChannel("Image Remix", { log: true });
  const worker = new WorkerThread<ImageWorkerMethods>(path.join(extensionPath, "dist", "imageWorker.cjs"));
  const storage = globalStorageUri.fsPath;
  const pending = new PendingFiles(storage);
  const service = runwareService({ storage, secrets, log, worker });
  const local = localProvider((job, signal) => worker.call("renderLocal", [job], signal));
  const parts: RemixParts = {
    machine: {
      sources: sourceReader,
      images: { inspect: (bytes, signal) => worker.call("inspect", [bytes], signal) },
      results: resultWriter(pending, storage),
      newUUID: randomUUID,
    },
    provider: async (id) => (id === "local" ? local : service.provider()),
    toSource: sourceFile,
    memory: workspaceState,
    log,
  };
  let openedPanel: RemixPanel | undefined;
  const panel = () => {
    openedPanel ??= new RemixPanel(
      { extensionUri, workspaceState, log },
      new CommandServices({
        toSource: sourceFile,
        async inspect(source) {
          const { signal } = new AbortController();
          const bytes = await sourceReader.read(source, signal);
          refuseImpostors(bytes, source.name);
          return worker.call("inspect", [bytes], signal).catch((error: unknown) => {
            throw failureOf(source.name, error);
          });
        },
        hasKey: async () => (await apiKey(secrets, serviceSettings().endpoint)) !== undefined,
        onDidChangeKey: (listener) => secrets.onDidChange(listener),
      }),
    );
    return openedPanel;
  };
  return {
    restorePanel: (tab) => restorePanel(panel, tab),
    commands: {
      openPanel: () => openPanel(panel),
      addToPanel: (uri, selected) => addToPanel(panel, uri, selected),
      remixImage: async (uri, selected, options) => remixImage(parts, await readCall(uri, selected, options)),
      remixWithPreset: async (uri, selected, options) =>
        remixWithPreset(parts, await readCall(uri, selected, options)),
      saveAsPreset: () => saveAsPreset(),
      setApiKey: () => setApiKey(secrets, service.testKey),
      clearApiKey: () => clearApiKey(secrets),
      showLog: async () => log.show(),
    },
    async recover() {
      try {
        for (const file of await pending.sweep()) {
          log.info(`Removed ${file}, which an earlier window left unfinished.`);
        }
      } catch (error) {
        log.error(`Could not clear away what an earlier window left: ${String(error)}`);
      }
    },
    async dispose() {
      openedPanel?.dispose();
      log.dispose();
      await worker.end();
    },
  };
}
