import type { Received, Settlement, Submission } from "../../engine/journal.ts";
import type { Draw, Provider, RemixResult, RemixTask } from "../../engine/ports.ts";
import { sha256Hex } from "../../recipe/hash.ts";
import { wireTask } from "../../recipe/wire.ts";
import { collect as collectResults } from "./collect.ts";
import { Connection } from "./connection.ts";
import { pictureOf } from "./download.ts";
import { type ApiItem, costOf } from "./envelope.ts";
import { cancelledFailure, shortfallFailure, unknownTaskFailure } from "./failures.ts";
import type { RunwareParts } from "./ports.ts";
import { type Problem, plainProblem } from "./problem.ts";
import { keyOf, Progress } from "./progress.ts";
import { withoutSecrets } from "./redact.ts";
import { inline, type Reference, referenceTo, styleReference } from "./references.ts";
import { inquire, submit } from "./submit.ts";
import { TaskRun } from "./taskRun.ts";
import type { Tidings } from "./verdict.ts";

/** What a task refers to. */
interface References {
  readonly source: Reference;
  readonly styles: readonly Reference[];
}

/**
 * The provider that has pictures drawn by Runware, for money. Three promises: what was paid for is handed over or
 * remains in the journal as unsettled; nothing is sent twice under different UUIDs; nothing is sent that is not in the
 * journal already.
 *
 * @throws RemixFailure `invalidRecipe` for an endpoint to which no key may be sent
 */
export function runwareProvider(parts: RunwareParts): Provider {
  const connection = new Connection(parts);

  async function* remix(task: RemixTask, signal: AbortSignal): AsyncGenerator<RemixResult> {
    const draw = await prepare(task, signal);
    yield* draw(() => undefined);
  }

  async function prepare(task: RemixTask, signal: AbortSignal): Promise<Draw> {
    const references = await refer(task, signal);
    return (onDrawn) => sent(task, references, signal, onDrawn);
  }

  async function* sent(
    task: RemixTask,
    references: References,
    signal: AbortSignal,
    onDrawn: () => void,
  ): AsyncGenerator<RemixResult> {
    if (signal.aborted) {
      throw cancelledFailure(task.source);
    }
    const run = new TaskRun(parts, connection, task, requestOf(task, references, "wire"), signal);
    const onIdle = () => {
      run.leave();
      onDrawn();
    };
    try {
      await run.enter();
      await run.record(submissionOf(task, references));
      yield* settling(run, results(run, references, onIdle));
    } finally {
      run.leave();
    }
  }

  /** Passes `results` on, and writes down how the task ended if nothing is outstanding then. */
  async function* settling(run: TaskRun, results: AsyncIterable<RemixResult>): AsyncGenerator<RemixResult> {
    let delivered = 0;
    try {
      for await (const result of results) {
        delivered++;
        yield result;
      }
      await settle(run, "delivered");
    } catch (error) {
      await settle(run, delivered > 0 ? "partial" : run.signal.aborted ? "notSent" : "refused");
      throw error;
    }
  }

  async function* collect(
    task: RemixTask,
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): AsyncGenerator<RemixResult> {
    const run = new TaskRun(parts, connection, inAnyForm(task), { taskUUID: task.taskUUID }, signal);
    run.isOpen = true;
    run.startWaiting();
    const inquiry = await inquire(run);
    if (inquiry === "unreachable") {
      throw run.failure(plainProblem("timeout", ""));
    }
    if (inquiry === "nothing") {
      throw unknownTaskFailure(run.subject);
    }
    await run.note((journal) => journal.accepted(task.taskUUID));
    yield* settling(run, handOver(run, inquiry, known));
  }

  async function refer(task: RemixTask, signal: AbortSignal): Promise<References> {
    try {
      signal.throwIfAborted();
      // Without a key nothing else needs to be done.
      await connection.key();
      const image = await parts.prepare(task, signal);
      const styles: Reference[] = [];
      for (const style of task.recipe.styleReferenceImages) {
        styles.push(await styleReference(style, task, parts, connection, signal));
      }
      const reference = await referenceTo(image, parts, connection, signal);
      signal.throwIfAborted();
      return { source: reference, styles };
    } catch (error) {
      throw signal.aborted ? cancelledFailure(task.source) : error;
    }
  }

  async function* results(
    run: TaskRun,
    references: References,
    onDrawn: () => void,
  ): AsyncGenerator<RemixResult> {
    const { task } = run;
    const sendInline = async (): Promise<boolean> => {
      const all = [references.source, ...references.styles];
      const stored = all.flatMap((reference) => reference.stored ?? []);
      await Promise.all(stored.map(({ sha256 }) => parts.uploads?.delete(sha256)));
      const inlineForm = (reference: Reference) =>
        reference.stored === undefined ? reference : inline(reference.stored.image, parts);
      const inlined = {
        source: inlineForm(references.source),
        styles: references.styles.map(inlineForm),
      };
      run.request = requestOf(task, inlined, "wire");
      const isOther = stored.length > 0 && !hasFallenBack;
      hasFallenBack = true;
      return isOther;
    };
    let hasFallenBack = false;

    yield* handOver(run, await submit(run, sendInline), new Set(), onDrawn);
  }

  /**
   * Hands over the results of a task that the service has taken on.
   *
   * @param known `imageUUID` of results that are in safety already
   * @param onDrawn called once nothing more is to be drawn
   */
  async function* handOver(
    run: TaskRun,
    first: Tidings,
    known: ReadonlySet<string>,
    onDrawn: () => void = () => undefined,
  ): AsyncGenerator<RemixResult> {
    const { task } = run;
    const asked = task.recipe.numberResults;
    const progress = new Progress(asked);
    const lost: Problem[] = [];
    let delivered = 0;
    for await (const found of collectResults(run, first, progress)) {
      if (progress.isComplete) {
        onDrawn();
      }
      const item = await identified(found);
      if (known.has(item.imageUUID)) {
        delivered++;
        continue;
      }
      await run.note((journal) => journal.received(task.taskUUID, receivedOf(item)));
      const picture = await pictureOf(run, item);
      if ("bytes" in picture) {
        delivered++;
        yield { ...picture, ...factsOf(item), model: parts.model };
      } else {
        lost.push(picture);
      }
    }
    const unaccounted = lost.length + progress.pictureless;
    const isOpen = unaccounted > 0 || !progress.isComplete;
    run.isOpen = isOpen;
    if (isOpen || delivered < asked) {
      const problem = lost[0] ?? progress.problem;
      throw shortfallFailure({ delivered, asked, lost: unaccounted, problem, isOpen }, run.subject);
    }
  }

  function requestOf(task: RemixTask, { source, styles }: References, form: "wire" | "record") {
    return wireTask({
      taskUUID: task.taskUUID,
      model: parts.model,
      size: task.size,
      outputFormat: task.outputFormat,
      referenceImages: [source[form]],
      recipe: {
        ...task.recipe,
        positivePrompt: task.positivePrompt,
        styleReferenceImages: styles.map((style) => style[form]),
      },
    });
  }

  function submissionOf(task: RemixTask, references: References): Submission {
    const { webhookURL, uploadEndpoint } = task.recipe;
    return {
      taskUUID: task.taskUUID,
      model: parts.model,
      endpoint: withoutSecrets(parts.endpoint),
      source: task.source.path,
      destination: task.source.folder,
      sourceSha256: task.sourceSha256,
      size: task.size,
      fitting: task.fitting,
      outputFormat: task.outputFormat,
      request: {
        ...requestOf(task, references, "record"),
        // Such addresses carry tokens and signatures.
        ...(webhookURL === null ? {} : { webhookURL: originOf(webhookURL) }),
        ...(uploadEndpoint === null ? {} : { uploadEndpoint: originOf(uploadEndpoint) }),
      },
    };
  }

  const keyMark = (taskUUID: string) => connection.keyMark(taskUUID);
  return { id: "runware", endpoint: withoutSecrets(parts.endpoint), keyMark, remix, prepare, collect };
}

