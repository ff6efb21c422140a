import * as vscode from "vscode";
import type { Batch, TaskStatus } from "../../engine/job.ts";
import type { ImageFacts, SourceFile } from "../../engine/ports.ts";
import type { Saved } from "../../engine/saving.ts";
import type { PanelHistoryEntry, PanelResult } from "./services.ts";

/** What it takes to show and decide on results. */
export interface SessionResultsParts {
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  readonly inspect: (source: SourceFile) => Promise<ImageFacts>;
}

/** The results of this session, with what has been decided on them. */
export class SessionResults {
  readonly #parts: SessionResultsParts;
  readonly #changed = new vscode.EventEmitter<void>();
  /** By their path at first, in the order in which they came. */
  readonly #results = new Map<string, PanelResult>();

  readonly onDidChange = this.#changed.event;

  constructor(parts: SessionResultsParts) {
    this.#parts = parts;
  }

  /** Results of this session, newest run first. */
  get shown(): readonly PanelResult[] {
    return [...this.#results.values()];
  }

  get undoable(): string | null {
    return null;
  }

  get history(): readonly PanelHistoryEntry[] {
    return [];
  }

  /** Takes in what a run has saved so far. */
  take(batch: Batch | null): void {
    for (const task of batch?.tasks ?? []) {
      for (const saved of task.saved) {
        if (!this.#results.has(saved.output)) {
          this.#results.set(saved.output, resultOf(task, saved, this.#parts.toSource(saved.output).name));
          void this.#measure(saved.output);
        }
      }
    }
  }

  async decide(id: string, decision: "keep" | "discard" | "restore"): Promise<void> {
    const decided = { keep: "kept", discard: "discarded", restore: "undecided" } as const;
    this.#update(id, { decision: decided[decision] });
  }

  async replaceSource(_id: string): Promise<void> {}

  async undo(): Promise<void> {}

  async open(_id: string): Promise<void> {}

  #update(id: string, change: Partial<PanelResult>): void {
    for (const [key, result] of this.#results) {
      if (result.id === id) {
        this.#results.set(key, { ...result, ...change });
        this.#changed.fire();
      }
    }
  }

  /** Finds out how large a result is, in pixels and bytes. */
  async #measure(output: string): Promise<void> {
    try {
      const [{ width, height, format }, { size }] = await Promise.all([
        this.#parts.inspect(this.#parts.toSource(output)),
        vscode.workspace.fs.stat(vscode.Uri.file(output)),
      ]);
      const file = `${format.toUpperCase()}, ${(size / 1_000_000).toFixed(1)} MB`;
      const result = this.#results.get(output);
      if (result !== undefined) {
        this.#results.set(output, { ...result, width, height, file });
        this.#changed.fire();
      }
    } catch {
      // A picture that is gone again is shown without its size.
    }
  }
}

function resultOf({ request, source }: TaskStatus, saved: Saved, name: string): PanelResult {
  const { values, preset } = request.recipe;
  const { output, taskUUID, provider, cost, seed, flagged } = saved;
  const words = [`Strength ${values.remixStrength}`, values.styleType, preset ?? ""];
  return {
    id: `${taskUUID}-${name}`.replaceAll(/[^\w-]/g, "_"),
    source: source.path,
    original: source.path,
    path: output,
    name,
    decision: "undecided",
    provider,
    flagged,
    cost,
    seed,
    width: 1,
    height: 1,
    file: "",
    prompt: values.positivePrompt ?? "",
    recipe: words.filter((word) => word !== "").join(", "),
  };
}
