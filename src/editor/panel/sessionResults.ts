import * as vscode from "vscode";
import * as z from "zod/mini";
import type { Batch, TaskStatus } from "../../engine/job.ts";
import type { ImageFacts, SourceFile } from "../../engine/ports.ts";
import type { Saved } from "../../engine/saving.ts";
import type { Review } from "../review.ts";
import { throttled } from "../throttled.ts";
import type { PanelHistoryEntry, PanelResult } from "./services.ts";

/** What it takes to show and decide on results. */
export interface SessionResultsParts {
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  readonly inspect: (source: SourceFile) => Promise<ImageFacts>;
  readonly review: Review;
  /** Remembers results for this workspace. */
  readonly memory: vscode.Memento;
}

const nullableText = z.nullable(z.string());

/** A result as it is remembered: where it came from and what has been decided on it. */
const remembered = z.object({
  run: z.object({ id: z.string(), time: z.number(), title: z.string() }),
  /** Id of its entry in the bin, or of the entry with the source's old bytes. */
  entry: nullableText,
  result: z.object({
    id: z.string(),
    source: z.string(),
    original: z.string(),
    path: z.string(),
    name: z.string(),
    decision: z.enum(["undecided", "kept", "discarded", "replaced"]),
    provider: z.enum(["runware", "local"]),
    flagged: z.boolean(),
    cost: z.nullable(z.number()),
    seed: nullableText,
    width: z.number(),
    height: z.number(),
    file: z.string(),
    prompt: z.string(),
    recipe: z.string(),
  }),
});
type Remembered = z.infer<typeof remembered>;

const memoryKey = "imageRemix.results";
/** Results that are remembered for a workspace; the oldest make room. Their files stay. */
const mostRemembered = 500;
/** Pictures that stand for a run in the history. */
const thumbnails = 4;

/** Takes back a decision, and says so in words first. */
interface Undo {
  readonly text: string;
  readonly run: () => Promise<void>;
}

