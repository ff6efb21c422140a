import { defaultModel } from "../recipe/models.ts";
import { asFailure, type FailureCode, failureOf, RemixFailure } from "./failure.ts";
import { extensionFor, outputFormat, outputName } from "./names.ts";
import type {
  Destination,
  ImageInspector,
  Provider,
  ProviderId,
  RemixTask,
  ResultWriter,
  SourceFile,
  SourceReader,
} from "./ports.ts";
import type { ResolvedRecipe } from "./resolve.ts";
import { fitInto, sizeFor } from "./size.ts";
import { refuseImpostors } from "./sniff.ts";

/** A source and what is to be made of it. */
export interface Request {
  readonly source: SourceFile;
  readonly recipe: ResolvedRecipe;
}

/** A finished picture on disk. */
export interface Saved {
  readonly source: SourceFile;
  /** Absolute path of the new file. */
  readonly output: string;
  readonly provider: ProviderId;
  readonly taskUUID: string;
  readonly imageUUID: string | null;
  readonly seed: string | null;
  readonly cost: number | null;
}

/** A source from which not everything came that was asked for. */
export interface Failed {
  readonly source: SourceFile;
  readonly failure: RemixFailure;
}

/** How a run ended. Each request is in it: with what was saved, with a failure, or with both. */
export interface Outcome {
  readonly saved: readonly Saved[];
  readonly failed: readonly Failed[];
}

/** What a run needs of the world. */
export interface Machine {
  readonly sources: SourceReader;
  readonly images: ImageInspector;
  readonly results: ResultWriter;
  readonly newUUID: () => string;
}

/** Called before each source, with its number from 0. */
export type OnSource = (source: SourceFile, index: number) => void;

/**
 * Remixes one source after the other. A source that fails does not stop the others, except when the account is to
 * blame: then nothing more is sent. After `signal` is aborted the
 * rest is reported as `cancelled`; what was saved by then stays.
 */
export async function run(
  machine: Machine,
  provider: Provider,
  requests: readonly Request[],
  signal: AbortSignal,
  onSource: OnSource = () => undefined,
): Promise<Outcome> {
  const saved: Saved[] = [];
  const failed: Failed[] = [];
  let stopped: RemixFailure | undefined;
  for (const [index, request] of requests.entries()) {
    if (stopped !== undefined) {
      failed.push({ source: request.source, failure: notSent(request.source, stopped) });
      continue;
    }
    onSource(request.source, index);
    try {
      for await (const result of remixOne(machine, provider, request, signal)) {
        saved.push(result);
      }
    } catch (error) {
      const failure = signal.aborted ? cancelled(request.source) : asFailure(error);
      failed.push({ source: request.source, failure });
      stopped = stopsAll.has(failure.code) ? failure : undefined;
    }
  }
  return { saved, failed };
}

async function* remixOne(
  machine: Machine,
  provider: Provider,
  { source, recipe }: Request,
  signal: AbortSignal,
): AsyncGenerator<Saved> {
  signal.throwIfAborted();
  const bytes = await machine.sources.read(source, signal);
  refuseImpostors(bytes, source.name);
  const task = await plan(machine, source, bytes, recipe, signal);
  const extension = extensionFor(task.outputFormat, source);
  const nameFor = (n: number) => outputName(source.stem, n, extension);
  const destination = { folder: source.folder, nameFor };
  await machine.results.probe(destination);
  for await (const { bytes: picture, ...result } of provider.remix(task, bytes, signal)) {
    const output = await saveOrKeep(machine.results, picture, destination, result.cost);
    yield { source, output, provider: provider.id, taskUUID: task.taskUUID, ...result };
  }
}

/** Saves a result. One that has, or may have, cost something is kept in storage when its folder will not take it. */
async function saveOrKeep(
  results: ResultWriter,
  picture: Uint8Array,
  destination: Destination,
  cost: number | null,
): Promise<string> {
  try {
    return await results.save(picture, destination);
  } catch (error) {
    const { code, message } = asFailure(error);
    if (cost === 0) {
      throw error;
    }
    const kept = await results.keep(picture, destination.nameFor);
    throw new RemixFailure(code, `${message} The finished picture is kept as ${kept}.`, { cause: error });
  }
}

async function plan(
  machine: Machine,
  source: SourceFile,
  bytes: Uint8Array,
  { values: recipe, referenceBase }: ResolvedRecipe,
  signal: AbortSignal,
): Promise<RemixTask> {
  const { positivePrompt } = recipe;
  if (positivePrompt === null) {
    throw new RemixFailure("promptRequired", promptRequired(source.name));
  }
  const facts = await machine.images.inspect(bytes, signal).catch((error: unknown) => {
    throw failureOf(source.name, error);
  });
  const size = sizeFor(recipe.size, facts, defaultModel.sizes);
  if (size === undefined) {
    throw new RemixFailure("invalidRecipe", `${recipe.size} is not a size that ${defaultModel.title} draws.`);
  }
  return {
    taskUUID: machine.newUUID(),
    source,
    recipe,
    positivePrompt,
    size,
    fitting: fitInto(facts, size, recipe.fit),
    outputFormat: outputFormat(recipe.outputFormat, facts.format),
    referenceBase,
  };
}

/** The message for a picture that has no prompt. */
function promptRequired(name: string): string {
  return `There is no prompt for ${name}. Set imageRemix.positivePrompt, or choose a preset that has one.`;
}

/** Failures of the account, not of a picture: every further request would only fail likewise. */
const stopsAll: ReadonlySet<FailureCode> = new Set(["authentication", "credit"]);

function notSent(source: SourceFile, { code, message }: RemixFailure): RemixFailure {
  return new RemixFailure(code, `${source.name} was not sent. ${message}`);
}

function cancelled(source: SourceFile): RemixFailure {
  return new RemixFailure("cancelled", `${source.name} was not finished: cancelled.`);
}
