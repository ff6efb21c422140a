import * as vscode from "vscode";
import { type BinEntry, lastReplacements } from "../../engine/review.ts";
import type { Review } from "../review.ts";
import type { Remembered, ResultMemory, UndoStep } from "./resultMemory.ts";
import { originalOf } from "./resultOf.ts";

/** What deciding on results needs of the rest of the extension. */
export interface DecisionsParts {
  /** Name of a file. */
  readonly nameOf: (path: string) => string;
  readonly review: Pick<
    Review,
    | "entries"
    | "pathOf"
    | "replacements"
    | "replaceSource"
    | "undoReplace"
    | "discard"
    | "restore"
    | "holds"
    | "onDidChange"
  >;
  readonly memory: ResultMemory;
}

/** What has been decided on results, and how it is taken back. The bin knows best: it is shared by all windows. */
export class Decisions {
  readonly #parts: DecisionsParts;
  readonly #end: { dispose(): void };
  #isUndoing = false;

  constructor(parts: DecisionsParts) {
    this.#parts = parts;
    // What was undone elsewhere, by the command or by another window, is not shown as if it still were.
    this.#end = parts.review.onDidChange(() => void this.sync());
    void this.sync();
  }

  dispose(): void {
    this.#end.dispose();
  }

  async decide(ids: readonly string[], decision: "keep" | "discard" | "restore"): Promise<void> {
    const chosen = ids.flatMap((id) => this.#parts.memory.find(id) ?? []);
    switch (decision) {
      case "keep":
        return this.#keep(chosen.filter(({ result }) => result.decision === "undecided"));
      case "discard":
        return this.#discard(chosen.filter(({ entry }) => entry === null));
      case "restore":
        for (const one of chosen) {
          await (one.result.decision === "replaced" ? this.#undoReplace(one) : this.#restore(one));
        }
    }
  }

  /** Asks, then lets a result take its source's place. */
  async replaceSource(id: string): Promise<void> {
    const { review, memory, nameOf } = this.#parts;
    const found = memory.find(id);
    if (found === undefined || found.entry !== null) {
      return;
    }
    const { key, result } = found;
    const replacement = await review.replaceSource(result.source, result.path);
    if (replacement === undefined) {
      return;
    }
    memory.set(key, { decision: "replaced" }, { entry: replacement.id, before: result.decision });
    const step = { key, kind: "replace", before: result.decision, entry: replacement.id } as const;
    memory.pushUndo({ text: `Replaced ${nameOf(result.source)}`, steps: [step] });
    await this.sync();
  }

  /** Takes back the last decision that can be; what fails can be tried again. */
  async undo(): Promise<void> {
    if (this.#isUndoing) {
      return;
    }
    this.#isUndoing = true;
    try {
      await this.sync();
      const { memory } = this.#parts;
      for (const step of memory.lastUndo?.steps ?? []) {
        if (await this.#takeBack(step)) {
          memory.dropSteps((one) => one === step);
        }
      }
    } finally {
      this.#isUndoing = false;
    }
  }

  /** Lets go of what the bin no longer knows of, and learns of sources that were replaced. */
  async sync(): Promise<void> {
    const { review, memory } = this.#parts;
    // What is decided on while the bin is read is not judged by it.
    const [results, steps] = [memory.all(), new Set(memory.undoSteps())];
    const entries = await review.entries().catch(() => undefined);
    if (entries === undefined) {
      return;
    }
    const known = new Set(entries.map(({ id }) => id));
    memory.dropSteps((step) => steps.has(step) && step.entry !== null && !known.has(step.entry));
    this.#showReplacements(entries);
    for (const one of results) {
      if (one.result.decision === "discarded" && one.entry !== null && !known.has(one.entry)) {
        await this.#leftBin(one);
      }
    }
  }

  /** Of the results that took a source's place one after the other, the last is in it. */
  #showReplacements(entries: readonly BinEntry[]): void {
    const { review, memory } = this.#parts;
    const bySource = new Map(lastReplacements(entries).map((one) => [one.origin, one]));
    for (const { key, run, entry, before, result } of memory.all()) {
      const replacement = bySource.get(result.source);
      const { decision } = result;
      const isIn = replacement?.replacedBy.result === result.path;
      if (isIn && decision !== "discarded" && entry !== replacement.id) {
        const decided = decision === "replaced" ? before : decision;
        memory.set(key, { decision: "replaced" }, { entry: replacement.id, before: decided });
      } else if (!isIn && decision === "replaced") {
        memory.set(key, { decision: before ?? "undecided" }, { entry: null, before: null });
      }
      const original = originalOf(result.source, run.time, entries, review.pathOf.bind(review));
      if (original !== result.original) {
        memory.set(key, { original });
      }
    }
  }

  /** A discarded result of which the bin has nothing any more: another window has restored it, or emptied the bin. */
  async #leftBin({ key, entry, binned, before }: Remembered): Promise<void> {
    const { review, memory, nameOf } = this.#parts;
    const isBack = binned !== null && (await review.holds(binned.origin, binned.sha256));
    // Looked up once more: it may have been decided on meanwhile.
    if (memory.get(key)?.entry !== entry) {
      return;
    }
    if (isBack) {
      const { origin: path } = binned;
      const change = { decision: before ?? "undecided", path, name: nameOf(path) };
      memory.set(key, change, { entry: null, before: null, binned: null });
    } else {
      memory.delete(key);
    }
  }

