import { type ExtensionContext, type LogOutputChannel, Uri } from "vscode";
import { apiKey } from "./editor/apiKey.ts";
import type { KeptPictures } from "./editor/keptPictures.ts";
import { FoundResults } from "./editor/panel/foundResults.ts";
import { JobServices } from "./editor/panel/jobServices.ts";
import { RemixPanel } from "./editor/panel/remixPanel.ts";
import { ResultMemory } from "./editor/panel/resultMemory.ts";
import { SessionResults } from "./editor/panel/sessionResults.ts";
import type { Recovery } from "./editor/recoverPending.ts";
import type { Review } from "./editor/review.ts";
import { serviceSettings } from "./editor/settings.ts";
import { failureOf } from "./engine/failure.ts";
import type { Jobs } from "./engine/jobs.ts";
import type { Ledger } from "./engine/ledger.ts";
import type { PlanningParts } from "./engine/planning.ts";
import type { DetailedFacts, SourceFile, SourceInspector } from "./engine/ports.ts";
import { nodeFiles } from "./platform/files.ts";
import type { pictureReader } from "./platform/metadata/pictureReader.ts";
import { sourceFile } from "./platform/sourceFiles.ts";

/** What the panel needs of the rest of the extension. */
export interface PanelParts {
  readonly context: Pick<
    ExtensionContext,
    "extensionUri" | "globalStorageUri" | "secrets" | "workspaceState"
  >;
  readonly log: LogOutputChannel;
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly recovery: Recovery;
  readonly kept: KeptPictures;
  readonly review: Review;
  readonly sources: SourceInspector;
  readonly pictures: ReturnType<typeof pictureReader>;
  readonly planning: PlanningParts;
  /** Aborted when the window closes. */
  readonly signal: AbortSignal;
}

/** Puts the panel together. It has no tab yet. */
export function newPanel(parts: PanelParts): RemixPanel {
  const { context, log, jobs, ledger, recovery, kept, review, pictures, planning } = parts;
  const { extensionUri, globalStorageUri, secrets, workspaceState } = context;
  const inspect = (source: SourceFile) => inspected(parts, source);
  const memory = new ResultMemory(workspaceState);
  const found = new FoundResults({
    ...planning,
    sourceOf: pictures.sourceOf,
    modified: async (file) => (await nodeFiles.stat(file)).mtimeMs,
    memory,
    review,
    log,
  });
  return new RemixPanel(
    { extensionUri, workspaceState, log, kept: [Uri.joinPath(globalStorageUri, "bin")] },
    new JobServices({
      jobs,
      ledger,
      results: new SessionResults({ toSource: sourceFile, inspect, review, memory, found }),
      recovery,
      kept,
      toSource: sourceFile,
      inspect,
      hasKey: async () => (await apiKey(secrets, serviceSettings().endpoint)) !== undefined,
      onDidChangeKey: (listener) => secrets.onDidChange(listener),
    }),
  );
}

/** @throws RemixFailure naming the file */
async function inspected({ sources, signal }: PanelParts, source: SourceFile): Promise<DetailedFacts> {
  try {
    const { sha256, ...facts } = await sources.inspect(source, signal);
    // The panel shows the crop that will be made, which goes by this.
    return { ...facts, detail: await sources.detailOf(source, sha256, signal) };
  } catch (error) {
    throw failureOf(source.name, error);
  }
}
