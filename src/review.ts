import type { LogOutputChannel } from "vscode";
import type { ReadOnlyDocuments } from "./editor/readOnlyDocuments.ts";
import { Review } from "./editor/review.ts";
import type { Provenance } from "./engine/provenance.ts";
import { notingReplacements } from "./engine/savedPlaces.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { BinFolder } from "./platform/bin.ts";
import { clock } from "./platform/clock.ts";
import { nodeFiles } from "./platform/files.ts";
import type { HistoryFile } from "./platform/historyFile.ts";
import type { PendingFiles } from "./platform/pendingFiles.ts";
import { fileReplacer } from "./platform/replacedFiles.ts";
import { sourceFile } from "./platform/sourceFiles.ts";
import type { WorkerThread } from "./platform/workerThread.ts";

/** What deciding over results needs of the rest of the extension. */
interface Needed {
  /** Absolute path of the extension's own folder. */
  readonly storage: string;
  readonly pending: PendingFiles;
  readonly history: HistoryFile;
  readonly results: ConstructorParameters<typeof Review>[0]["results"];
  readonly worker: WorkerThread<ImageWorkerMethods>;
  readonly provenanceOf: (bytes: Uint8Array) => Promise<Provenance | undefined>;
  readonly log: LogOutputChannel;
  readonly documents: ReadOnlyDocuments;
  /** Aborted when the window closes. */
  readonly signal: AbortSignal;
}

/** Puts together what replaces sources and throws results away, and takes both back. */
export function newReview({ storage, pending, history, worker, signal, ...parts }: Needed): Review {
  return new Review({
    ...parts,
    bin: new BinFolder(storage, nodeFiles, pending, clock.now),
    files: notingReplacements(fileReplacer(pending), history, (message) => parts.log.warn(message)),
    inspect: (bytes) => worker.call("inspect", [bytes], signal),
    convert: (...args) => worker.call("convert", args, signal),
    toSource: sourceFile,
    now: clock.now,
  });
}
