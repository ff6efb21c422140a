import type { ClockPort } from "./clock.ts";
import { asFailure, RemixFailure } from "./failure.ts";
import {
  type Batch,
  type BatchOptions,
  endOf,
  Job,
  outcomeOf,
  remembered,
  type TaskState,
  type TaskStatus,
} from "./job.ts";
import { alreadyAtWork, cancelled, doneMeanwhile, notSent } from "./jobFailures.ts";
import { JobQueue } from "./jobQueue.ts";
import { type JobRunParts, runJob } from "./jobRun.ts";
import type { TaskJournal } from "./journal.ts";
import { type MeanwhileParts, takenUpMeanwhile } from "./madeMeanwhile.ts";
import { OpenJobs } from "./openJobs.ts";
import type { Claims } from "./ports.ts";
import type { SavingParts } from "./saving.ts";
import type { Request, TaskParts } from "./task.ts";
import { planAnew, settleUnsent } from "./unsentPlans.ts";
import { watchedJournal } from "./watchedJournal.ts";

/** What jobs need of the world. */
export interface JobsParts extends SavingParts, MeanwhileParts, Omit<TaskParts, "results"> {
  readonly newUUID: () => string;
  readonly claims: Claims;
  readonly clock: ClockPort;
  /** How many paid tasks may be under way at the same time. */
  readonly concurrency: () => number;
}

/** All the work of a window: what waits, what runs, and why it stands still. */
export class Jobs {
  readonly #parts: JobsParts;
  readonly #runParts: JobRunParts;
  readonly #queue: JobQueue;
  readonly #jobs = new OpenJobs();
  readonly #listeners = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();
  readonly #end = new AbortController();
  /** Turns that the queue has given so far. */
  #turns = 0;
  #batches: readonly Batch[] = [];

