/** What jobs need, for tests: real files in a folder of their own, a clock that is turned by hand, providers to order. */

import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ClockPort } from "../../src/engine/clock.ts";
import { RemixFailure } from "../../src/engine/failure.ts";
import type { BatchOptions } from "../../src/engine/job.ts";
import { Jobs, type JobsParts } from "../../src/engine/jobs.ts";
import type { OpenTask, Submission, TaskJournal, TaskPlan } from "../../src/engine/journal.ts";
import { bookkeeping, type Caps } from "../../src/engine/ledger.ts";
import { defaultOutput } from "../../src/engine/output.ts";
import type { Provider, RemixResult, RemixTask, SourceFile } from "../../src/engine/ports.ts";
import { resolveRecipe } from "../../src/engine/resolve.ts";
import { planOf, type Request } from "../../src/engine/task.ts";
import { ClaimFiles } from "../../src/platform/claims.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { HistoryFile } from "../../src/platform/historyFile.ts";
import { JournalFolder } from "../../src/platform/journalFolder.ts";
import { Leases } from "../../src/platform/leases.ts";
import { LedgerFile } from "../../src/platform/ledgerFile.ts";
import { PendingFiles } from "../../src/platform/pendingFiles.ts";
import { resultWriter } from "../../src/platform/resultFiles.ts";
import { canonicalPath, sourceFile } from "../../src/platform/sourceFiles.ts";
import { recipeHash } from "../../src/recipe/record.ts";

/** The address that tasks are sent to. */
export const endpoint = "https://api.runware.ai/v1";

/** A clock that only goes on when it is told to. */
export class HandClock implements ClockPort {
  #now = 0;
  #sleepers: { readonly end: number; readonly wake: () => void }[] = [];

  monotonic(): number {
    return this.#now;
  }

  now(): Date {
    return new Date(2026, 10, 1, 12, 0, 0, this.#now);
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
      }
      signal.addEventListener("abort", () => resolve());
      this.#sleepers.push({ end: this.#now + milliseconds, wake: resolve });
    });
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#sleepers.filter(({ end }) => end <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ end }) => end > this.#now);
    for (const { wake } of due) {
      wake();
    }
  }
}

/** Draws a task's results; what surrounds that is done by `paid`. */
export type Draw = (task: RemixTask, signal: AbortSignal) => AsyncIterable<RemixResult>;

/** A result with an id of its own. */
export function result(changes: Partial<RemixResult> = {}): RemixResult {
  const bytes = new TextEncoder().encode(`picture ${randomUUID()}`);
  return { bytes, imageUUID: randomUUID(), seed: "1", cost: 0.06, ...changes };
}

/** How a task is written down that is sent. */
export function submissionOf(task: Pick<RemixTask, "taskUUID" | "source">): Submission {
  const whole = { left: 0, top: 0, width: 100, height: 100 };
  return {
    taskUUID: task.taskUUID,
    model: "ideogram:1@2",
    endpoint,
    source: task.source.path,
    destination: task.source.folder,
    sourceSha256: "0".repeat(64),
    size: { width: 1024, height: 1024 },
    fitting: { source: whole, target: whole, loss: 0 },
    outputFormat: "PNG",
    request: {},
  };
}

/** A provider that keeps the journal as the real one does, and draws as told. */
export function paid(journal: TaskJournal, draw: Draw): Provider {
  return {
    id: "runware",
    endpoint,
    async *remix(task, signal) {
      const { taskUUID } = task;
      await journal.submitting(submissionOf(task));
      let delivered = 0;
      try {
        for await (const one of draw(task, signal)) {
          const { imageUUID, cost, seed } = one;
          await journal.received(taskUUID, { imageUUID: imageUUID ?? "", imageURL: null, cost, seed });
          yield one;
          delivered++;
        }
        await journal.settled(taskUUID, "delivered");
      } catch (error) {
        if (!(error instanceof RemixFailure && error.isOpen)) {
          await journal.settled(taskUUID, delivered > 0 ? "partial" : "refused");
        }
        throw error;
      }
    },
  };
}

