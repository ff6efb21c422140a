import { RemixFailure } from "../../engine/failure.ts";
import type { Submission, TaskJournal } from "../../engine/journal.ts";
import type { Place } from "../../engine/pace.ts";
import type { RemixTask } from "../../engine/ports.ts";
import type { WireObject } from "../../recipe/wire.ts";
import { bodyOf } from "./body.ts";
import type { Answer, Connection } from "./connection.ts";
import { abandonedFailure, cancelledFailure, failureFrom, openFailure } from "./failures.ts";
import type { RunwareParts } from "./ports.ts";
import { type Problem, plainProblem, problemOf } from "./problem.ts";
import { oneLine } from "./redact.ts";
import { judge, type Verdict } from "./verdict.ts";
import type { Subject } from "./wordings.ts";

/** Bytes of Base64 and JSON that one result may take up in a reply: a picture of 30 MB. */
const bytesPerInlineResult = 42_000_000;
/** JavaScript has no longer strings than about 512 MB. */
const longestReply = 400_000_000;
/** Replies in a row that bring nothing because of the key or their size, before nothing better is expected. */
const hopelessReplies = 3;

/** A task on its way: what its submission, its polls and its downloads share. */
export class TaskRun {
  readonly parts: RunwareParts;
  readonly task: RemixTask;
  readonly signal: AbortSignal;
  /** Whether something may be charged that has not been handed over. Its record stays unsettled while that is so. */
  isOpen = false;
  /** Whether an outcome was lost on the way, so that "refused" need not be the whole truth. */
  isBlind = false;
  readonly #connection: Connection;
  readonly #maxBytes: number;
  /** The task as it is sent. */
  request: WireObject;
  #deadline = Number.POSITIVE_INFINITY;
  #hopeless = 0;
  #submission: Submission | undefined;
  #place: Place | undefined;

  constructor(
    parts: RunwareParts,
    connection: Connection,
    task: RemixTask,
    request: WireObject,
    signal: AbortSignal,
  ) {
    this.parts = parts;
    this.task = task;
    this.signal = signal;
    this.#connection = connection;
    const { outputType, numberResults } = task.recipe;
    this.#maxBytes =
      outputType === "URL" ? 1_000_000 : Math.min(longestReply, bytesPerInlineResult * numberResults);
    this.request = request;
  }

  get subject(): Subject {
    return {
      name: this.task.source.name,
      taskUUID: this.task.taskUUID,
      model: this.parts.model,
      requestBytes: () => bodyOf(this.request, this.parts.newUUID()).length,
    };
  }

  /** Whether the time is up for which the task is asked after. */
  get isLate(): boolean {
    return this.parts.clock.monotonic() >= this.#deadline;
  }

  /** Starts the time for which the task is asked after. */
  startWaiting(): void {
    const { clock, timeoutMinutes } = this.parts;
    this.#deadline = clock.monotonic() + timeoutMinutes * 60_000;
  }

  /** Waits until the service may be given one more task. @throws RemixFailure like `sleep` */
  async enter(): Promise<void> {
    try {
      this.#place = await this.parts.pace.take(this.signal);
    } catch (error) {
      this.checkStop();
      throw error;
    }
    this.checkStop();
  }

  /** Makes room for another task. */
  leave(): void {
    this.#place?.leave();
  }

