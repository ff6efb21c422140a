/** A window without VS Code: the parts that `src/app.ts` puts together, over real files and real HTTP. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { ClockPort } from "../../src/engine/clock.ts";
import type { HttpPort } from "../../src/engine/http.ts";
import type { Batch, BatchOptions, Outcome } from "../../src/engine/job.ts";
import { Jobs } from "../../src/engine/jobs.ts";
import type { OpenTask } from "../../src/engine/journal.ts";
import { bookkeeping, type Caps } from "../../src/engine/ledger.ts";
import type { OutputOptions } from "../../src/engine/output.ts";
import { Pace } from "../../src/engine/pace.ts";
import type { Provider, RemixTask } from "../../src/engine/ports.ts";
import { type Recovered, type RecoveryParts, recover } from "../../src/engine/recovery.ts";
import { resolveRecipe } from "../../src/engine/resolve.ts";
import type { SavingParts } from "../../src/engine/saving.ts";
import type { Request } from "../../src/engine/task.ts";
import { base64 } from "../../src/platform/base64.ts";
import { ClaimFiles } from "../../src/platform/claims.ts";
import { contentHash } from "../../src/platform/contentHash.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { HistoryFile } from "../../src/platform/historyFile.ts";
import { fetchHttp } from "../../src/platform/http.ts";
import { JournalFolder } from "../../src/platform/journalFolder.ts";
import { Leases } from "../../src/platform/leases.ts";
import { LedgerFile } from "../../src/platform/ledgerFile.ts";
import { readProvenance } from "../../src/platform/metadata/provenance.ts";
import { PendingFiles } from "../../src/platform/pendingFiles.ts";
import type { ProcessIdentity } from "../../src/platform/processIdentity.ts";
import { resultWriter } from "../../src/platform/resultFiles.ts";
import { canonicalPath, readSource, sourceFile } from "../../src/platform/sourceFiles.ts";
import { retryBudget } from "../../src/providers/runware/backoff.ts";
import { PollPace } from "../../src/providers/runware/pollPace.ts";
import { runwareProvider } from "../../src/providers/runware/provider.ts";
import { newUploadPlaces } from "../../src/providers/runware/references.ts";
import { sha256Hex } from "../../src/recipe/hash.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { recipeHash } from "../../src/recipe/record.ts";

/** A clock on which a second takes a few milliseconds. */
export class QuickClock implements ClockPort {
  readonly #speed: number;
  readonly #start = performance.now();
  #ahead = 0;
  #daysAhead = 0;

  /** @param speed how many times faster than the real one */
  constructor(speed = 400) {
    this.#speed = speed;
  }

