import * as vscode from "vscode";
import * as z from "zod/mini";
import { fractionRectangle } from "../../engine/history.ts";
import { decisions } from "../../protocol/results.ts";
import { throttled } from "../throttled.ts";
import type { PanelResult } from "./services.ts";

const nullableText = z.nullable(z.string());

const decisionSchema = z.enum(decisions);

/** A result as it is remembered: where it came from and what has been decided on it. */
const remembered = z.object({
  /** See {@link keyOf}. */
  key: z.string(),
  run: z.object({ id: z.string(), time: z.number(), title: z.string() }),
  /** Id of its entry in the bin, or of the entry with the source's old bytes. */
  entry: nullableText,
  /** What had been decided before it was discarded or took its source's place. */
  before: z._default(z.nullable(decisionSchema), null),
  /** What was discarded: where it lay, and what it was. */
  binned: z._default(z.nullable(z.object({ origin: z.string(), sha256: z.string() })), null),
  result: z.object({
    id: z.string(),
    source: z.string(),
    original: z.string(),
    path: z.string(),
    name: z.string(),
    decision: decisionSchema,
    provider: z.enum(["runware", "local"]),
    model: z._default(nullableText, null),
    flagged: z.boolean(),
    cost: z.nullable(z.number()),
    seed: nullableText,
    size: z._default(z.nullable(z.object({ width: z.number(), height: z.number() })), null),
    used: z._default(z.nullable(fractionRectangle), null),
    file: z.string(),
    prompt: z.string(),
    recipe: z.string(),
  }),
});
export type Remembered = z.infer<typeof remembered>;
export type Run = Remembered["run"];

/** A decision that can be taken back, on one result or on several at once. */
const undo = z.object({
  text: z.string(),
  steps: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(["keep", "discard", "replace"]),
      before: decisionSchema,
      /** Id of its entry in the bin; null for what was kept. */
      entry: z._default(nullableText, null),
    }),
  ),
});
export type Undo = z.infer<typeof undo>;
export type UndoStep = Undo["steps"][number];

/** The runs that are looked at. */
const opened = z.object({
  ids: z.array(z.string()),
  /** Whether they were chosen, so that they stay when others start. */
  isChosen: z.boolean(),
});
export type Opened = z.infer<typeof opened>;

const openedKey = "imageRemix.opened";
const resultsKey = "imageRemix.results";
const undosKey = "imageRemix.undos";
/** Results and decisions that are remembered for a workspace; the oldest make room. Their files stay. */
const mostRemembered = 500;
const mostUndos = 100;
/** Milliseconds between two writes: a run of hundreds must not write them all down again for each. */
const writePause = 300;

/** What a result is remembered by: a name that was discarded may be given again. @param path that it was saved under */
export function keyOf(taskUUID: string, path: string): string {
  return `${taskUUID} ${path}`;
}

