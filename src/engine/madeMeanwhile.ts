import { CanonicalPaths } from "./canonicalPaths.ts";
import { RemixFailure } from "./failure.ts";
import type { History } from "./history.ts";
import type { Job } from "./job.ts";
import { doneMeanwhile } from "./jobFailures.ts";
import type { OpenTask } from "./journal.ts";
import type { CanonicalPath, RemixTask } from "./ports.ts";
import { isAskedBy } from "./sameWork.ts";

/** What is needed to look for results that somebody else has had made. */
export interface MeanwhileParts {
  readonly history: Pick<History, "madeSince">;
  /** Paid tasks of all windows that have not come to their end. @throws RemixFailure where that cannot be told */
  readonly openTasks: () => Promise<readonly OpenTask[]>;
  /** The recipe's hash, with the content of its style references. @throws RemixFailure naming one that cannot be read */
  readonly recipeHashOf: (task: RemixTask) => Promise<string>;
  readonly canonicalPath: CanonicalPath;
}

/**
 * Makes sure that a job is still what the user agreed to: a plan may have been open for hours, and what it found missing
 * may have been made since, by another window or a second run. To be called with the job's claim in hand, so that nobody
 * takes its work up after that.
 *
 * @throws RemixFailure `needsConfirmation` when the source is another by now, when the same has been made of it, or when
 *   it may still come of a task that another window has sent, be that window alive or not
 */
export async function refuseChanged(parts: MeanwhileParts, job: Job, task: RemixTask): Promise<void> {
  const { request, asOf, source } = job;
  if (request.sourceSha256 !== undefined && request.sourceSha256 !== task.sourceSha256) {
    const message = `${source.name} has changed since this was planned, and was not sent. Look at it, then run it again.`;
    throw new RemixFailure("needsConfirmation", message, { retryable: false });
  }
  if (asOf !== undefined) {
    // In this order: what ends in between has its results in the history by then.
    const isOut = await mayStillCome(parts, job, task, asOf);
    if (isOut || (await wasMade(parts, task, asOf))) {
      throw doneMeanwhile(source);
    }
  }
}

async function mayStillCome(
  { openTasks, canonicalPath }: MeanwhileParts,
  { request, source }: Job,
  { taskUUID, sourceSha256 }: RemixTask,
  asOf: Date,
): Promise<boolean> {
  const others = (await openTasks()).filter(
    (open) =>
      open.taskUUID !== taskUUID &&
      open.submission?.sourceSha256 === sourceSha256 &&
      Date.parse(open.time) > asOf.getTime(),
  );
  const paths = new CanonicalPaths(canonicalPath);
  await paths.learn([source.path], sourcesOf(others));
  const asks = isAskedBy(request, paths);
  return others.some(({ plan }) => asks(plan));
}

async function wasMade(
  { history, recipeHashOf, canonicalPath }: MeanwhileParts,
  task: RemixTask,
  asOf: Date,
): Promise<boolean> {
  const { source, sourceSha256, taskUUID } = task;
  const ofContent = (await history.madeSince(asOf)).filter(
    (result) =>
      result.provider === "runware" && result.sourceHash === sourceSha256 && result.taskUUID !== taskUUID,
  );
  const paths = new CanonicalPaths(canonicalPath);
  await paths.learn(
    [source.path],
    ofContent.map((result) => result.source),
  );
  const ofSource = ofContent.filter((result) => paths.areSame(result.source, source.path));
  const recipeHash = ofSource.length === 0 ? "" : await recipeHashOf(task);
  return ofSource.some((result) => result.recipeHash === recipeHash);
}

/** Those of `jobs` whose work was taken up since they were planned, by a window that may be gone by now. */
export async function takenUpMeanwhile(
  { openTasks, canonicalPath }: MeanwhileParts,
  jobs: readonly Job[],
): Promise<readonly Job[]> {
  const wary = jobs.filter(({ asOf }) => asOf !== undefined);
  const own = new Set(jobs.map(({ taskUUID }) => taskUUID));
  const others = wary.length === 0 ? [] : (await openTasks()).filter(({ taskUUID }) => !own.has(taskUUID));
  const paths = new CanonicalPaths(canonicalPath);
  await paths.learn(
    wary.map(({ source }) => source.path),
    sourcesOf(others),
  );
  return wary.filter(({ request, asOf = new Date() }) => {
    const asks = isAskedBy(request, paths);
    return others.some(({ plan, time }) => Date.parse(time) > asOf.getTime() && asks(plan));
  });
}

function sourcesOf(tasks: readonly OpenTask[]): readonly string[] {
  return tasks.flatMap(({ plan }) => (plan === null ? [] : [plan.source]));
}
