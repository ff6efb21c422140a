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
  const { clock, polls, random } = run.parts;
  const start = clock.monotonic();
  let misses = 0;
  let missed = 0;
  // Of a task's results only the first tells how long drawing takes, and not what was found after an outage, or after
  // the computer slept.
  let isTelling = true;
  for (let poll = 0; !progress.isComplete; poll++) {
    const isLast = run.isLate;
    const before = clock.monotonic();
    const wait = polls?.wait(misses, before - start, random) ?? pollWait(poll, random);
    const { tidings, asked } = await askOnce(run, wait);
    isTelling &&= tidings !== undefined && asked - before <= 2 * wait + oversleep;
    const fresh = tidings === undefined ? [] : progress.take(tidings);
    if (fresh.length > 0) {
      if (isTelling) {
        polls?.learn(missed, asked - start);
      }
      isTelling = false;
      // The others are expected any moment.
      misses = 0;
    } else {
      misses++;
      missed = asked - start;
    }
    yield* fresh;
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

/** Milliseconds by which a wait may take longer on a busy machine. */
const oversleep = 2000;

/** @returns what was said, and when it was asked */
async function askOnce(
  run: TaskRun,
  wait: number,
): Promise<{ readonly tidings: Tidings | undefined; readonly asked: number }> {
  await run.sleep(wait);
  const time = run.parts.clock.monotonic();
  const answer = await run.ask("getResponse");
  const asked = answer.kind === "failed" ? null : answer.retryAfterMs;
  if (asked !== null && asked > wait) {
    await run.sleep(asked - wait);
  }
  return { tidings: tidingsIn(answer, run.task.taskUUID), asked: time };
}
