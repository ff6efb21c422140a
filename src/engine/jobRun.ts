import { RemixFailure } from "./failure.ts";
import type { Job, TaskState } from "./job.ts";
import { alreadyAtWork } from "./jobFailures.ts";
import type { JobQueue } from "./jobQueue.ts";
import { type MeanwhileParts, refuseChanged } from "./madeMeanwhile.ts";
import type { Claims, Draw, RemixTask, SourceFile } from "./ports.ts";
import { workOf } from "./sameWork.ts";
import { keptNote, type SavingParts, saveResult } from "./saving.ts";
import { readyTask, type TaskParts } from "./task.ts";

/** What a job needs on its way. */
export interface JobRunParts extends SavingParts, MeanwhileParts, Omit<TaskParts, "results"> {
  readonly claims: Claims;
  readonly queue: JobQueue;
  readonly onState: (job: Job, state: TaskState) => void;
  /** Everything that the job asked for has come, and is in safety. */
  readonly onDone: (job: Job) => void;
  /**
   * Nothing more will come, or a picture could not be brought to safety (a RemixFailure), or the job was stopped while it
   * waited (the reason of its signal).
   */
  readonly onFailed: (job: Job, error: unknown) => Promise<void>;
  /** One of a job's results has been saved or kept. */
  readonly onResult: () => void;
  /** A folder would not take a picture, full, read-only or gone: what is still to be paid for would fare no better. */
  readonly onRefusedByFolder: (failure: RemixFailure, source: SourceFile) => void;
}

/**
 * Has a job prepared, drawn and saved, waiting for its turn where that is needed. Never rejects.
 */
export async function runJob(parts: JobRunParts, job: Job): Promise<void> {
  const { queue, onState } = parts;
  let leave: (() => void) | undefined;
  let release: (() => Promise<void>) | undefined;
  try {
    // Where nothing can be prepared ahead, its turn comes first.
    leave = job.options.provider.prepare === undefined ? await queue.place(job) : undefined;
    const hand = await queue.hand(job);
    const { pauses } = queue;
    let ready: ReadyJob;
    try {
      onState(job, "preparing");
      release = await claim(parts, job);
      ready = await readied(parts, job);
    } finally {
      hand();
    }
    if (leave === undefined) {
      onState(job, "waiting");
      leave = await queue.place(job);
      if (queue.pauses !== pauses) {
        // A pause may last for hours: source and folder need not be what they were.
        onState(job, "preparing");
        ready = await readied(parts, job);
      }
    }
    await draw(parts, job, ready, leave);
    parts.onDone(job);
  } catch (error) {
    // Before its place is given back: what stopped this job may have to stop the next one.
    await parts.onFailed(job, error);
  } finally {
    leave?.();
    await release?.().catch(() => undefined);
  }
}

/** A job that only needs to be sent. What is prepared keeps nothing of its source, so that little is in memory. */
interface ReadyJob {
  readonly task: RemixTask;
  readonly draw: Draw;
}

async function readied(parts: JobRunParts, job: Job): Promise<ReadyJob> {
  const { request, taskUUID, stop } = job;
  const { provider } = job.options;
  const task = await readyTask(parts, request, taskUUID, stop.signal);
  if (provider.id !== "local") {
    await refuseChanged(parts, job, task);
  }
  const prepared = await provider.prepare?.(task, stop.signal);
  return { task, draw: prepared ?? (() => provider.remix(task, stop.signal)) };
}

async function draw(
  parts: JobRunParts,
  job: Job,
  { task, draw }: ReadyJob,
  onDrawn: () => void,
): Promise<void> {
  for await (const result of draw(onDrawn)) {
    parts.onState(job, "saving");
    const outcome = await saveResult(parts, result, task, job.provider);
    if ("output" in outcome) {
      job.saved.push(outcome);
    } else if (outcome.failure.isOpen || job.provider === "local") {
      throw outcome.failure;
    } else {
      const { failure, keptAs } = outcome;
      job.fail(failure, keptAs);
      if (failure.code === "diskFull" || failure.code === "readOnly") {
        const reason = failure.message.replace(keptNote(keptAs ?? ""), "");
        parts.onRefusedByFolder(new RemixFailure(failure.code, reason), job.source);
      }
    }
    parts.onResult();
  }
}

/**
 * Makes sure that no other window is having the same drawn of the same picture at the moment.
 *
 * @throws RemixFailure `needsConfirmation` when one is
 */
async function claim(
  { claims, canonicalPath }: JobRunParts,
  job: Job,
): Promise<(() => Promise<void>) | undefined> {
  if (job.provider === "local") {
    return undefined;
  }
  const release = await claims.take(workOf(job.provider, await canonicalPath(job.source.path), job.request));
  if (release === undefined) {
    throw alreadyAtWork(job.source, "in another window");
  }
  return release;
}
