import type { ReadOnlyDocuments } from "./editor/readOnlyDocuments.ts";
import type { FolderParts } from "./editor/remixFolder.ts";
import type { RemixParts } from "./editor/remixImage.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { nodeFiles } from "./platform/files.ts";
import { folderWalker } from "./platform/folderWalk.ts";
import type { HistoryFile } from "./platform/historyFile.ts";
import type { JournalFolder } from "./platform/journalFolder.ts";
import { entriesOf, placeOf } from "./platform/outputPlaces.ts";
import { keptFolder } from "./platform/resultFiles.ts";
import { canonicalPath, sourceFile } from "./platform/sourceFiles.ts";
import { styleReferenceHash } from "./platform/styleReferences.ts";
import type { WorkerThread } from "./platform/workerThread.ts";

/** What the commands about folders need of the rest of the extension. */
interface Needed extends RemixParts {
  readonly documents: ReadOnlyDocuments;
  readonly history: HistoryFile;
  readonly journal: JournalFolder;
  readonly worker: WorkerThread<ImageWorkerMethods>;
  /** Absolute path of the extension's own folder. */
  readonly storage: string;
}

/** Puts together what looks through folders and plans what to remix in them. */
export function folderParts({ history, journal, worker, storage, ...parts }: Needed): FolderParts {
  return {
    ...parts,
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
}
