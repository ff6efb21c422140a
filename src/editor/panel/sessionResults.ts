import * as vscode from "vscode";
import type { Batch } from "../../engine/job.ts";
import type { ImageFacts, SourceFile } from "../../engine/ports.ts";
import { lastReplacements } from "../../engine/review.ts";
import type { Review } from "../review.ts";
import type { FoundResults } from "./foundResults.ts";
import { keyOf, type Remembered, type ResultMemory, type UndoStep } from "./resultMemory.ts";
import { resultOf } from "./resultOf.ts";
import type { PanelHistoryEntry, PanelResult } from "./services.ts";

/** What it takes to show and decide on results. */
export interface SessionResultsParts {
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  readonly inspect: (source: SourceFile) => Promise<ImageFacts>;
  readonly review: Review;
  /** Remembers results for this workspace. */
  readonly memory: ResultMemory;
  readonly found: FoundResults;
}

/** Pictures that stand for a run in the history. */
const thumbnails = 4;

/** The results of this workspace, with what has been decided on them. */
export class SessionResults {
  readonly #parts: SessionResultsParts;
  readonly #memory: ResultMemory;
  readonly #ends: readonly { dispose(): void }[];
  /** Id of the run that is looked at. */
  #opened: string | undefined;

  readonly onDidChange: vscode.Event<void>;

  constructor(parts: SessionResultsParts) {
    this.#parts = parts;
    this.#memory = parts.memory;
    this.onDidChange = parts.memory.onDidChange;
    this.#opened = this.#memory.all().at(-1)?.run.id;
    // What was undone elsewhere, by the command or by another window, is not shown as if it still were.
    this.#ends = [parts.review.onDidChange(() => void this.#sync())];
    void this.#sync();
  }

  dispose(): void {
    for (const end of this.#ends) {
      end.dispose();
    }
  }

