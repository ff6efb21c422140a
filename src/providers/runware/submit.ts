import { pollWait, waitBefore } from "./backoff.ts";
import { readEnvelope } from "./envelope.ts";
import { stormFailure } from "./failures.ts";
import type { Problem } from "./problem.ts";
import type { TaskRun } from "./taskRun.ts";
import { about, type Tidings, tidingsIn } from "./verdict.ts";

/** How often a task is sent again that was refused for now. */
const maximumRetries = 10;
/** How often a task is sent again, under the same UUID, of which nobody knows whether it arrived. */
const maximumReplays = 4;
/** Questions that nobody answers, over some 80 s, before the task is left to be asked after another time. */
const maximumUnanswered = 12;
/** Answers of the service that know nothing of the task, before it is believed. */
const answersToBelieve = 2;

/**
 * Brings the task to the service: exactly once as far as the bill goes, however often it has to be sent. A task of
 * which the outcome is not known is asked after first; then it is sent again, always under the same UUID, which the
 * service refuses to carry out twice.
 *
 * @param sendInline called when a stored picture was refused; returns whether the request holds other references now
 * @returns what the first reply said of results
 * @throws RemixFailure when it was refused, or when its outcome cannot be found out
 */
export async function submit(run: TaskRun, sendInline: () => Promise<boolean>): Promise<Tidings> {
  const { retries: budget, random } = run.parts;
  let retries = 0;
  let replays = 0;
  const before = budget.successes;
  for (;;) {
    const verdict = await run.submit();
    if (verdict.kind === "accepted") {
      return await accepted(run, verdict.tidings);
    }
    const { problem } = verdict;
    if (verdict.kind === "refused" && problem.kind === "reference" && (await sendInline())) {
      continue;
    }
    const inquiry = run.isOpen ? await inquire(run) : "nothing";
    if (typeof inquiry === "object") {
      return await accepted(run, inquiry);
    }
    if (verdict.kind === "refused" || inquiry === "unreachable") {
      throw run.failure(problem);
    }
    const isLast = verdict.kind === "later" ? retries++ >= maximumRetries : replays++ >= maximumReplays;
    if (isLast || !budget.take()) {
      const failure = giveUp(run, problem);
      // Where others got through meanwhile it is this task's own trouble.
      const isStorm = !isLast || (verdict.kind === "later" && budget.successes === before);
      throw isStorm && !failure.isOpen ? stormFailure(failure) : failure;
    }
    await run.sleep(waitBefore(retries + replays - 1, verdict.retryAfterMs, random));
    if (verdict.kind === "later") {
      await run.enter();
    }
  }
}

async function accepted(run: TaskRun, tidings: Tidings): Promise<Tidings> {
  run.isOpen = true;
  run.parts.retries.refund();
  await run.note((journal) => journal.accepted(run.task.taskUUID));
  return tidings;
}

function giveUp(run: TaskRun, problem: Problem) {
  // Every attempt was answered with a failure by the service, which knows of no task either: nothing is at work.
  run.isOpen = run.isBlind;
  return run.failure(problem);
}

/** What asking after a task brings: its tidings, that the service does not know it, or no answer at all. */
export type Inquiry = Tidings | "nothing" | "unreachable";

/** Finds out whether the service has the task. */
export async function inquire(run: TaskRun): Promise<Inquiry> {
  const { retries: budget, random } = run.parts;
  for (let asked = 0, believed = 0; believed < answersToBelieve; asked++) {
    await run.sleep(pollWait(asked, random));
    const answer = await run.ask("getResponse");
    const tidings = tidingsIn(answer, run.task.taskUUID);
    if (tidings !== undefined && tidings.items.length + tidings.errors.length > 0) {
      return tidings;
    }
    const isAnswered = answer.kind === "answered" && (answer.status < 300 || answer.status === 404);
    if (isAnswered) {
      believed++;
    } else if (run.isLate || asked - believed + 1 >= maximumUnanswered || !budget.take()) {
      return "unreachable";
    }
  }
  return archived(run);
}

/**
 * What the service's archive holds of the task (`getTaskDetails`). It keeps the last answer: once a replay was refused,
 * that is the refusal, which proves at least that the task was taken on.
 *
 * @returns undefined where it holds nothing
 */
export async function detailsOf(run: TaskRun): Promise<Tidings | undefined> {
  const found = await archived(run);
  return typeof found === "object" ? found : undefined;
}

async function archived(run: TaskRun): Promise<Inquiry> {
  const { taskUUID } = run.task;
  const answer = await run.ask("getTaskDetails");
  if (answer.kind !== "answered" || answer.status >= 500 || [401, 403, 429].includes(answer.status)) {
    return "unreachable";
  }
  const { status, details } = answer;
  const { own } = about(taskUUID, answer);
  const responses = own.items.flatMap(({ response }) => readEnvelope(response) ?? []);
  const items = responses.flatMap((response) => about(taskUUID, { ...response, status, details }).own.items);
  const isRefusedReplay = responses.some(({ errors }) =>
    errors.some(({ code }) => code === "conflictTaskUUID"),
  );
  return items.length > 0 || isRefusedReplay ? { items, errors: [], status, details } : "nothing";
}
