import { pollWait } from "./backoff.ts";
import type { ApiItem } from "./envelope.ts";
import type { Progress } from "./progress.ts";
import { detailsOf } from "./submit.ts";
import type { TaskRun } from "./taskRun.ts";
import { type Tidings, tidingsIn } from "./verdict.ts";

/**
 * Asks after a task that was taken on until nothing more is to be expected, and hands over its results as they come:
 * first those of the reply to its submission.
 *
 * A poll that fails is not a task that fails. When the time is up there is one last poll, since a computer that slept
 * through it may find everything done, and a look into the service's archive.
 *
 * @throws RemixFailure when asking makes no sense any more, or the user stops it
 */
export async function* collect(run: TaskRun, first: Tidings, progress: Progress): AsyncGenerator<ApiItem> {
  yield* progress.take(first);
  for (let poll = 0; !progress.isComplete; poll++) {
    const isLast = run.isLate;
    const tidings = await askOnce(run, poll);
    if (tidings !== undefined) {
      yield* progress.take(tidings);
    }
    if (isLast) {
      break;
    }
  }
  if (!progress.isComplete || progress.pictureless > 0) {
    const details = await detailsOf(run);
    // Without results it would only push out what the last poll said.
    yield* details === undefined || details.items.length === 0 ? [] : progress.take(details);
  }
}

async function askOnce(run: TaskRun, poll: number): Promise<Tidings | undefined> {
  const wait = pollWait(poll, run.parts.random);
  await run.sleep(wait);
  const answer = await run.ask("getResponse");
  const asked = answer.kind === "failed" ? null : answer.retryAfterMs;
  if (asked !== null && asked > wait) {
    await run.sleep(asked - wait);
  }
  return tidingsIn(answer, run.task.taskUUID);
}
