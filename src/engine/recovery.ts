import type { Recipe } from "../recipe/parameters.ts";
import { asFailure, RemixFailure } from "./failure.ts";
import { usedPart } from "./finishing.ts";
import type { Failed } from "./job.ts";
import type { OpenTask, WindowJournal } from "./journal.ts";
import { chargeOf, type Ledger } from "./ledger.ts";
import type { Provider, RemixResult, RemixTask, SourceFile } from "./ports.ts";
import type { Provenance } from "./provenance.ts";
import { type Saved, type SavingParts, saveResult, writeSidecar } from "./saving.ts";
import { Scheduler } from "./scheduler.ts";
import { destinationFor, type Request, requestOf, sentTask } from "./task.ts";

/** What recovery needs of the world. */
export interface RecoveryParts extends SavingParts {
  readonly journal: WindowJournal;
  readonly ledger: Ledger;
  readonly toSource: (path: string) => SourceFile;
  /** Values for what is not written down: how results are delivered. */
  readonly currentRecipe: () => Recipe;
  /** The provider that can ask for results; undefined where there is no key. */
  readonly provider: () => Promise<Provider | undefined>;
  /** What a picture says of itself; undefined where it says nothing. */
  readonly provenanceOf: (bytes: Uint8Array) => Promise<Provenance | undefined>;
}

/** A task that was planned and never sent. Nothing was charged for it. */
export interface Unsent {
  readonly taskUUID: string;
  readonly request: Request;
  /** What one result was expected to cost, in USD. */
  readonly estimate: number;
  /** When it was planned. */
  readonly planned: Date;
  /** Whether its request may have left the machine: the service does not know it, and may only be slow to. */
  readonly mayBeOut: boolean;
}

/** What came of tasks that windows which are gone had left. */
export interface Recovered {
  readonly saved: readonly Saved[];
  readonly failed: readonly Failed[];
  readonly unsent: readonly Unsent[];
}

/** Fetches of unfinished tasks at the same time. */
const concurrency = 4;

/**
 * Brings the tasks of windows that are gone to their end: pictures that were complete get their names, results are
 * fetched, everything else is told with its UUID. Nothing is sent that would cost anything.
 *
 * @param onEnd hears what came of each task as soon as it has reached its end
 */
export async function recover(
  parts: RecoveryParts,
  tasks: readonly OpenTask[],
  signal: AbortSignal,
  onEnd: (taskUUID: string, outcome: Recovered) => void = () => undefined,
): Promise<Recovered> {
  const all: Recovered[] = [];
  const scheduler = new Scheduler(() => concurrency);
  const one = async (task: OpenTask) => {
    const source = parts.toSource(task.plan?.source ?? task.submission?.source ?? task.taskUUID);
    const saved: Saved[] = [];
    const failed: Failed[] = [];
    const unsent: Unsent[] = [];
    try {
      const outcome = await recoverOne(parts, task, source, saved, failed, signal);
      unsent.push(...(outcome === undefined ? [] : [outcome]));
    } catch (error) {
      failed.push({ source, failure: asFailure(error), taskUUID: task.taskUUID });
    }
    all.push({ saved, failed, unsent });
    onEnd(task.taskUUID, { saved, failed, unsent });
  };
  await Promise.all(
    tasks.map(
      (task) =>
        new Promise<void>((resolve) => {
          scheduler.add(scheduler, () => one(task).finally(resolve));
        }),
    ),
  );
  return {
    saved: all.flatMap(({ saved }) => saved),
    failed: all.flatMap(({ failed }) => failed),
    unsent: all.flatMap(({ unsent }) => unsent),
  };
}

/** @returns the task where it turns out that it was never sent */
async function recoverOne(
  parts: RecoveryParts,
  open: OpenTask,
  source: SourceFile,
  saved: Saved[],
  failed: Failed[],
  signal: AbortSignal,
): Promise<Unsent | undefined> {
  const { journal, ledger, now } = parts;
  const { taskUUID, plan } = open;
  if (plan === null) {
    throw new RemixFailure("abandoned", `${notFetched(source, taskUUID)} Its record is damaged.`, {
      isOpen: true,
    });
  }
  const request = requestOf(plan, source, parts.currentRecipe());
  const task = sentTask(open, request);
  const { estimate } = plan;
  const mayBeOut = open.submission !== null;
  const notYet = { taskUUID, request, estimate, planned: new Date(open.time), mayBeOut };
  if (task === undefined) {
    return notYet;
  }
  const written = new Set((await ledger.charges()).map(({ imageUUID }) => imageUUID));
  for (const result of open.received) {
    const entry = chargeOf(open, result, now());
    if (entry !== undefined && !written.has(entry.imageUUID)) {
      await ledger.add(entry);
    }
  }
  const known = new Set(open.saved);
  for (const result of await adoptStaged(parts, open, task)) {
    saved.push(result);
    known.add(result.imageUUID ?? "");
  }
  if (known.size >= plan.results) {
    await journal.settled(taskUUID, "delivered");
    return undefined;
  }
  const isUnknown = await fetchRest(parts, open, task, known, saved, failed, signal);
  return isUnknown ? notYet : undefined;
}

