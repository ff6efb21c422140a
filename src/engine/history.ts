import * as z from "zod/mini";
import { type RecipeRecord, recipeRecord } from "../recipe/record.ts";
import type { SourceFile } from "./ports.ts";
import type { Provenance } from "./provenance.ts";
import type { ResolvedRecipe } from "./resolve.ts";
import { type BinEntry, lastReplacements } from "./review.ts";
import type { Saved } from "./saving.ts";

const nullableText = z.nullable(z.string());
const resultLine = z.object({
  version: z.literal(1),
  kind: z.literal("result"),
  /** See {@link resultId}. */
  id: z.string(),
  /** UUID of the run that it belongs to, and what that is called. */
  run: z.string(),
  title: z.string(),
  /** When it was saved, ISO 8601. */
  time: z.string(),
  provider: z.enum(["runware", "local"]),
  taskUUID: z.string(),
  imageUUID: nullableText,
  /** Decimal digits; null when unknown. */
  seed: nullableText,
  /** USD; null when unknown. */
  cost: z.nullable(z.number()),
  flagged: z.boolean(),
  /** Absolute path of the source. */
  source: z.string(),
  /** Absolute path of the file. */
  output: z.string(),
  preset: nullableText,
  /** The recipe's parameters that had a value, without those of delivery; null when unknown. */
  recipe: z.nullable(z.record(z.string(), z.unknown())),
});

/** One line of a history, as it stands in the file. */
export const historyLine = z.discriminatedUnion("kind", [
  resultLine,
  z.object({ version: z.literal(1), kind: z.literal("kept"), id: z.string(), isKept: z.boolean() }),
  z.object({ version: z.literal(1), kind: z.literal("moved"), id: z.string(), output: z.string() }),
]);
export type HistoryLine = Readonly<z.infer<typeof historyLine>>;

/** What is remembered of a result when it is saved. */
export type NewResult = Readonly<Omit<z.infer<typeof resultLine>, "version" | "kind">>;

/** A result of this session or an earlier one. */
export type HistoryResult = NewResult & { readonly isKept: boolean };

/** The results that were asked for together. */
export interface HistoryRun {
  readonly id: string;
  readonly title: string;
  /** Of its first result, ISO 8601. */
  readonly time: string;
  readonly provider: "runware" | "local";
  /** Empty when unknown. */
  readonly prompt: string;
  /** In the order in which they were saved. */
  readonly results: readonly HistoryResult[];
  /** USD; null when some of it is unknown. */
  readonly cost: number | null;
}

/** The results of a workspace. Shared by the windows that have it open. */
export interface History {
  /** Newest first. */
  runs(): Promise<readonly HistoryRun[]>;
  /** Remembers results, each once. */
  add(results: readonly NewResult[]): Promise<void>;
  keep(id: string, isKept: boolean): Promise<void>;
  /** Remembers that a result's file has another path now, `restore` having found its name taken. */
  move(id: string, output: string): Promise<void>;
}

/** What a result is called for ever: local previews have no id of their own, but each a seed. */
export function resultId({ taskUUID, imageUUID, seed }: Pick<NewResult, "taskUUID" | "imageUUID" | "seed">) {
  return imageUUID ?? `${taskUUID}-${seed ?? ""}`;
}

/**
 * What is remembered of a result that was just saved.
 *
 * @param run UUID of its batch
 */
export function savedResult(
  { source, output, ...saved }: Saved,
  { values, preset }: Pick<ResolvedRecipe, "values" | "preset">,
  run: string,
  time: Date,
): NewResult {
  return {
    ...saved,
    id: resultId(saved),
    run,
    title: preset ?? "Remix",
    time: time.toISOString(),
    source: source.path,
    output,
    preset,
    recipe: recipeRecord(values),
  };
}

/** The same of a picture that was found and says where it came from: its task counts as its run. */
export function foundResult(
  { path }: SourceFile,
  source: string,
  { provider, taskUUID, imageUUID, seed, cost, flagged, time, preset, recipe }: Provenance,
): NewResult {
  const ids = { taskUUID, imageUUID, seed };
  const title = preset ?? "Remix";
  const told = { provider, cost, flagged, time, preset, recipe, title };
  return { ...ids, ...told, id: resultId(ids), run: taskUUID, source, output: path };
}

/** Takes one more line into account. A result that is known stays as it is. */
export function applyHistoryLine(results: Map<string, HistoryResult>, line: HistoryLine): void {
  const known = results.get(line.id);
  if (line.kind === "result") {
    const { version: _version, kind: _kind, ...result } = line;
    if (known === undefined) {
      results.set(line.id, { ...result, isKept: false });
    }
  } else if (known !== undefined) {
    const { id } = line;
    results.set(
      id,
      line.kind === "kept" ? { ...known, isKept: line.isKept } : { ...known, output: line.output },
    );
  }
}

/** Results by the run that they belong to, the newest run first. */
export function runsOf(results: Iterable<HistoryResult>): readonly HistoryRun[] {
  const byRun = new Map<string, HistoryResult[]>();
  for (const result of results) {
    const known = byRun.get(result.run);
    if (known === undefined) {
      byRun.set(result.run, [result]);
    } else {
      known.push(result);
    }
  }
  const runs = [...byRun.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [runOf(first, all)];
  });
  return runs.toSorted((one, other) => Date.parse(other.time) - Date.parse(one.time));
}

function runOf(first: HistoryResult, results: readonly HistoryResult[]): HistoryRun {
  const { run, title, time, provider, recipe } = first;
  const costs = results.map(({ cost }) => cost);
  const isKnown = costs.every((cost) => cost !== null);
  const cost = isKnown ? costs.reduce<number>((sum, one) => sum + (one ?? 0), 0) : null;
  return { id: run, title, time, provider, prompt: promptOf(recipe), results, cost };
}

/** The prompt of a recipe; empty when it is unknown. */
export function promptOf(recipe: RecipeRecord | null): string {
  const prompt = recipe?.["positivePrompt"];
  return typeof prompt === "string" ? prompt : "";
}

/** What has become of a result. */
export type Standing =
  | { readonly decision: "undecided" | "kept" | "gone"; readonly entry: null }
  /** With what lies in the bin: the result, or the old bytes of its source. */
  | { readonly decision: "discarded" | "replaced"; readonly entry: BinEntry };

/**
 * What has become of a result, by what is there and not by what was intended: so it is right after a crash too.
 *
 * @param isThere whether its file is there
 * @param entries what lies in the bin, oldest first
 */
export function standingOf(
  { source, output, isKept }: HistoryResult,
  isThere: boolean,
  entries: readonly BinEntry[],
): Standing {
  const replacement = lastReplacements(entries).find(({ origin }) => origin === source);
  if (replacement?.replacedBy.result === output) {
    return { decision: "replaced", entry: replacement };
  }
  if (isThere) {
    return { decision: isKept ? "kept" : "undecided", entry: null };
  }
  const entry = entries.findLast(({ why, origin }) => why === "discarded" && origin === output);
  return entry === undefined ? { decision: "gone", entry: null } : { decision: "discarded", entry };
}
