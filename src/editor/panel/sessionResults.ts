import * as vscode from "vscode";
import type { Batch } from "../../engine/job.ts";
import type { ImageFacts, SourceFile } from "../../engine/ports.ts";
import { Decisions, type DecisionsParts } from "./decisions.ts";
import type { FoundResults } from "./foundResults.ts";
import { keyOf, type ResultMemory } from "./resultMemory.ts";
import { isFromFiles, resultOf } from "./resultOf.ts";
import type { PanelHistoryEntry, PanelResult } from "./services.ts";

/** What it takes to show and decide on results. */
export interface SessionResultsParts {
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  readonly inspect: (source: SourceFile) => Promise<ImageFacts>;
  readonly review: DecisionsParts["review"];
  /** Remembers results for this workspace. */
  readonly memory: ResultMemory;
  readonly found: Pick<FoundResults, "isReading" | "read">;
}

/** Pictures that stand for a run in the history. */
const thumbnails = 4;

/** The results of this workspace, with what has been decided on them. */
export class SessionResults {
  readonly #parts: SessionResultsParts;
  readonly #memory: ResultMemory;
  readonly #decisions: Decisions;
  /** The newest run that was followed. */
  #followed: string | undefined;

  readonly onDidChange: vscode.Event<void>;

  constructor(parts: SessionResultsParts) {
    const { memory, review, toSource } = parts;
    this.#parts = parts;
    this.#memory = memory;
    this.#decisions = new Decisions({ memory, review, nameOf: (path) => toSource(path).name });
    this.onDidChange = memory.onDidChange;
    if (memory.opened.ids.length === 0) {
      const newest = memory.all().at(-1);
      memory.open({ ids: newest === undefined ? [] : [newest.run.id], isChosen: false });
    }
  }

  dispose(): void {
    this.#decisions.dispose();
  }

  /** Results of the runs that are looked at: the newest ones, or that which was opened from the history. */
  get shown(): readonly PanelResult[] {
    const runs = this.#memory.runs();
    return this.#memory.opened.ids.flatMap((id) => runs.get(id)?.results ?? []);
  }

  /** What Undo would take back; null when there is nothing. */
  get undoable(): string | null {
    return this.#memory.lastUndo?.text ?? null;
  }

  /** Whether files are being read for the history. */
  get isReading(): boolean {
    return this.#parts.found.isReading;
  }

  /** Runs of this workspace, newest first. */
  get history(): readonly PanelHistoryEntry[] {
    const runs = [...this.#memory.runs().values()].toSorted((one, other) => other.run.time - one.run.time);
    return runs.flatMap(({ run, results }) => {
      const [first] = results;
      const costs = results.map(({ cost }) => cost);
      const entry = first && {
        ...run,
        prompt: first.prompt,
        provider: first.provider,
        results: results.length,
        cost: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
        pictures: results.slice(0, thumbnails).map(({ id, path }) => ({ id, path })),
      };
      return entry ?? [];
    });
  }

  /** Reads from files what was made by other windows, in earlier sessions or without the panel. */
  readHistory(isWanted: boolean): void {
    if (isWanted || !this.#isMissing) {
      this.#parts.found.read(isWanted);
    }
  }

  /** Somebody looks at the panel again: other windows may have decided on what it shows. */
  look(): void {
    void this.#decisions.sync();
    if (this.#isMissing) {
      this.#parts.found.read(true);
    }
  }

  /** Takes in what a run has saved so far. */
  take(batch: Pick<Batch, "id" | "started" | "tasks">): void {
    for (const task of batch.tasks) {
      for (const saved of task.saved) {
        const key = keyOf(saved.taskUUID, saved.output);
        if (!this.#memory.hasOwn(key)) {
          const title = task.request.recipe.preset ?? "Remix";
          const run = { id: batch.id, time: batch.started.getTime(), title };
          const result = resultOf(task, saved, this.#parts.toSource(saved.output).name);
          this.#memory.add({ key, run, entry: null, before: null, binned: null, result });
          void this.#measure(key);
        }
      }
    }
  }

  /**
   * Looks at the runs that are under way, once when the newest of them starts, and not while somebody looks at one that
   * was chosen from the history: what is shown is not to change under anybody's hands.
   *
   * @param ids oldest first
   */
  follow(ids: readonly string[]): void {
    const newest = ids.at(-1);
    if (newest === undefined || newest === this.#followed) {
      return;
    }
    this.#followed = newest;
    if (!this.#memory.opened.isChosen) {
      this.open(ids, false);
    }
  }

  decide(ids: readonly string[], decision: "keep" | "discard" | "restore"): Promise<void> {
    return this.#decisions.decide(ids, decision);
  }

  /** Asks, then lets a result take its source's place. */
  replaceSource(id: string): Promise<void> {
    return this.#decisions.replaceSource(id);
  }

  undo(): Promise<void> {
    return this.#decisions.undo();
  }

  /** Looks at these runs. @param isChosen whether somebody wants to see these even when others start */
  open(ids: readonly string[], isChosen: boolean): void {
    this.#memory.open({ ids: [...ids], isChosen });
    for (const { key, run, result } of this.#memory.all()) {
      if (ids.includes(run.id) && result.size === null) {
        void this.#measure(key);
      }
    }
  }

  /** Whether what is looked at has to be read from files first. */
  get #isMissing(): boolean {
    const runs = this.#memory.runs();
    return this.#memory.opened.ids.some((id) => isFromFiles(id) && !runs.has(id));
  }

  /** Finds out how large a result is, in pixels and bytes. */
  async #measure(key: string): Promise<void> {
    const path = this.#memory.get(key)?.result.path ?? "";
    try {
      const [{ width, height, format }, { size }] = await Promise.all([
        this.#parts.inspect(this.#parts.toSource(path)),
        vscode.workspace.fs.stat(vscode.Uri.file(path)),
      ]);
      const file = `${format.toUpperCase()}, ${(size / 1_000_000).toFixed(1)} MB`;
      this.#memory.set(key, { size: { width, height }, file });
    } catch {
      // A picture that is gone again is shown without its size.
    }
  }
}
