import { defaultModel } from "../recipe/models.ts";
import { asFailure, type FailureCode, failureOf, RemixFailure } from "./failure.ts";
import { extensionFor, outputFormat, outputName } from "./names.ts";
import type {
  Destination,
  ImageInspector,
  OutputFormat,
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
 * blame: then nothing more is sent. After `signal` is aborted the rest is reported as `cancelled`; what was saved by
 * then stays.
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
        if (result instanceof RemixFailure) {
          failed.push({ source: request.source, failure: result });
        } else {
          saved.push(result);
        }
      }
    } catch (error) {
      // A failure that was foreseen knows best, also after a cancel: it may say that something is still charged.
      const foreseen = error instanceof RemixFailure || !signal.aborted;
      const failure = foreseen ? asFailure(error) : cancelled(request.source);
      failed.push({ source: request.source, failure });
      stopped = stopsAll.has(failure.code) ? failure : undefined;
    }
  }
  return { saved, failed };
}

/** Yields what was saved; and, for each finished picture that could not be, why. */
async function* remixOne(
  machine: Machine,
  provider: Provider,
  { source, recipe }: Request,
  signal: AbortSignal,
): AsyncGenerator<Saved | RemixFailure> {
  signal.throwIfAborted();
  const bytes = await machine.sources.read(source, signal);
  refuseImpostors(bytes, source.name);
  const task = await plan(machine, source, bytes, recipe, signal);
  await machine.results.probe(destinationFor(source, task.outputFormat));
  for await (const result of provider.remix(task, bytes, signal)) {
    const { bytes: picture, format = task.outputFormat, imageUUID, seed, cost } = result;
    const destination = destinationFor(source, format);
    try {
      const output = await machine.results.save(picture, destination);
      yield { source, output, provider: provider.id, taskUUID: task.taskUUID, imageUUID, seed, cost };
    } catch (error) {
      if (provider.id === "local") {
        throw error;
      }
      // It has been paid for, and so have those that are still to come.
      yield await keep(machine.results, picture, destination, asFailure(error));
    }
  }
}

function destinationFor(source: SourceFile, format: OutputFormat): Destination {
  const extension = extensionFor(format, source);
  return { folder: source.folder, nameFor: (n) => outputName(source.stem, n, extension) };
}

/** Keeps in storage what its folder would not take; both failures are told when that fails too. */
async function keep(
  results: ResultWriter,
  picture: Uint8Array,
  { nameFor }: Destination,
  { code, message, cause }: RemixFailure,
): Promise<RemixFailure> {
  const outcome = await results.keep(picture, nameFor).then(
    (kept) => `The finished picture is kept as ${kept}.`,
    (error: unknown) => `It could not be kept in storage either: ${asFailure(error).message}`,
  );
  return new RemixFailure(code, `${message} ${outcome}`, { cause });
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