  /** Writes down what is about to be sent, and with which key. @throws RemixFailure like `TaskJournal.submitting` */
  async record(submission: Submission): Promise<void> {
    const keyMark = await this.#connection.keyMark(this.task.taskUUID);
    this.#submission = { ...submission, keyMark };
    await this.parts.journal.submitting(this.#submission);
  }

  /** Submits the task, whether for the first time or again; the UUID is always the same. */
  async submit(): Promise<Verdict> {
    this.checkStop();
    const keyMark = await this.#keyed(() => this.#connection.keyMark(this.task.taskUUID));
    if (keyMark !== this.#submission?.keyMark) {
      await this.#changeKey(keyMark);
    }
    this.isOpen = true;
    const isSync = this.task.recipe.deliveryMethod === "sync";
    const options = { signal: this.signal, maxBytes: this.#maxBytes, waitsForResults: isSync };
    const verdict = judge(
      await this.#keyed(() => this.#connection.send(this.request, options)),
      this.task.taskUUID,
    );
    this.startWaiting();
    if (verdict.kind === "later") {
      this.#place?.refused();
    } else if (verdict.kind === "accepted") {
      this.#place?.accepted();
    }
    this.isBlind ||= verdict.kind === "unknown" && !verdict.isSaid;
    this.isOpen = this.isBlind || verdict.kind === "accepted" || verdict.kind === "unknown";
    this.checkStop();
    return verdict;
  }

  /** @throws RemixFailure where it may be out already: another account does not know it, and would draw it once more */
  async #changeKey(keyMark: string): Promise<void> {
    if (this.isOpen) {
      throw openFailure(plainProblem("otherKey", ""), this.subject);
    }
    if (this.#submission !== undefined) {
      this.#submission = { ...this.#submission, keyMark };
      await this.parts.journal.submitting(this.#submission);
    }
  }

  /**
   * Asks after the task.
   *
   * @throws RemixFailure when it makes no sense to ask on: the key is refused, or replies are too large, again and again
   */
  async ask(taskType: "getResponse" | "getTaskDetails"): Promise<Answer> {
    const { taskUUID } = this.task;
    // Details repeat the request, pictures included.
    const maxBytes = taskType === "getTaskDetails" ? longestReply : this.#maxBytes;
    const question = { taskType, taskUUID };
    const answer = await this.#keyed(() =>
      this.#connection.send(question, { signal: this.signal, maxBytes }),
    );
    this.checkStop();
    const problem = hopelessness(answer);
    this.#hopeless = problem === undefined ? 0 : this.#hopeless + 1;
    if (problem !== undefined && this.#hopeless >= hopelessReplies) {
      throw openFailure(problem, this.subject);
    }
    return answer;
  }

  /** `act`, which fails where there is no key any more. What has been sent before is out all the same. */
  async #keyed<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const isOut = this.isOpen && error instanceof RemixFailure;
      throw isOut ? openFailure(plainProblem("authentication", ""), this.subject) : error;
    }
  }

  /** @throws RemixFailure `cancelled` or `abandoned` when the user stops it meanwhile */
  async sleep(milliseconds: number): Promise<void> {
    try {
      await this.parts.clock.sleep(milliseconds, this.signal);
    } catch (error) {
      this.checkStop();
      throw error;
    }
    this.checkStop();
  }

  /** @throws RemixFailure `cancelled` or `abandoned` when the user has stopped it */
  checkStop(): void {
    if (this.signal.aborted) {
      throw this.isOpen ? abandonedFailure(this.subject) : cancelledFailure(this.subject);
    }
  }

  /** The failure for `problem`, worded by whether anything may have been charged. */
  failure(problem: Problem): RemixFailure {
    return this.isOpen ? openFailure(problem, this.subject) : failureFrom(problem, this.subject);
  }

  /**
   * Writes down how the task goes on. A picture that is paid for must not be lost because that fails: the record of
   * the submission is there, and stays unsettled.
   */
  async note(write: (journal: TaskJournal) => Promise<void>): Promise<void> {
    try {
      await write(this.parts.journal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log(`could not be noted in the journal: ${reason}`);
    }
  }

  /** Notes something odd about this task in the log. */
  log(message: string): void {
    this.parts.log.warn(`${this.task.source.name}, task ${this.task.taskUUID}: ${oneLine(message)}`);
  }
}

function hopelessness(answer: Answer): Problem | undefined {
  if (answer.kind === "failed") {
    return answer.failure === "tooLarge"
      ? plainProblem("server", "its reply is larger than any picture could be")
      : undefined;
  }
  const { status, details } = answer;
  return status === 401 || status === 403
    ? { ...problemOf([], status, details), kind: "authentication" }
    : undefined;
}
