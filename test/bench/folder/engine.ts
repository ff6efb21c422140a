/** The job done by the whole engine: what `src/app.ts` puts together, but for VS Code. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import { Jobs } from "../../../src/engine/jobs.ts";
import { bookkeeping } from "../../../src/engine/ledger.ts";
import { Pace } from "../../../src/engine/pace.ts";
import type { RemixTask } from "../../../src/engine/ports.ts";
import { resolveRecipe } from "../../../src/engine/resolve.ts";
import { notingPlaces } from "../../../src/engine/savedPlaces.ts";
import type { ImageWorkerMethods } from "../../../src/imageWorker.ts";
import { base64 } from "../../../src/platform/base64.ts";
import { ClaimFiles } from "../../../src/platform/claims.ts";
import { clock } from "../../../src/platform/clock.ts";
import { nodeFiles } from "../../../src/platform/files.ts";
import { HistoryFile } from "../../../src/platform/historyFile.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { JournalFolder } from "../../../src/platform/journalFolder.ts";
import { Leases } from "../../../src/platform/leases.ts";
import { LedgerFile } from "../../../src/platform/ledgerFile.ts";
import { PendingFiles } from "../../../src/platform/pendingFiles.ts";
import { resultWriter } from "../../../src/platform/resultFiles.ts";
import { canonicalPath, sourceFile } from "../../../src/platform/sourceFiles.ts";
import { WorkerThread } from "../../../src/platform/workerThread.ts";
import { retryBudget } from "../../../src/providers/runware/backoff.ts";
import { PollPace } from "../../../src/providers/runware/pollPace.ts";
import { runwareProvider } from "../../../src/providers/runware/provider.ts";
import { newUploadPlaces } from "../../../src/providers/runware/references.ts";
import { defaultModelId } from "../../../src/recipe/models.ts";
import { recipeHash } from "../../../src/recipe/record.ts";
import { defaultMaxPixels } from "../../../src/recipe/settings.ts";
import { resultFinisher } from "../../../src/resultFinisher.ts";
import { projectRoot } from "../../harness/paths.ts";
import { compete } from "./measure.ts";

/** USD: what a result costs at the emulator. */
const price = 0.06;

const output = {
  fileName: "{name}.remix-{n}",
  folder: "",
  resize: "none",
  alpha: "drop",
  metadata: "full",
  sidecar: false,
} as const;

await compete(async ({ files, endpoint, key, concurrency, storage }) => {
  const warn = (message: string) => console.error(message);
  const worker = new WorkerThread<ImageWorkerMethods>(path.join(projectRoot, "dist", "imageWorker.cjs"));
  const leases = new Leases(storage, nodeFiles);
  const journal = new JournalFolder(storage, nodeFiles, leases);
  const ledger = new LedgerFile(storage, nodeFiles);
  const history = new HistoryFile(storage, nodeFiles);
  const recipeHashOf = ({ recipe }: RemixTask) => recipeHash(recipe, []);
  const pace = new Pace(() => concurrency);
  const jobs = new Jobs({
    results: notingPlaces(resultWriter(new PendingFiles(storage), storage), history, warn),
    journal,
    finish: resultFinisher({
      worker,
      model: () => defaultModelId,
      recipeHashOf,
      remember: (result) => history.add(result),
      now: clock.now,
    }),
    warn,
    now: clock.now,
    sources: {
      inspect: ({ path }, signal) => worker.call("inspectSource", [path], signal),
      detailOf: ({ path: file }, sha256, signal) => worker.call("detailOfSource", [{ file, sha256 }], signal),
    },
    newUUID: randomUUID,
    claims: new ClaimFiles(storage, nodeFiles, leases),
    clock,
    history,
    recipeHashOf,
    canonicalPath: canonicalPath(nodeFiles),
    openTasks: () => journal.allOpenTasks(),
    concurrency: () => pace.limit,
  });
  const books = bookkeeping({
    journal,
    ledger,
    openTasks: () => journal.allOpenTasks(),
    caps: () => ({ perDay: 0, perMonth: 0 }),
    now: clock.now,
  });
  const uploads = new Map<string, string>();
  const provider = runwareProvider({
    endpoint,
    key: async () => key,
    http: fetchHttp,
    base64,
    clock,
    log: { debug: () => undefined, info: () => undefined, warn },
    newUUID: randomUUID,
    model: defaultModelId,
    timeoutMinutes: 5,
    journal: jobs.watched(books),
    uploads: {
      get: (sha256) => uploads.get(sha256),
      set: (sha256, mediaUUID) => void uploads.set(sha256, mediaUUID),
      delete: (sha256) => void uploads.delete(sha256),
    },
    pace,
    uploadPlaces: newUploadPlaces(),
    retries: retryBudget(),
    polls: new PollPace(),
    random: Math.random,
    prepare: ({ fitting, size, sourceSha256: sha256, source: { path: file } }, signal) =>
      worker.call(
        "prepareUpload",
        [{ file, sha256 }, fitting, size, { maxPixels: defaultMaxPixels }],
        signal,
      ),
  });
  const recipe = resolveRecipe([], { recipe: { positivePrompt: "a picture for the bench" } });
  return async () => {
    const requests = files.map((file) => ({ source: sourceFile(file), recipe, output }));
    const batch = jobs.start(requests, { provider, estimate: () => price, mayAsk: false });
    const { saved, failed } = await batch.outcome;
    return { saved: saved.length, failures: failed.map(({ failure }) => failure.message) };
  };
});
