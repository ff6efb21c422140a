import { RemixFailure } from "./failure.ts";
import type { History } from "./history.ts";
import type { Job } from "./job.ts";
import type { OpenTask } from "./journal.ts";
import { isAskedBy } from "./plan.ts";
import type { RemixTask, SourceFile } from "./ports.ts";

/** What is needed to look for results that somebody else has had made. */
export interface MeanwhileParts {
  readonly history: Pick<History, "madeSince">;
  /** Paid tasks of all windows that have not come to their end. @throws RemixFailure where that cannot be told */
  readonly openTasks: () => Promise<readonly OpenTask[]>;
  /** The recipe's hash, with the content of its style references. @throws RemixFailure naming one that cannot be read */
  readonly recipeHashOf: (task: RemixTask) => Promise<string>;
}

/**
 * Makes sure that what a plan found missing has not been made since, by another window or a second run: the plan may
 * have been open for hours, and would be paid for twice.
 *
 * @param asOf when the user saw what there was
 * @throws RemixFailure `needsConfirmation` when the same has been made of the same picture by now
 */
export async function refuseMadeMeanwhile(
  { history, recipeHashOf }: MeanwhileParts,
  task: RemixTask,
  asOf: Date,
): Promise<void> {
  const { source, sourceSha256, taskUUID } = task;
  const made = await history.madeSince(asOf);
  const ofSource = made.filter(
    (result) =>
      result.provider === "runware" &&
      result.source === source.path &&
      result.sourceHash === sourceSha256 &&
      result.taskUUID !== taskUUID,
  );
  const recipeHash = ofSource.length === 0 ? "" : await recipeHashOf(task);
  if (ofSource.some((result) => result.recipeHash === recipeHash)) {
    throw doneMeanwhile(source);
  }
}

/** Those of `jobs` whose work was taken up since they were planned, by a window that may be gone by now. */
export async function takenUpMeanwhile(
  { openTasks }: MeanwhileParts,
  jobs: readonly Job[],
  asOf: Date,
): Promise<readonly Job[]> {
  const own = new Set(jobs.map(({ taskUUID }) => taskUUID));
  const others = (await openTasks()).filter(
    ({ taskUUID, time }) => !own.has(taskUUID) && Date.parse(time) > asOf.getTime(),
  );
  return jobs.filter(({ request }) => {
    const asks = isAskedBy(request);
    return others.some(({ plan }) => asks(plan));
  });
}

/** The failure of a job whose work was done, or taken up, since it was planned. */
export function doneMeanwhile({ name }: SourceFile): RemixFailure {
  const message = `${name} was remixed with the same recipe after this was planned. Look at its results, then run it again if you want more.`;
  return new RemixFailure("needsConfirmation", message, { retryable: true });
}
