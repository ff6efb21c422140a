import { randomUUID } from "node:crypto";
import path from "node:path";
import { type ExtensionContext, window } from "vscode";
import { clearApiKey, setApiKey } from "./editor/apiKey.ts";
import type { CommandHandlers } from "./editor/commandTable.ts";
import { type RemixParts, readCall, remixImage } from "./editor/remixImage.ts";
import { remixWithPreset } from "./editor/remixWithPreset.ts";
import { saveAsPreset } from "./editor/saveAsPreset.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { PendingFiles } from "./platform/pendingFiles.ts";
import { resultWriter } from "./platform/resultFiles.ts";
import { sourceFile, sourceReader } from "./platform/sourceFiles.ts";
import { readStyleReference } from "./platform/styleReferences.ts";
import { WorkerThread } from "./platform/workerThread.ts";
import { localProvider } from "./providers/local/provider.ts";
import { runwareService } from "./runwareService.ts";

/** The extension, once something of it is needed. */
export interface App {
  readonly commands: CommandHandlers;
  /** Clears away what windows that died left behind. */
  recover(): Promise<void>;
  dispose(): Promise<void>;
}

/** Puts the parts together. Nothing is started: the image worker comes with the first picture. */
export function createApp({
  extensionPath,
  globalStorageUri,
  secrets,
  workspaceState,
}: ExtensionContext): App {
  const log = window.createOutputChannel("Image Remix", { log: true });
  const worker = new WorkerThread<ImageWorkerMethods>(path.join(extensionPath, "dist", "imageWorker.cjs"));
  const storage = globalStorageUri.fsPath;
  const pending = new PendingFiles(storage);
  const service = runwareService({ storage, secrets, log, worker });
  const local = localProvider(
    (job, signal) => worker.call("renderLocal", [job], signal),
    (reference, task) => readStyleReference(reference, task.referenceBase),
  );
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
  return {
    commands: {
      remixImage: async (uri, selected, options) => remixImage(parts, await readCall(uri, selected, options)),
      remixWithPreset: async (uri, selected, options) =>
        remixWithPreset(parts, await readCall(uri, selected, options)),
      saveAsPreset,
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
      log.dispose();
      await worker.end();
    },
  };
}