/** The task such that its results may come in whichever form they were asked for when it was sent. */
function inAnyForm(task: RemixTask): RemixTask {
  return { ...task, recipe: { ...task.recipe, outputType: "base64Data" } };
}

/** Writes down that nothing is outstanding, if that is so. */
async function settle(run: TaskRun, settlement: Settlement): Promise<void> {
  if (!run.isOpen) {
    await run.note((journal) => journal.settled(run.task.taskUUID, settlement));
  }
}

type IdentifiedItem = ApiItem & { readonly imageUUID: string };

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : "…";
}

/** An item, with an id of our own where the service gave none, so that no two are taken for the same. */
async function identified(item: ApiItem): Promise<IdentifiedItem> {
  const hash = await sha256Hex(new TextEncoder().encode(keyOf(item)));
  return { ...item, imageUUID: item.imageUUID ?? `unnamed-${hash.slice(0, 24)}` };
}

function factsOf(item: IdentifiedItem): Omit<RemixResult, "bytes" | "format"> {
  return {
    imageUUID: item.imageUUID,
    seed: item.seed ?? null,
    cost: costOf(item),
    ...(item.NSFWContent === undefined ? {} : { flagged: item.NSFWContent }),
  };
}

function receivedOf(item: IdentifiedItem): Received {
  return {
    imageUUID: item.imageUUID,
    imageURL: item.imageURL === undefined ? null : withoutSecrets(item.imageURL),
    ...(item.NSFWContent === undefined ? {} : { flagged: item.NSFWContent }),
    cost: costOf(item),
    seed: item.seed ?? null,
  };
}