/** The results of this workspace that are known, and what can be undone. */
export class ResultMemory {
  readonly #memory: vscode.Memento;
  readonly #all = new Map<string, Remembered>();
  /** Those that were read from files, and can be again: they are not written down. */
  readonly #found = new Set<string>();
  #undos: readonly Undo[];
  #opened: Opened;
  readonly #changed = new vscode.EventEmitter<void>();
  #isDue = false;

  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    const results = z.array(z.unknown()).safeParse(memory.get(resultsKey));
    for (const one of results.data ?? []) {
      // One that another version wrote is no reason to forget the others.
      const read = remembered.safeParse(one);
      if (read.success) {
        this.#all.set(read.data.key, read.data);
      }
    }
    const undos = z.array(undo).safeParse(memory.get(undosKey));
    this.#undos = undos.success ? undos.data : [];
    const runs = opened.safeParse(memory.get(openedKey));
    this.#opened = runs.success ? runs.data : { ids: [], isChosen: false };
  }

  get(key: string): Remembered | undefined {
    return this.#all.get(key);
  }

  /** Whether what is known of a result does not come from its file. */
  hasOwn(key: string): boolean {
    return this.#all.has(key) && !this.#found.has(key);
  }

  /** Files that need not be read to be known, where they are now. */
  ownPaths(): ReadonlySet<string> {
    return new Set(this.#own().map(({ result }) => result.path));
  }

  /** The runs, by the UUIDs of their tasks. */
  runsByTask(): ReadonlyMap<string, Run> {
    return new Map(this.#own().map(({ key, run }) => [key.split(" ", 1)[0] ?? "", run]));
  }

  /** In the order in which they came. */
  all(): readonly Remembered[] {
    return [...this.#all.values()];
  }

  /** @param id of the result */
  find(id: string): Remembered | undefined {
    return this.all().find(({ result }) => result.id === id);
  }

  /** The runs with their results, in the order in which they came. */
  runs(): ReadonlyMap<string, { readonly run: Run; readonly results: readonly PanelResult[] }> {
    const runs = new Map<string, { readonly run: Run; readonly results: PanelResult[] }>();
    for (const { run, result } of this.#all.values()) {
      const known = runs.get(run.id) ?? { run, results: [] };
      known.results.push(result);
      runs.set(run.id, known);
    }
    return runs;
  }

  add(one: Remembered): void {
    this.#found.delete(one.key);
    this.#all.set(one.key, one);
    this.#written();
  }

  /**
   * Results that were read from files.
   *
   * @param isWhole whether these are all, in the place of those that were read before
   */
  setFound(found: readonly Remembered[], isWhole: boolean): void {
    for (const key of isWhole ? this.#found : []) {
      this.#all.delete(key);
      this.#found.delete(key);
    }
    const ids = new Set(this.all().map(({ result }) => result.id));
    for (const one of found) {
      if (!this.#all.has(one.key)) {
        const result = { ...one.result, id: unusedId(one.result.id, ids) };
        ids.add(result.id);
        this.#all.set(one.key, { ...one, result });
        this.#found.add(one.key);
      }
    }
    this.#changed.fire();
  }

  /** @param bin what is known of it in the bin, as far as that changes */
  set(
    key: string,
    change: Partial<PanelResult>,
    bin: Partial<Pick<Remembered, "entry" | "before" | "binned">> = {},
  ): void {
    const one = this.#all.get(key);
    if (one === undefined) {
      return;
    }
    if (change.decision !== undefined) {
      // What somebody decided stands in no file.
      this.#found.delete(key);
    }
    const result = { ...one.result, ...change };
    this.#all.set(key, { ...one, ...bin, result });
    this.#written(change.decision !== undefined);
  }

  delete(key: string): void {
    this.#all.delete(key);
    this.dropSteps((step) => step.key === key);
    this.#written();
  }

  get opened(): Opened {
    return this.#opened;
  }

  open(runs: Opened): void {
    this.#opened = runs;
    void this.#memory.update(openedKey, runs);
    this.#changed.fire();
  }

  /** Something is shown in another way. */
  changed(): void {
    this.#changed.fire();
  }

  /** What would be taken back next. */
  get lastUndo(): Undo | undefined {
    return this.#undos.at(-1);
  }

  pushUndo(one: Undo): void {
    this.#undos = [...this.#undos, one].slice(-mostUndos);
    this.#written(true);
  }

  undoSteps(): readonly UndoStep[] {
    return this.#undos.flatMap(({ steps }) => steps);
  }

  /** Lets go of what is taken back, or cannot be any more. */
  dropSteps(isOver: (step: UndoStep) => boolean): void {
    if (this.undoSteps().some(isOver)) {
      this.#undos = this.#undos
        .map((one) =>
          one.steps.some(isOver) ? { ...one, steps: one.steps.filter((step) => !isOver(step)) } : one,
        )
        .filter(({ steps }) => steps.length > 0);
      this.#written(true);
    }
  }

  #own(): readonly Remembered[] {
    return this.all().filter(({ key }) => !this.#found.has(key));
  }

  #written(isDecision = false): void {
    if (isDecision && !this.#isDue) {
      this.#isDue = true;
      // Several that are decided on together are written once.
      queueMicrotask(() => {
        this.#isDue = false;
        this.#writeNow();
      });
    } else if (!isDecision) {
      this.#write();
    }
    this.#changed.fire();
  }

  /** Decisions are written at once: the window may be closed right after. */
  #writeNow(): void {
    const own = this.#own();
    // What lies in the bin is found nowhere else, so that it stays longest.
    const rank = ({ result }: Remembered) => (result.decision === "discarded" ? 1 : 0);
    const surplus = Math.max(0, own.length - mostRemembered);
    const dropped = new Set(own.toSorted((one, other) => rank(one) - rank(other)).slice(0, surplus));
    void this.#memory.update(
      resultsKey,
      own.filter((one) => !dropped.has(one)),
    );
    void this.#memory.update(undosKey, this.#undos);
  }

  readonly #write = throttled(() => this.#writeNow(), writePause);
}

/** A copy of a result in another folder says the same of itself. */
function unusedId(id: string, used: ReadonlySet<string>): string {
  let free = id;
  for (let n = 2; used.has(free); n++) {
    free = `${id.slice(0, 90)}-${n}`;
  }
  return free;
}
