import { recipeRecord } from "../recipe/record.ts";
import type { ClockPort } from "./clock.ts";
import { asFailure, RemixFailure } from "./failure.ts";
import { type Batch, type BatchOptions, Job, type TaskState, type TaskStatus } from "./job.ts";
import type { TaskJournal } from "./journal.ts";
import { Places } from "./places.ts";
import type { Claims, Draw, ProviderId, RemixTask, SourceFile } from "./ports.ts";
import { type SavingParts, saveResult } from "./saving.ts";
import { Scheduler } from "./scheduler.ts";
import { type Request, readyTask, type TaskParts } from "./task.ts";

/** What jobs need of the world. */
export interface JobsParts extends SavingParts, Omit<TaskParts, "results"> {
  readonly newUUID: () => string;
  readonly claims: Claims;
  readonly clock: ClockPort;
  /** How many paid tasks may be under way at the same time. */
  readonly concurrency: () => number;
}

/** Milliseconds until a queue that was paused for want of a network tries again. */
const offlineWait = 20_000;

/** Sources that are read and prepared at the same time: while one is uploaded, the image worker has the next. */
const preparedAtOnce = 3;

/** Tasks, besides those that are being drawn, that are prepared for it or saved after it at most. */
const aheadAtMost = 8;

/** All the work of a window: what waits, what runs, and why it stands still. */
export class Jobs {
  readonly #parts: JobsParts;
  readonly #schedulers: Readonly<Record<ProviderId, Scheduler>>;
  /** At the service. */
  readonly #places: Places;
  readonly #hands = new Places(() => preparedAtOnce);
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<() => void>();
  readonly #end = new AbortController();
  /** Tasks so far. */
  #started = 0;
  #pausedBy: RemixFailure | null = null;
  #latest: Batch | null = null;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    // There is one image worker, and local previews are nothing but its work.
    const { concurrency } = parts;
    const ahead = () => Math.min(aheadAtMost, concurrency() + 1);
    this.#schedulers = {
      runware: new Scheduler(() => concurrency() + ahead()),
      local: new Scheduler(() => 1),
    };
    this.#places = new Places(concurrency);
  }

  /** Why nothing more is sent at the moment; null where that is not so. */
  get pausedBy(): RemixFailure | null {
    return this.#pausedBy;
  }

  /** The run that was started last, over or not; null where there was none. */
  get latest(): Batch | null {
    return this.#latest;
  }

  /** Tasks that have not reached their end. */
  get running(): readonly TaskStatus[] {
    return [...this.#jobs.values()];
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
    const doubled = options.provider.id === "local" ? [] : this.#atWork(jobs);
    for (const job of jobs) {
      job.rank = this.#started++;
      this.#jobs.set(job.taskUUID, job);
    }
    const ended = Promise.all(jobs.map((job) => job.whenEnded));
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
      outcome: ended.then(() => ({
        saved: jobs.flatMap(({ saved }) => saved),
        failed: jobs.flatMap(({ failed }) => failed),
      })),
      cancel: () => this.#cancel(jobs),
    };
    this.#latest = batch;
    this.#changed();
    return batch;
  }

  /** Cancels everything that has not reached its end. */
  cancelAll(): void {
    this.#cancel([...this.#jobs.values()]);
    this.resume();
  }

  /** Cancels these tasks, as far as they have not reached their end. */
  cancel(taskUUIDs: readonly string[]): void {
    this.#cancel(taskUUIDs.flatMap((taskUUID) => this.#jobs.get(taskUUID) ?? []));
  }

  /** Cancels what has not been started; what has been sent goes on. */
  cancelWaiting(): void {
    this.#cancel(this.#waiting());
    this.resume();
  }

  /** Goes on after a pause. */
  resume(): void {
    this.#pausedBy = null;
    // What was sent before the pause stands first again by the time that places are given out.
    this.#schedulers.runware.resume();
    this.#places.resume();
    this.#changed();
  }

  /** `journal`, watched: what a provider writes down tells how far its tasks are. */
  watched(journal: TaskJournal): TaskJournal {
    const at = (taskUUID: string, state: TaskState) => this.#move(this.#jobs.get(taskUUID), state);
    return {
      submitting: async (submission) => {
        await journal.submitting(submission);
        at(submission.taskUUID, "sending");
      },
      accepted: async (taskUUID) => {
        at(taskUUID, "drawing");
        await journal.accepted(taskUUID);
      },
      received: async (taskUUID, result) => {
        at(taskUUID, "downloading");
        await journal.received(taskUUID, result);
      },
      settled: async (taskUUID, settlement) => {
        // What the end of the window kept from being sent is left to the next one.
        if (settlement !== "notSent" || !this.#end.signal.aborted) {
          await journal.settled(taskUUID, settlement);
        }
      },
    };
  }

  /**
   * Lets go of everything, so that every promise settles. What stands in the journal stays there, to be resumed by
   * the next window. Resolves once nothing is being saved any more: until then no other window may take it over.
   */
  async dispose(): Promise<void> {
    this.#end.abort();
    const ended = Promise.all([...this.#jobs.values()].map((job) => job.whenEnded));
    for (const job of this.#jobs.values()) {
      this.#schedulers[job.provider].clear(job.batch);
      job.stop.abort();
      if (job.state === "waiting") {
        this.#finish(job, "cancelled", cancelled(job.source));
      }
    }
    await ended;
  }

  async #begin(jobs: readonly Job[], { provider }: BatchOptions): Promise<void> {
    if (provider.id !== "local") {
      try {
        await this.#parts.journal.planned(jobs.map((job) => job.plan));
      } catch (error) {
        for (const job of jobs) {
          this.#finish(job, "failed", asFailure(error));
        }
        return;
      }
      // What was cancelled meanwhile did not stand there yet, to be taken out.
      await Promise.all(jobs.filter(({ isEnded }) => isEnded).map((job) => this.#settleUnsent(job)));
      this.resume();
    }
    for (const job of jobs) {
      if (!job.isEnded) {
        this.#schedulers[provider.id].add(job.batch, () => this.#run(job));
      }
    }
  }

  async #run(job: Job): Promise<void> {
    if (job.isEnded) {
      return;
    }
    const { signal } = job.stop;
    let leave: (() => void) | undefined;
    let release: (() => Promise<void>) | undefined;
    try {
      // Where nothing can be prepared ahead, its turn comes first.
      leave = this.#preparesAhead(job) ? undefined : await this.#takePlace(job);
      const hand = await this.#hands.take(signal);
      let ready: ReadyJob;
      try {
        this.#move(job, "preparing");
        release = await this.#claim(job);
        ready = await this.#ready(job);
      } finally {
        hand();
      }
      if (leave === undefined) {
        this.#move(job, "waiting");
        leave = await this.#takePlace(job);
      }
      await this.#draw(job, ready, leave);
      this.#finish(job, job.failed.length === 0 ? "saved" : "failed");
    } catch (error) {
      // A failure that was foreseen knows best, also after a cancel: it may say that something is still charged.
      const isForeseen = error instanceof RemixFailure || !signal.aborted;
      await this.#fail(job, isForeseen ? asFailure(error) : cancelled(job.source));
    } finally {
      leave?.();
      job.isPlaced = false;
      await release?.().catch(() => undefined);
    }
  }

  #preparesAhead({ options }: Job): boolean {
    return options.provider.prepare !== undefined;
  }

  /** Waits until the task may be sent. The image worker needs no place: local previews come one by one. */
  async #takePlace(job: Job): Promise<() => void> {
    const leave =
      job.provider === "local" ? () => undefined : await this.#places.take(job.stop.signal, job.rank);
    job.isPlaced = true;
    return leave;
  }

  /** Reads and prepares a source. What is prepared keeps nothing of its bytes, so that few are in memory at a time. */
  async #ready({ request, taskUUID, options: { provider }, stop: { signal } }: Job): Promise<ReadyJob> {
    const { task, bytes } = await readyTask(this.#parts, request, taskUUID, signal);
    return provider.prepare === undefined
      ? { task, bytes, draw: () => provider.remix(task, bytes, signal) }
      : { task, bytes: undefined, draw: await provider.prepare(task, bytes, signal) };
  }

  /** Those of `jobs` whose work is to be done already: a double click would pay twice. */
  #atWork(jobs: readonly Job[]): readonly Job[] {
    const work = new Set([...this.#jobs.values()].map(workOf));
    return jobs.filter((job) => {
      const { size } = work;
      return work.add(workOf(job)).size === size;
    });
  }

  /**
   * Makes sure that no other window is having the same drawn of the same picture at the moment.
   *
   * @throws RemixFailure `needsConfirmation` when one is
   */
  async #claim(job: Job): Promise<(() => Promise<void>) | undefined> {
    if (job.provider === "local") {
      return undefined;
    }
    const release = await this.#parts.claims.take(workOf(job));
    if (release === undefined) {
      throw alreadyAtWork(job.source, "in another window");
    }
    return release;
  }

  /** @throws RemixFailure when nothing more will come, or when a picture could not be brought to safety */
  async #draw(job: Job, { task, bytes, draw }: ReadyJob, onDrawn: () => void): Promise<void> {
    const { provider } = job.options;
    const source = bytes === undefined ? {} : { source: bytes };
    for await (const result of draw(onDrawn)) {
      this.#move(job, "saving");
      const outcome = await saveResult(this.#parts, result, task, provider.id, source);
      if ("output" in outcome) {
        job.saved.push(outcome);
      } else if (outcome.failure.isOpen || provider.id === "local") {
        throw outcome.failure;
      } else {
        const { failure, keptAs } = outcome;
        job.fail(failure, keptAs);
        if (failure.code === "diskFull") {
          // What is still to be paid for would find no room either.
          this.#failWaiting(failure, (other) => other.source.folder === job.source.folder);
        }
      }
      this.#changed();
    }
  }

  async #fail(job: Job, failure: RemixFailure): Promise<void> {
    const { options, provider } = job;
    const isAccountOrNetwork = failure.concernsAll && !failure.isOpen && provider !== "local";
    const mayWait = isAccountOrNetwork && options.mayAsk && !job.stop.signal.aborted;
    if (mayWait && (await this.#planAnew(job))) {
      this.#wait(job, failure);
      return;
    }
    this.#finish(job, stateFor(failure), failure);
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
    this.#pause(failure);
    this.#schedulers[job.provider].add(job.batch, () => this.#run(job), "first");
  }

  /** Writes a task down that goes back into the queue. @returns whether that succeeded */
  async #planAnew(job: Job): Promise<boolean> {
    return this.#parts.journal.planned([job.plan]).then(
      () => true,
      () => false,
    );
  }

  #pause(failure: RemixFailure): void {
    this.#schedulers.runware.pause();
    this.#places.pause();
    // Nobody may be left waiting who cannot be asked.
    this.#failWaiting(failure, ({ options }) => !options.mayAsk);
    if (this.#pausedBy !== null) {
      return;
    }
    this.#pausedBy = failure;
    this.#changed();
    if (failure.code === "network" && failure.retryable === true) {
      void this.#parts.clock.sleep(offlineWait, this.#end.signal).then(() => {
        if (this.#pausedBy === failure) {
          this.resume();
        }
      });
    }
  }

  #failWaiting(failure: RemixFailure, concerns: (job: Job) => boolean): void {
    for (const job of this.#waiting().filter(concerns)) {
      job.stop.abort();
      this.#finish(job, "failed", notSent(job.source, failure));
    }
  }

  /** Paid tasks that have not been sent and wait for that, prepared or not. */
  #waiting(): readonly Job[] {
    return [...this.#jobs.values()].filter(
      ({ state, isPlaced, provider }) =>
        !isPlaced && (state === "waiting" || state === "preparing") && provider !== "local",
    );
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
    if (failure !== undefined) {
      job.fail(failure);
    }
    job.state = state;
    job.isEnded = true;
    job.ended = this.#parts.clock.now();
    this.#jobs.delete(job.taskUUID);
    void this.#settleUnsent(job).finally(job.resolve);
    if (this.#pausedBy !== null && this.#waiting().length === 0) {
      // Nothing is left that the pause could hold back.
      this.resume();
    }
    this.#changed();
  }

  /** A task that was sent has been settled by its provider. For one that was not, this is the end. */
  async #settleUnsent({ taskUUID, source }: Job): Promise<void> {
    const { journal, warn } = this.#parts;
    const isUnsent = journal.openTask(taskUUID)?.submission === null;
    // When the window closes, what was not sent stays written down, to be offered by the next one.
    if (isUnsent && !this.#end.signal.aborted) {
      await journal.settled(taskUUID, "notSent").catch((error: unknown) => {
        warn(`${source.name}: its end could not be noted: ${asFailure(error).message}`);
      });
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** A task that only needs to be sent. */
interface ReadyJob {
  readonly task: RemixTask;
  /** The source file's bytes; absent where they have to be read again. */
  readonly bytes: Uint8Array | undefined;
  readonly draw: Draw;
}

/** What is done for a task: of two that have this in common, the second would be paid for in vain. */
function workOf({ provider, request: { source, recipe } }: Job): string {
  return JSON.stringify([provider, source.path, recipeRecord(recipe.values)]);
}

function alreadyAtWork({ name }: SourceFile, where = "already"): RemixFailure {
  const message = `${name} is being remixed with the same recipe ${where}. Wait for its results, then run it again if you want more.`;
  return new RemixFailure("needsConfirmation", message, { retryable: true });
}

function stateFor({ code }: RemixFailure): TaskState {
  return code === "cancelled" || code === "abandoned" ? code : "failed";
}

function notSent(source: SourceFile, { code, message }: RemixFailure): RemixFailure {
  return new RemixFailure(code, `${source.name} was not sent. ${message}`, { retryable: true });
}

function cancelled(source: SourceFile): RemixFailure {
  return new RemixFailure("cancelled", `${source.name} was not sent: cancelled. Nothing was charged.`);
}
