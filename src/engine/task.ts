import { defaultModel, type Model, models } from "../recipe/models.ts";
import type { ParameterId, Recipe } from "../recipe/parameters.ts";
import { parameter, parameterIds } from "../recipe/parameters.ts";
import { defaultRecipe, readValues } from "../recipe/recipe.ts";
import { recipeRecord } from "../recipe/record.ts";
import { failureOf, RemixFailure } from "./failure.ts";
import type { OpenTask, TaskPlan } from "./journal.ts";
import { extensionFor, outputFormat, outputName } from "./names.ts";
import type {
  Destination,
  ImageInspector,
  OutputFormat,
  RemixTask,
  ResultWriter,
  SourceFile,
  SourceReader,
} from "./ports.ts";
import type { ResolvedRecipe } from "./resolve.ts";
import { sha256Of } from "./sha256.ts";
import { fitInto, sizeFor } from "./size.ts";
import { refuseImpostors } from "./sniff.ts";

/** A source and what is to be made of it. */
export interface Request {
  readonly source: SourceFile;
  readonly recipe: ResolvedRecipe;
}

/** What is needed to make a task of a request. */
export interface TaskParts {
  readonly sources: SourceReader;
  readonly images: ImageInspector;
  readonly results: Pick<ResultWriter, "probe">;
}

/** A task that is ready to be drawn. */
export interface ReadyTask {
  readonly task: RemixTask;
  /** The source file's bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the source, decides on size and crop, and makes sure that results can be written: whatever can go wrong before
 * anything is drawn.
 *
 * @throws RemixFailure naming the source
 */
export async function readyTask(
  { sources, images, results }: TaskParts,
  { source, recipe: { values: recipe, referenceBase } }: Request,
  taskUUID: string,
  signal: AbortSignal,
): Promise<ReadyTask> {
  signal.throwIfAborted();
  const { positivePrompt } = recipe;
  if (positivePrompt === null) {
    const next = "Set imageRemix.positivePrompt, or choose a preset that has one.";
    throw new RemixFailure("promptRequired", `There is no prompt for ${source.name}. ${next}`);
  }
  const bytes = await sources.read(source, signal);
  refuseImpostors(bytes, source.name);
  const facts = await images.inspect(bytes, signal).catch((error: unknown) => {
    throw failureOf(source.name, error);
  });
  const size = sizeFor(recipe.size, facts, defaultModel.sizes);
  if (size === undefined) {
    throw new RemixFailure("invalidRecipe", `${recipe.size} is not a size that ${defaultModel.title} draws.`);
  }
  const task = {
    taskUUID,
    source,
    sourceSha256: await sha256Of(bytes),
    recipe,
    positivePrompt,
    size,
    fitting: fitInto(facts, size, recipe.fit),
    outputFormat: outputFormat(recipe.outputFormat, facts.format),
    referenceBase,
  };
  await results.probe(destinationFor(source, task.outputFormat));
  return { task, bytes };
}

/** Where results of a source belong that have the given format. */
export function destinationFor(source: SourceFile, format: OutputFormat): Destination {
  const extension = extensionFor(format, source);
  return { folder: source.folder, nameFor: (n) => outputName(source.stem, n, extension) };
}

/** What is written down of a request before anything is done. */
export function planOf(
  { source, recipe: { values, preset, referenceBase } }: Request,
  taskUUID: string,
  batch: string,
  estimate: number,
): TaskPlan {
  const recipe = recipeRecord(values);
  const results = values.numberResults;
  return { taskUUID, batch, source: source.path, recipe, preset, referenceBase, results, estimate };
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
  };
}

/** What is known of a model; undefined for one that is not in the table. */
export function modelOf(id: string): Model | undefined {
  const known: Readonly<Record<string, Model>> = models;
  return known[id];
}