/** One window, with everything around its jobs. */
export class Bench {
  readonly root: string;
  readonly storage: string;
  /** Where the sources lie. */
  readonly pictures: string;
  readonly clock = new HandClock();
  readonly warnings: string[] = [];
  readonly journal: JournalFolder;
  readonly leases: Leases;
  readonly ledger: LedgerFile;
  readonly history: HistoryFile;
  readonly books: TaskJournal;
  readonly parts: JobsParts;
  readonly jobs: Jobs;
  /** What a provider writes to. */
  readonly watched: TaskJournal;

  /** @param root the folder of an earlier window; a new one where it is absent */
  constructor({
    root = mkdtempSync(path.join(os.tmpdir(), "image-remix-jobs-")),
    files = nodeFiles,
    caps = { perDay: 0, perMonth: 0 },
    concurrency = 1,
    parts = {},
  }: {
    readonly root?: string;
    readonly files?: Files;
    readonly caps?: Caps;
    readonly concurrency?: number;
    readonly parts?: Partial<JobsParts>;
  } = {}) {
    this.root = root;
    this.storage = path.join(root, "storage");
    this.pictures = path.join(root, "pictures");
    mkdirSync(this.pictures, { recursive: true });
    this.leases = new Leases(this.storage, files, { beat: 20 });
    this.journal = new JournalFolder(this.storage, files, this.leases, () => this.clock.now());
    this.ledger = new LedgerFile(this.storage, files);
    this.history = new HistoryFile(this.storage, files);
    this.books = bookkeeping({
      journal: this.journal,
      ledger: this.ledger,
      openTasks: () => this.journal.allOpenTasks(),
      caps: () => caps,
      now: () => this.clock.now(),
    });
    this.parts = {
      results: resultWriter(new PendingFiles(this.storage, files), this.storage, files, {
        busyMilliseconds: 0,
      }),
      journal: this.journal,
      finish: async ({ bytes, format }, task) => ({ bytes, format: format ?? task.outputFormat }),
      warn: (message) => void this.warnings.push(message),
      sources: {
        inspect: async () => ({
          width: 100,
          height: 100,
          format: "png",
          hasAlpha: false,
          sha256: "0".repeat(64),
        }),
        detailOf: async () => ({ across: [1], down: [1] }),
      },
      now: this.clock.now.bind(this.clock),
      newUUID: randomUUID,
      claims: new ClaimFiles(this.storage, files, this.leases),
      history: this.history,
      openTasks: () => this.journal.allOpenTasks(),
      recipeHashOf: ({ recipe }) => recipeHash(recipe, []),
      canonicalPath: canonicalPath(files),
      clock: this.clock,
      concurrency: () => concurrency,
      ...parts,
    };
    this.jobs = new Jobs(this.parts);
    this.watched = this.jobs.watched(this.books);
  }

  source(name: string): SourceFile {
    return sourceFile(path.join(this.pictures, `${name}.png`));
  }

  requests(...names: readonly string[]): readonly Request[] {
    const recipe = resolveRecipe([], { recipe: { positivePrompt: "teal" } });
    return names.map((name) => ({ source: this.source(name), recipe, output: defaultOutput }));
  }

  plan(taskUUID: string, name = "a"): TaskPlan {
    const [request] = this.requests(name);
    if (request === undefined) {
      throw new Error("There is one request for one name.");
    }
    return planOf(request, taskUUID, "batch", 0.06);
  }

  /** Options for a run that is drawn by `draw`. */
  options(draw: Draw, changes: Partial<BatchOptions> = {}): BatchOptions {
    return { provider: paid(this.watched, draw), estimate: () => 0.06, mayAsk: false, ...changes };
  }

  /** What a window that looks in from outside finds open. */
  onDisk(): Promise<readonly OpenTask[]> {
    return new JournalFolder(this.storage, nodeFiles, new Leases(this.storage, nodeFiles)).allOpenTasks();
  }

  /** Names of the pictures that have been saved, in the order of the alphabet. */
  saved(): readonly string[] {
    return readdirSync(this.pictures).sort();
  }

  async close(): Promise<void> {
    await this.jobs.dispose();
    await this.leases.release();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A promise that is settled by hand. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Rejects when `signal` is aborted, as a provider does whose request was under way: it may still be charged. */
export function untilStopped(signal: AbortSignal): Promise<never> {
  const stopped = new RemixFailure("abandoned", "It may still be charged.", { isOpen: true });
  return new Promise((_, reject) => {
    if (signal.aborted) {
      reject(stopped);
    }
    signal.addEventListener("abort", () => reject(stopped));
  });
}