  /** Results of the run that is looked at: the newest one, or that which was opened from the history. */
  get shown(): readonly PanelResult[] {
    return this.#memory.runs().get(this.#opened ?? "")?.results ?? [];
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
        pictures: results.slice(0, thumbnails).map(({ path }) => path),
      };
      return entry ?? [];
    });
  }

  /** Reads from files what was made by other windows, in earlier sessions or without the panel. */
  readHistory(isWanted: boolean): void {
    this.#parts.found.read(isWanted);
  }

  /** Takes in what a run has saved so far. */
  take(batch: Pick<Batch, "id" | "started" | "tasks"> | null): void {
    for (const task of batch?.tasks ?? []) {
      for (const saved of task.saved) {
        const key = keyOf(saved.taskUUID, saved.output);
        if (batch !== null && !this.#memory.hasOwn(key)) {
          const title = task.request.recipe.preset ?? "Remix";
          const run = { id: batch.id, time: batch.started.getTime(), title };
          const result = resultOf(task, saved, this.#parts.toSource(saved.output).name);
          this.#memory.add({ key, run, entry: null, result });
          this.#opened = batch.id;
          void this.#measure(key);
        }
      }
    }
  }

  async decide(ids: readonly string[], decision: "keep" | "discard" | "restore"): Promise<void> {
    const chosen = ids.flatMap((id) => this.#memory.find(id) ?? []);
    switch (decision) {
      case "keep":
        return this.#keep(chosen.filter(({ result }) => result.decision === "undecided"));
      case "discard":
        return this.#discard(chosen.filter(({ entry }) => entry === null));
      case "restore":
        for (const { key, result } of chosen) {
          await (result.decision === "replaced" ? this.#undoReplace(key) : this.#restore(key));
        }
    }
  }

  /** Asks, then lets a result take its source's place. */
  async replaceSource(id: string): Promise<void> {
    const found = this.#memory.find(id);
    if (found === undefined || found.entry !== null) {
      return;
    }
    const { key, result } = found;
    const { review } = this.#parts;
    const replacement = await review.replaceSource(result.source, result.path);
    if (replacement === undefined) {
      return;
    }
    const original = review.pathOf(replacement);
    for (const other of this.#memory.all()) {
      if (other.result.source === result.source && other.result.original === result.source) {
        this.#memory.set(other.key, { original });
      }
    }
    this.#memory.set(key, { decision: "replaced" }, replacement.id);
    const step = { key, kind: "replace", before: result.decision } as const;
    this.#memory.pushUndo({ text: `Replaced ${this.#nameOf(result.source)}`, steps: [step] });
  }

  async undo(): Promise<void> {
    for (const step of this.#memory.popUndo()?.steps ?? []) {
      await this.#takeBack(step);
    }
  }

  /** Looks at an earlier run. */
  open(id: string): void {
    this.#opened = id;
    this.#memory.changed();
    for (const { key, run, result } of this.#memory.all()) {
      if (run.id === id && result.file === "") {
        void this.#measure(key);
      }
    }
  }

  async #takeBack({ key, kind, before }: UndoStep): Promise<void> {
    switch (kind) {
      case "keep":
        return this.#memory.set(key, { decision: before });
      case "discard":
        return this.#restore(key, before);
      case "replace":
        return this.#undoReplace(key, before);
    }
  }

  #keep(chosen: readonly Remembered[]): void {
    for (const { key } of chosen) {
      this.#memory.set(key, { decision: "kept" });
    }
    this.#offerUndo("Kept", "keep", chosen);
  }

  async #discard(chosen: readonly Remembered[]): Promise<void> {
    const { review } = this.#parts;
    const entries = await review.discard(
      chosen.map(({ result }) => ({ path: result.path, isPaid: result.provider !== "local" })),
    );
    const discarded = chosen.flatMap((one) => {
      const entry = entries.find(({ origin }) => origin === one.result.path);
      return entry === undefined ? [] : [{ one, entry }];
    });
    for (const { one, entry } of discarded) {
      this.#memory.set(one.key, { decision: "discarded", path: review.pathOf(entry) }, entry.id);
    }
    this.#offerUndo(
      "Discarded",
      "discard",
      discarded.map(({ one }) => one),
    );
  }

  #offerUndo(verb: string, kind: UndoStep["kind"], decided: readonly Remembered[]): void {
    const [first] = decided;
    if (first !== undefined) {
      const what = decided.length === 1 ? first.result.name : `${decided.length} results`;
      const steps = decided.map(({ key, result }) => ({ key, kind, before: result.decision }));
      this.#memory.pushUndo({ text: `${verb} ${what}`, steps });
    }
  }

  async #restore(key: string, decision: PanelResult["decision"] = "undecided"): Promise<void> {
    const { review } = this.#parts;
    const wanted = this.#memory.get(key)?.entry;
    const entry = (await review.entries()).find(({ id }) => id === wanted);
    if (entry === undefined) {
      void vscode.window.showWarningMessage("It is no longer in the bin.");
      return;
    }
    const path = await review.restore(entry);
    if (path !== undefined) {
      this.#memory.set(key, { decision, path, name: this.#nameOf(path) }, null);
    }
  }

  async #undoReplace(key: string, decision: PanelResult["decision"] = "undecided"): Promise<void> {
    const result = this.#memory.get(key)?.result;
    if (result !== undefined && (await this.#parts.review.undoReplace(result.source))) {
      this.#showOwnSource(result);
      this.#memory.set(key, { decision }, null);
    }
  }

  /** The source has its old bytes again: its results are compared with the file itself. */
  #showOwnSource({ source, original }: PanelResult): void {
    for (const other of this.#memory.all()) {
      if (other.result.source === source && other.result.original === original) {
        this.#memory.set(other.key, { original: source });
      }
    }
  }

  /** Lets go of decisions that the bin no longer knows of, and learns of a source that was replaced elsewhere. */
  async #sync(): Promise<void> {
    const { review } = this.#parts;
    const entries = await review.entries().catch(() => undefined);
    for (const replacement of lastReplacements(entries ?? [])) {
      const { id, origin: source, replacedBy } = replacement;
      const own = this.#memory.all().find(({ result }) => result.path === replacedBy.result);
      if (own?.entry === null && own.result.source === source) {
        this.#memory.set(own.key, { decision: "replaced", original: review.pathOf(replacement) }, id);
      }
    }
    const known = new Set(entries?.map(({ id }) => id));
    for (const { key, entry, result } of this.#memory.all()) {
      // Looked up once more: it may have been decided on while the bin was read.
      if (
        entries === undefined ||
        entry === null ||
        known.has(entry) ||
        this.#memory.get(key)?.entry !== entry
      ) {
        continue;
      }
      if (result.decision === "replaced") {
        this.#showOwnSource(result);
        this.#memory.set(key, { decision: "undecided" }, null);
      } else {
        this.#memory.delete(key);
      }
    }
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
      this.#memory.set(key, { width, height, file });
    } catch {
      // A picture that is gone again is shown without its size.
    }
  }

  #nameOf(path: string): string {
    return this.#parts.toSource(path).name;
  }
}
