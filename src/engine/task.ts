import { defaultModel, type Model, models, sizeName } from "../recipe/models.ts";
import type { ParameterId, Recipe } from "../recipe/parameters.ts";
import { parameter, parameterIds } from "../recipe/parameters.ts";
import { defaultRecipe, readValues } from "../recipe/recipe.ts";
import { recipeRecord } from "../recipe/record.ts";
import { failureOf, RemixFailure } from "./failure.ts";
import type { OpenTask, TaskPlan } from "./journal.ts";
import { dayOf } from "./ledger.ts";
import { extensionFor, outputFormat } from "./names.ts";
import { fileNameFor, type OutputOptions, readFolder } from "./output.ts";
import type {
  Destination,
  OutputFormat,
  RemixTask,
  ResultWriter,
  SourceFile,
  SourceInspector,
} from "./ports.ts";
import type { ResolvedRecipe } from "./resolve.ts";
import { detailMatters, fitInto, sizeFor } from "./size.ts";

/** A source and what is to be made of it. */
export interface Request {
  readonly source: SourceFile;
  readonly recipe: ResolvedRecipe;
  /** How results are saved. */
  readonly output: OutputOptions;
  /** What the source was when the user saw what would become of it; absent where it may be whatever it is. */
  readonly sourceSha256?: string;
}

/** What is needed to make a task of a request. */
export interface TaskParts {
  readonly sources: SourceInspector;
  readonly results: Pick<ResultWriter, "probe">;
}

/**
 * Reads the source, decides on size and crop, and makes sure that results can be written: whatever can go wrong before
 * anything is drawn.
 *
 * @throws RemixFailure naming the source
 */
export async function readyTask(
  { sources, results }: TaskParts,
  { source, recipe: { values: recipe, referenceBase, preset }, output }: Request,
  taskUUID: string,
  signal: AbortSignal,
): Promise<RemixTask> {
  signal.throwIfAborted();
  const { positivePrompt } = recipe;
  if (positivePrompt === null) {
    const next = "Set imageRemix.positivePrompt, or choose a preset that has one.";
    throw new RemixFailure("promptRequired", `There is no prompt for ${source.name}. ${next}`);
  }
  const named = (error: unknown): never => {
    signal.throwIfAborted();
    throw failureOf(source.name, error);
  };
  const { sha256, ...facts } = await sources.inspect(source, signal).catch(named);
  const size = sizeFor(recipe.size, facts, defaultModel.sizes);
  if (size === undefined) {
    throw new RemixFailure("invalidRecipe", `${recipe.size} is not a size that ${defaultModel.title} draws.`);
  }
  const detail = detailMatters(facts, size, recipe.fit)
    ? await sources.detailOf(source, sha256, signal).catch(named)
    : undefined;
  const task = {
    taskUUID,
    source,
    sourceSha256: sha256,
    recipe,
    positivePrompt,
    size,
    fitting: fitInto(facts, size, recipe.fit, detail),
    outputFormat: outputFormat(recipe.outputFormat, facts.format),
    referenceBase,
    preset,
    output,
  };
  await results.probe(destinationFor(task, task.outputFormat, firstName));
  return task;
}

/** What a result's name can tell of it besides its task. */
interface NameFacts {
  /** Decimal digits; null when unknown. */
  readonly seed: string | null;
  readonly now: Date;
}

const firstName: NameFacts = { seed: null, now: new Date(0) };

/** Where a result of a task belongs that has the given format. */
export function destinationFor(
  { source, output, preset, size }: Pick<RemixTask, "source" | "output" | "preset" | "size">,
  format: OutputFormat,
  { seed, now }: NameFacts,
): Destination {
  const extension = extensionFor(format, source);
  const parts = {
    name: source.stem,
    preset: preset ?? "settings",
    date: dayOf(now),
    seed: seed ?? "unknown",
    size: sizeName(size),
  };
  return {
    base: source.folder,
    below: readFolder(output.folder) ?? [],
    nameFor: (n) => `${fileNameFor(output.fileName, parts, n)}${extension}`,
  };
}

/** What is written down of a request before anything is done. */
export function planOf(
  { source, recipe: { values, preset, referenceBase }, output }: Request,
  taskUUID: string,
  batch: string,
  estimate: number,
): TaskPlan {
  const recipe = recipeRecord(values);
  const results = values.numberResults;
  return { taskUUID, batch, source: source.path, recipe, preset, referenceBase, output, results, estimate };
}

/**
 * The request that a plan was made of.
 *
 * @param current values for what is not written down: how results are delivered
 * @throws RemixFailure `invalidRecipe` for a record that was tampered with
 */
export function requestOf(plan: TaskPlan, source: SourceFile, current: Recipe): Request {
  const isRecipe = (id: ParameterId) => parameter(id).group === "recipe";
  const { values, problems } = readValues(plan.recipe, isRecipe);
  const [problem] = problems;
  if (problem !== undefined) {
    const message = `The record of ${source.name} is damaged: ${problem.key} is not valid. Remix it anew.`;
    throw new RemixFailure("invalidRecipe", message);
  }
  const delivery = Object.fromEntries(
    parameterIds.filter((id) => !isRecipe(id)).map((id) => [id, current[id]]),
  );
  const recipe = { ...defaultRecipe, ...values, ...delivery };
  const origins = Object.fromEntries(parameterIds.map((id) => [id, "call"])) as Record<ParameterId, "call">;
  return {
    source,
    recipe: { values: recipe, origins, preset: plan.preset, referenceBase: plan.referenceBase },
    output: plan.output,
  };
}

/** The task as it was sent; undefined for one that was not. */
export function sentTask({ taskUUID, plan, submission }: OpenTask, request: Request): RemixTask | undefined {
  if (plan === null || submission === null) {
    return undefined;
  }
  const { source, recipe } = request;
  const { sourceSha256, size, fitting, outputFormat: format } = submission;
  return {
    taskUUID,
    source,
    sourceSha256,
    recipe: recipe.values,
    positivePrompt: recipe.values.positivePrompt ?? "",
    size,
    fitting,
    outputFormat: format,
    referenceBase: recipe.referenceBase,
    preset: recipe.preset,
    output: request.output,
  };
}

/** What is known of a model; undefined for one that is not in the table. */
export function modelOf(id: string): Model | undefined {
  const known: Readonly<Record<string, Model>> = models;
  return known[id];
}