  /** @returns whether it is done, or can never be */
  async #takeBack({ key, kind, before, entry }: UndoStep): Promise<boolean> {
    const { review, memory } = this.#parts;
    const one = memory.get(key);
    if (one === undefined) {
      return true;
    }
    switch (kind) {
      case "keep":
        memory.set(key, { decision: before });
        return true;
      case "discard":
        return this.#restore(one);
      case "replace": {
        if (await this.#undoReplace({ ...one, entry })) {
          return true;
        }
        const isLast = lastReplacements(await review.entries()).some(({ id }) => id === entry);
        // A source that has changed since is never given its old bytes.
        return isLast && !(await review.replacements()).some(({ id }) => id === entry);
      }
    }
  }

  #keep(chosen: readonly Remembered[]): void {
    for (const { key } of chosen) {
      this.#parts.memory.set(key, { decision: "kept" });
    }
    this.#offerUndo(
      "Kept",
      chosen,
      chosen.map(({ key, result }) => ({ key, kind: "keep", before: result.decision, entry: null })),
    );
  }

  async #discard(chosen: readonly Remembered[]): Promise<void> {
    const { review, memory } = this.#parts;
    const entries = await review.discard(
      chosen.map(({ result }) => ({ path: result.path, isPaid: result.provider !== "local" })),
    );
    const discarded = chosen.flatMap((one) => {
      const entry = entries.find(({ origin }) => origin === one.result.path);
      return entry === undefined ? [] : [{ one, entry }];
    });
    for (const { one, entry } of discarded) {
      const { id, origin, sha256 } = entry;
      const change = { decision: "discarded", path: review.pathOf(entry) } as const;
      memory.set(one.key, change, { entry: id, before: one.result.decision, binned: { origin, sha256 } });
    }
    this.#offerUndo(
      "Discarded",
      discarded.map(({ one }) => one),
      discarded.map(({ one: { key, result }, entry }) => ({
        key,
        kind: "discard",
        before: result.decision,
        entry: entry.id,
      })),
    );
  }

  #offerUndo(verb: string, decided: readonly Remembered[], steps: readonly UndoStep[]): void {
    const [first] = decided;
    if (first !== undefined) {
      const what = decided.length === 1 ? first.result.name : `${decided.length} results`;
      this.#parts.memory.pushUndo({ text: `${verb} ${what}`, steps: [...steps] });
    }
  }

  async #restore({ key, entry: wanted, before }: Remembered): Promise<boolean> {
    const { review, memory, nameOf } = this.#parts;
    const entry = (await review.entries()).find(({ id }) => id === wanted);
    if (entry === undefined) {
      await this.sync();
      if (memory.get(key)?.entry !== null) {
        void vscode.window.showWarningMessage("It is no longer in the bin.");
      }
      return true;
    }
    const path = await review.restore(entry);
    if (path !== undefined) {
      const change = { decision: before ?? "undecided", path, name: nameOf(path) };
      memory.set(key, change, { entry: null, before: null, binned: null });
    }
    return path !== undefined;
  }

  async #undoReplace({ result, entry }: Remembered): Promise<boolean> {
    const isDone = await this.#parts.review.undoReplace(result.source, entry === null ? {} : { entry });
    await this.sync();
    return isDone;
  }
}