/** The results of this workspace, with what has been decided on them. */
export class SessionResults {
  readonly #parts: SessionResultsParts;
  readonly #changed = new vscode.EventEmitter<void>();
  /** By the path under which each was saved, in the order in which they came. */
  readonly #all = new Map<string, Remembered>();
  readonly #undos: Undo[] = [];
  /** Id of the run that is looked at. */
  #opened: string | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(parts: SessionResultsParts) {
    this.#parts = parts;
    const parsed = z.array(remembered).safeParse(parts.memory.get(memoryKey));
    for (const one of parsed.success ? parsed.data : []) {
      this.#all.set(one.result.path, one);
    }
    this.#opened = [...this.#all.values()].at(-1)?.run.id;
  }

  /** Results of the run that is looked at: the newest one, or that which was opened from the history. */
  get shown(): readonly PanelResult[] {
    return this.#of(this.#opened).map(({ result }) => result);
  }

  /** What Undo would take back; null when there is nothing. */
  get undoable(): string | null {
    return this.#undos.at(-1)?.text ?? null;
  }

  /** Runs of this workspace, newest first. */
  get history(): readonly PanelHistoryEntry[] {
    const runs = new Map([...this.#all.values()].map(({ run }) => [run.id, run]));
    return [...runs.values()].reverse().flatMap((run) => {
      const results = this.#of(run.id).map(({ result }) => result);
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

  /** Takes in what a run has saved so far. */
  take(batch: Batch | null): void {
    for (const task of batch?.tasks ?? []) {
      for (const saved of task.saved) {
        if (batch !== null && !this.#all.has(saved.output)) {
          const title = task.request.recipe.preset ?? "Remix";
          const run = { id: batch.id, time: batch.started.getTime(), title };
          const result = resultOf(task, saved, this.#parts.toSource(saved.output).name);
          this.#all.set(saved.output, { run, entry: null, result });
          this.#opened = batch.id;
          void this.#measure(saved.output);
        }
      }
    }
  }

  async decide(id: string, decision: "keep" | "discard" | "restore"): Promise<void> {
    const found = this.#find(id);
    if (found === undefined) {
      return;
    }
    const [key, { result }] = found;
    const before = result.decision;
    switch (decision) {
      case "keep":
        this.#set(key, { decision: "kept" });
        this.#undos.push({
          text: `Kept ${result.name}`,
          run: async () => this.#set(key, { decision: before }),
        });
        return;
      case "discard":
        return this.#discard(key, result);
      case "restore":
        await (before === "replaced" ? this.#undoReplace(key, result) : this.#restore(key));
    }
  }

  /** Asks, then lets a result take its source's place. */
  async replaceSource(id: string): Promise<void> {
    const found = this.#find(id);
    if (found === undefined) {
      return;
    }
    const [key, { result }] = found;
    const { review } = this.#parts;
    const replacement = await review.replaceSource(result.source, result.path);
    if (replacement === undefined) {
      return;
    }
    const original = review.pathOf(replacement);
    for (const [other, { result: one }] of this.#all) {
      if (one.source === result.source && one.original === result.source) {
        this.#set(other, { original });
      }
    }
    this.#set(key, { decision: "replaced" }, replacement.id);
    this.#undos.push({
      text: `Replaced ${this.#parts.toSource(result.source).name}`,
      run: () => this.#undoReplace(key, result),
    });
  }

  async undo(): Promise<void> {
    const last = this.#undos.pop();
    await last?.run();
    this.#changed.fire();
  }

  /** Looks at an earlier run. */
  async open(id: string): Promise<void> {
    this.#opened = id;
    this.#changed.fire();
  }

  async #discard(key: string, { path, name, provider }: PanelResult): Promise<void> {
    const { review } = this.#parts;
    const [entry] = await review.discard([{ path, isPaid: provider !== "local" }]);
    if (entry === undefined) {
      return;
    }
    this.#set(key, { decision: "discarded", path: review.pathOf(entry) }, entry.id);
    this.#undos.push({ text: `Discarded ${name}`, run: () => this.#restore(key) });
  }

  async #restore(key: string): Promise<void> {
    const { review, toSource } = this.#parts;
    const wanted = this.#all.get(key)?.entry;
    const entry = (await review.entries()).find(({ id }) => id === wanted);
    if (entry === undefined) {
      void vscode.window.showWarningMessage("It is no longer in the bin.");
      return;
    }
    const path = await review.restore(entry);
    if (path !== undefined) {
      this.#set(key, { decision: "undecided", path, name: toSource(path).name }, null);
    }
  }

  async #undoReplace(key: string, { source }: PanelResult): Promise<void> {
    const original = this.#all.get(key)?.result.original;
    if (!(await this.#parts.review.undoReplace(source))) {
      return;
    }
    for (const [other, { result }] of this.#all) {
      if (result.source === source && result.original === original) {
        this.#set(other, { original: source });
      }
    }
    this.#set(key, { decision: "undecided" }, null);
  }

  #of(run: string | undefined): readonly Remembered[] {
    return [...this.#all.values()].filter((one) => one.run.id === run);
  }

  #find(id: string): readonly [string, Remembered] | undefined {
    return [...this.#all].find(([, { result }]) => result.id === id);
  }

  #set(key: string, change: Partial<PanelResult>, entry?: string | null): void {
    const one = this.#all.get(key);
    if (one !== undefined) {
      const { run, result } = one;
      this.#all.set(key, {
        run,
        entry: entry === undefined ? one.entry : entry,
        result: { ...result, ...change },
      });
      this.#remember();
      this.#changed.fire();
    }
  }

  /** A run of hundreds must not write them all down again for each. */
  readonly #remember = throttled(() => {
    void this.#parts.memory.update(memoryKey, [...this.#all.values()].slice(-mostRemembered));
  }, 300);

  /** Finds out how large a result is, in pixels and bytes. */
  async #measure(output: string): Promise<void> {
    try {
      const [{ width, height, format }, { size }] = await Promise.all([
        this.#parts.inspect(this.#parts.toSource(output)),
        vscode.workspace.fs.stat(vscode.Uri.file(output)),
      ]);
      this.#set(output, {
        width,
        height,
        file: `${format.toUpperCase()}, ${(size / 1_000_000).toFixed(1)} MB`,
      });
    } catch {
      // A picture that is gone again is shown without its size.
      this.#remember();
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