  constructor(parts: JobsParts) {
    const { clock, concurrency } = parts;
    const onChange = () => this.#changed();
    this.#parts = parts;
    this.#queue = new JobQueue({ clock, concurrency, end: this.#end.signal, onChange });
    this.#runParts = {
      ...parts,
      queue: this.#queue,
      onState: (job, state) => this.#move(job, state),
      onDone: (job) => this.#finish(job, job.failed.length === 0 ? "saved" : "failed"),
      onFailed: (job, error) => {
        // A failure that was foreseen knows best, also after a cancel: it may say that something is still charged.
        const isForeseen = error instanceof RemixFailure || !job.stop.signal.aborted;
        return this.#fail(job, isForeseen ? asFailure(error) : cancelled(job.source));
      },
      onResult: onChange,
      onRefusedByFolder: (failure, { folder }) =>
        this.#failWaiting(failure, ({ source }) => source.folder === folder),
    };
  }

  /** Why nothing more is sent at the moment; null where that is not so. */
  get pausedBy(): RemixFailure | null {
    return this.#queue.pausedBy;
  }

  /** The runs, oldest first: all that are not over, and those that were over last. */
  get batches(): readonly Batch[] {
    return this.#batches;
  }

  /** Tasks that have not reached their end. */
  get running(): readonly TaskStatus[] {
    return this.#jobs.all;
  }

  /** What tasks that have not reached their end may still cost, in USD, as they were estimated. */
  get committed(): number {
    return this.#jobs.mayStillCost;
  }

  /** Calls `listener` after every change. @returns a function that ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts a run. What was paused goes on: whoever asks for more has seen to the reason. */
  start(requests: readonly Request[], options: BatchOptions): Batch {
    const { newUUID } = this.#parts;
    const id = newUUID();
    const jobs = requests.map(
      (request, index) => new Job(request, options, options.taskUUIDs?.[index] ?? newUUID(), id),
    );
    const doubled = options.provider.id === "local" ? [] : this.#jobs.doubled(jobs);
    this.#jobs.add(jobs);
    for (const job of doubled) {
      this.#finish(job, "failed", alreadyAtWork(job.source));
    }
    if (this.#end.signal.aborted) {
      this.#cancel(jobs);
    } else {
      void this.#begin(
        jobs.filter(({ isEnded }) => !isEnded),
        options,
      );
    }
    const batch: Batch = {
      id,
      started: this.#parts.clock.now(),
      price: requests[0] === undefined ? 0 : options.estimate(requests[0]),
      tasks: jobs,
      outcome: outcomeOf(jobs),
      cancel: () => this.#cancel(jobs),
    };
    this.#batches = remembered([...this.#batches, batch]);
    this.#changed();
    return batch;
  }

  /** Cancels everything that has not reached its end. */
  cancelAll(): void {
    this.#cancel(this.#jobs.all);
    this.resume();
  }

  /** Cancels these tasks, as far as they have not reached their end. */
  cancel(taskUUIDs: readonly string[]): void {
    this.#cancel(taskUUIDs.flatMap((taskUUID) => this.#jobs.get(taskUUID) ?? []));
  }

  /** Cancels what has not been started; what has been sent goes on. */
  cancelWaiting(): void {
    this.#cancel(this.#jobs.unsent);
    this.resume();
  }

  /** Goes on after a pause. */
  resume(): void {
    this.#queue.resume();
  }

  /** `journal`, watched: what a provider writes down tells how far its tasks are. */
  watched(journal: TaskJournal): TaskJournal {
    return watchedJournal(journal, {
      onState: (taskUUID, state) => this.#move(this.#jobs.get(taskUUID), state),
      isEnding: () => this.#end.signal.aborted,
    });
  }

  /**
   * Lets go of everything, so that every promise settles. What stands in the journal stays there, to be resumed by
   * the next window. Resolves once nothing is being saved any more: until then no other window may take it over.
   */
  async dispose(): Promise<void> {
    this.#end.abort();
    const jobs = this.#jobs.all;
    for (const job of jobs) {
      this.#queue.clear(job);
      job.stop.abort();
      if (job.state === "waiting") {
        this.#finish(job, "cancelled", cancelled(job.source));
      }
    }
    await Promise.all(jobs.map((job) => job.whenEnded));
    // A claim is given back after the end that everybody waits for.
    await Promise.allSettled(this.#running);
  }

  async #begin(jobs: readonly Job[], options: BatchOptions): Promise<void> {
    if (options.provider.id !== "local") {
      try {
        await this.#plan(jobs);
      } catch (error) {
        for (const job of jobs) {
          this.#finish(job, "failed", asFailure(error));
        }
        return;
      }
      this.resume();
    }
    for (const job of jobs) {
      if (!job.isEnded) {
        this.#queue.add(job, () => this.#run(job));
      }
    }
  }

  /** @throws RemixFailure when they cannot be written down */
  async #plan(jobs: readonly Job[]): Promise<void> {
    for (const job of await takenUpMeanwhile(this.#parts, jobs)) {
      this.#finish(job, "failed", doneMeanwhile(job.source));
    }
    const rest = jobs.filter(({ isEnded }) => !isEnded);
    await this.#parts.journal.planned(rest.map((job) => job.plan));
    // What was cancelled meanwhile did not stand there yet, to be taken out.
    await Promise.all(rest.filter(({ isEnded }) => isEnded).map((job) => this.#settleUnsent(job)));
  }

  async #run(job: Job): Promise<void> {
    if (!job.isEnded) {
      // By turns, not by age: a small run is not to wait for the end of a large one. Who comes again keeps its place.
      job.rank ??= this.#turns++;
      const run = runJob(this.#runParts, job);
      this.#running.add(run);
      await run.finally(() => this.#running.delete(run));
    }
  }

  async #fail(job: Job, failure: RemixFailure): Promise<void> {
    const { options, provider } = job;
    const known = this.#parts.journal.openTask(job.taskUUID);
    const isOut = known !== undefined && (known.isAccepted || known.received.length > 0);
    const isAccountOrNetwork = failure.concernsAll && !failure.isOpen && !isOut && provider !== "local";
    const mayWait = isAccountOrNetwork && options.mayAsk && !job.stop.signal.aborted;
    if (mayWait && (await planAnew(this.#parts, job))) {
      this.#wait(job, failure);
      return;
    }
    this.#finish(job, endOf(failure), failure);
    if (isAccountOrNetwork) {
      this.#failWaiting(failure, (other) => other.batch === job.batch);
    }
  }

  /** Lets a task wait, ahead of the rest of its run, until what stopped it is over. */
  #wait(job: Job, failure: RemixFailure): void {
    if (job.stop.signal.aborted) {
      // It was stopped while it was written down anew.
      this.#finish(job, "cancelled", cancelled(job.source));
      return;
    }
    this.#move(job, "waiting");
    this.#queue.pause(failure);
    // Nobody may be left waiting who cannot be asked.
    this.#failWaiting(failure, ({ options }) => !options.mayAsk);
    this.#queue.add(job, () => this.#run(job), "first");
  }

  #failWaiting(failure: RemixFailure, concerns: (job: Job) => boolean): void {
    for (const job of this.#jobs.unsent.filter(concerns)) {
      job.stop.abort();
      this.#finish(job, "failed", notSent(job.source, failure));
    }
  }

  #cancel(jobs: readonly Job[]): void {
    for (const job of jobs) {
      job.stop.abort();
      if (job.state === "waiting") {
        this.#finish(job, "cancelled", cancelled(job.source));
      }
    }
  }

  #move(job: Job | undefined, state: TaskState): void {
    if (job !== undefined && !job.isEnded && job.state !== state) {
      job.state = state;
      job.started ??= this.#parts.clock.now();
      this.#changed();
    }
  }

  #finish(job: Job, state: TaskState, failure?: RemixFailure): void {
    if (job.isEnded) {
      return;
    }
    job.end(state, this.#parts.clock.now(), failure);
    if (this.#jobs.delete(job)) {
      void this.#settleUnsent(job).finally(job.resolve);
    } else {
      job.resolve();
    }
    if (this.#queue.pausedBy !== null && this.#jobs.unsent.length === 0) {
      // Nothing is left that the pause could hold back.
      this.resume();
    }
    this.#changed();
  }

  /** When the window closes, what was not sent stays written down, to be offered by the next one. */
  async #settleUnsent(job: Job): Promise<void> {
    if (!this.#end.signal.aborted) {
      await settleUnsent(this.#parts, job);
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