  monotonic(): number {
    return (performance.now() - this.#start) * this.#speed + this.#ahead;
  }

  now(): Date {
    return new Date(Date.UTC(2026, 10, 15, 12) + this.monotonic() + this.#daysAhead * 86_400_000);
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await setTimeout(milliseconds / this.#speed, undefined, { signal }).catch(() => undefined);
  }

  /** The computer sleeps: all clocks have gone on when it wakes up. */
  sleepFor(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  /** Somebody sets the time of day. */
  setForward(days: number): void {
    this.#daysAhead += days;
  }
}

/** Where a window works. */
export interface Place {
  /** Absolute path of the extension's storage folder. */
  readonly storage: string;
  /** Address of the API. */
  readonly endpoint: string;
  readonly key: string;
}

/** What a test changes of the usual. */
export interface WindowOptions {
  readonly files?: Files;
  readonly http?: HttpPort;
  readonly clock?: ClockPort;
  readonly concurrency?: number;
  readonly caps?: Caps;
  readonly identity?: ProcessIdentity;
  /** Milliseconds between two signs of life. */
  readonly beat?: number;
  readonly random?: () => number;
}

/** What a result costs at the emulator, in USD. */
export const price = 0.06;

/** What is asked for of each source. */
export interface Wish {
  readonly sources: readonly string[];
  readonly results: number;
}

/** As in the settings' defaults, without anything that would change the bytes. */
const output: OutputOptions = {
  fileName: "{name}.remix-{n}",
  folder: "",
  resize: "none",
  alpha: "drop",
  metadata: "none",
  sidecar: true,
};

/** Requests for `sources`, each with a prompt of its own, so that no two ask for the same. */
export function requestsFor({ sources, results }: Wish): readonly Request[] {
  return sources.map((file) => {
    const source = sourceFile(file);
    const recipe = { positivePrompt: `a picture of ${source.stem}`, numberResults: results };
    return { source, recipe: resolveRecipe([], { recipe }), output };
  });
}

/** What became of the work of windows that were gone. */
export interface Resumed {
  readonly recovered: Recovered;
  /** How sending went of what had not been sent. */
  readonly sent: Outcome;
  readonly unreadable: readonly string[];
}

/** Messages of the log that are kept. */
const mostMessages = 200;

/** One window. */
export class Window {
  readonly leases: Leases;
  readonly journal: JournalFolder;
  readonly ledger: LedgerFile;
  readonly history: HistoryFile;
  readonly pending: PendingFiles;
  readonly claims: ClaimFiles;
  readonly jobs: Jobs;
  readonly provider: Provider;
  /** What was said in the log last. */
  readonly log: string[] = [];
  readonly #saving: SavingParts;
  readonly #clock: ClockPort;
  readonly #closing = new AbortController();

  constructor({ storage, endpoint, key }: Place, options: WindowOptions = {}) {
    const { files = nodeFiles, http = fetchHttp, clock = new QuickClock(), concurrency = 4 } = options;
    const { caps = { perDay: 0, perMonth: 0 }, identity, beat = 25, random = Math.random } = options;
    const note = (message: string) => {
      this.log.push(message);
      this.log.splice(0, this.log.length - mostMessages);
    };
    this.#clock = clock;
    this.leases = new Leases(storage, files, identity === undefined ? { beat } : { beat, identity });
    const now = () => clock.now();
    this.journal = new JournalFolder(storage, files, this.leases, now);
    this.ledger = new LedgerFile(storage, files);
    this.history = new HistoryFile(storage, files);
    this.claims = new ClaimFiles(storage, files, this.leases);
    this.pending = new PendingFiles(storage, files);
    this.#saving = {
      results: resultWriter(this.pending, storage, files, { busyMilliseconds: 50 }),
      journal: this.journal,
      finish: async (result, task) => {
        await this.#remember(result.bytes, task).catch(() => note(`${task.taskUUID} is not in the history`));
        const sidecar = `${JSON.stringify({ taskUUID: task.taskUUID, seed: result.seed })}\n`;
        return { bytes: result.bytes, format: result.format ?? task.outputFormat, sidecar };
      },
      warn: note,
      now,
    };
    const pace = new Pace(() => concurrency);
    this.jobs = new Jobs({
      ...this.#saving,
      sources: {
        async inspect({ path }, signal) {
          const bytes = await readSource(path, signal);
          const sha256 = await contentHash(bytes);
          return { ...sizeOf(bytes), format: "png", hasAlpha: false, sha256 };
        },
        detailOf: async () => ({ across: [1], down: [1] }),
      },
      newUUID: randomUUID,
      claims: this.claims,
      history: this.history,
      recipeHashOf,
      canonicalPath: canonicalPath(files),
      openTasks: () => this.journal.allOpenTasks(),
      clock,
      concurrency: () => pace.limit,
    });
    const openTasks = () => this.journal.allOpenTasks();
    const books = bookkeeping({
      journal: this.journal,
      ledger: this.ledger,
      openTasks,
      caps: () => caps,
      now,
    });
    const uploads = new Map<string, string>();
    this.provider = runwareProvider({
      endpoint,
      key: async () => key,
      http,
      clock,
      log: { debug: note, info: note, warn: note },
      base64,
      newUUID: randomUUID,
      model: "ideogram:1@2",
      timeoutMinutes: 15,
      journal: this.jobs.watched(books),
      uploads: {
        get: (sha256) => uploads.get(sha256),
        set: (sha256, mediaUUID) => void uploads.set(sha256, mediaUUID),
        delete: (sha256) => void uploads.delete(sha256),
      },
      pace,
      polls: new PollPace(),
      uploadPlaces: newUploadPlaces(),
      retries: retryBudget(),
      random,
      prepare: async ({ source }, signal) => ({
        bytes: await readSource(source.path, signal),
        mime: "image/png",
      }),
    });
  }

  /** Starts a run, as the command does. */
  start(wish: Wish, options: Partial<BatchOptions> = {}): Batch {
    return this.jobs.start(requestsFor(wish), this.#options(options));
  }

  /** As at start-up; what had not been sent is sent, as if the user said so. */
  async recover(): Promise<Resumed> {
    const { tasks, unreadable } = await this.journal.takeOver();
    const recovered = await this.finish(tasks);
    await this.sweep();
    const unsent = new Map(recovered.unsent.map((one) => [one.request, one]));
    const batch = this.jobs.start(
      [...unsent.keys()],
      this.#options({
        taskUUIDs: recovered.unsent.map(({ taskUUID }) => taskUUID),
        asOf: (request) => unsent.get(request)?.planned ?? this.#clock.now(),
      }),
    );
    return { recovered, sent: await batch.outcome, unreadable };
  }

  /** Brings sent tasks to their end. */
  finish(tasks: readonly OpenTask[]): Promise<Recovered> {
    const parts: RecoveryParts = {
      ...this.#saving,
      ledger: this.ledger,
      toSource: sourceFile,
      currentRecipe: () => defaultRecipe,
      provider: async () => this.provider,
      provenanceOf: readProvenance,
      now: () => this.#clock.now(),
      journal: this.journal,
    };
    return recover(parts, tasks, this.#closing.signal);
  }

  /** Removes what windows that are gone left unfinished. */
  async sweep(): Promise<readonly string[]> {
    const tasks = await this.journal.allOpenTasks();
    const needed = new Set(tasks.flatMap(({ staged }) => staged.map(({ temporary }) => temporary)));
    const removed = await this.pending.sweep(needed);
    await this.claims.sweep();
    return removed;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.jobs.dispose();
    await this.leases.release();
  }

  async #remember(bytes: Uint8Array, task: RemixTask): Promise<void> {
    const { taskUUID, source, sourceSha256: sourceHash } = task;
    await this.history.add({
      version: 1,
      time: this.#clock.now().toISOString(),
      sha256: await sha256Hex(bytes),
      folder: source.folder,
      source: source.path,
      sourceHash,
      recipeHash: await recipeHashOf(task),
      provider: "runware",
      model: "ideogram:1@2",
      taskUUID,
    });
  }

  #options(changes: Partial<BatchOptions>): BatchOptions {
    return { provider: this.provider, estimate: () => price, mayAsk: false, ...changes };
  }
}

function recipeHashOf({ recipe }: RemixTask): Promise<string> {
  return recipeHash(recipe, []);
}

/** Width and height stand in the first chunk of a PNG. */
function sizeOf(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