/** Gives pictures their names that were complete when their window went. */
async function adoptStaged(parts: RecoveryParts, open: OpenTask, task: RemixTask): Promise<readonly Saved[]> {
  const { results, journal } = parts;
  const { source, taskUUID } = task;
  const adopted: Saved[] = [];
  for (const staged of open.staged.filter(({ imageUUID }) => !open.saved.includes(imageUUID))) {
    const { imageUUID } = staged;
    // A folder that takes nothing now is no reason not to fetch the picture once more.
    const output = await results
      .adopt(
        staged,
        destinationFor(task, staged.format, { seed: seedOf(open, imageUUID), now: parts.now() }).nameFor,
      )
      .catch(() => undefined);
    if (output !== undefined) {
      await writeSidecar(parts, output, staged.sidecar);
      await journal.saved(taskUUID, imageUUID, output);
      const {
        cost = null,
        seed = null,
        flagged = false,
      } = open.received.find((known) => known.imageUUID === imageUUID) ?? {};
      const used = usedPart(task, "runware", true);
      const shown = used === undefined ? {} : { used };
      adopted.push({
        source,
        output,
        provider: "runware",
        taskUUID,
        imageUUID,
        seed,
        cost,
        flagged,
        ...shown,
      });
    }
  }
  return adopted;
}

function seedOf({ received }: OpenTask, imageUUID: string): string | null {
  return received.find((known) => known.imageUUID === imageUUID)?.seed ?? null;
}

/** @returns whether the service never received the task, so that nothing was charged */
async function fetchRest(
  parts: RecoveryParts,
  open: OpenTask,
  task: RemixTask,
  known: ReadonlySet<string>,
  saved: Saved[],
  failed: Failed[],
  signal: AbortSignal,
): Promise<boolean> {
  const { source, taskUUID } = task;
  if (signal.aborted) {
    throw new RemixFailure("abandoned", `${notFetched(source, taskUUID)} Run Resume Pending to go on.`, {
      isOpen: true,
    });
  }
  const provider = await parts.provider();
  const collect = provider?.collect?.bind(provider);
  if (provider === undefined || collect === undefined) {
    const next = "Set an API key, then run Resume Pending.";
    throw new RemixFailure("authentication", `${notFetched(source, taskUUID)} ${next}`, { isOpen: true });
  }
  if (open.submission !== null && provider.endpoint !== open.submission.endpoint) {
    const next = `It was sent to ${open.submission.endpoint}: set imageRemix.runware.endpoint to that, then run Resume Pending.`;
    throw new RemixFailure("network", `${notFetched(source, taskUUID)} ${next}`, { isOpen: true });
  }
  try {
    for await (const result of collect(task, known, signal)) {
      const model = open.submission?.model;
      const made = model === undefined ? result : { ...result, model };
      const isResult = (bytes: Uint8Array) => isOf(parts, bytes, made, taskUUID);
      const outcome = await saveResult(parts, made, task, "runware", { isResult });
      if ("output" in outcome) {
        saved.push(outcome);
      } else if (outcome.failure.isOpen) {
        throw outcome.failure;
      } else {
        const { failure, keptAs } = outcome;
        failed.push({ source, failure, ...(keptAs === null ? {} : { keptAs }) });
      }
    }
    return false;
  } catch (error) {
    const failure = asFailure(error);
    const wasReceived = open.isAccepted || open.received.length > 0;
    if (failure.isOpen || signal.aborted || failure.code !== "network") {
      throw failure;
    }
    if (wasReceived) {
      const message = `${notFetched(source, taskUUID)} Runware does not know it: its time is over, or it was sent with another API key. It may have been charged. Set that key and run Resume Pending, or ask Runware's support with this number.`;
      throw new RemixFailure("abandoned", message, { isOpen: true });
    }
    const { keyMark } = open.submission ?? {};
    if (keyMark !== undefined && keyMark !== (await provider.keyMark?.(taskUUID))) {
      const message = `${notFetched(source, taskUUID)} It was sent with another API key, and only that one can tell whether it was charged. Set that key, then run Resume Pending.`;
      throw new RemixFailure("authentication", message, { isOpen: true });
    }
    return true;
  }
}

/** Whether a picture says of itself that it is `result`: the journal's disk may have failed when it was saved. */
async function isOf(
  { provenanceOf }: RecoveryParts,
  bytes: Uint8Array,
  { imageUUID }: RemixResult,
  taskUUID: string,
): Promise<boolean> {
  const own = imageUUID === null ? undefined : await provenanceOf(bytes).catch(() => undefined);
  return own?.taskUUID === taskUUID && own.imageUUID === imageUUID;
}

function notFetched(source: SourceFile, taskUUID: string): string {
  return `The result of ${source.name} (task ${taskUUID}) could not be fetched.`;
}
