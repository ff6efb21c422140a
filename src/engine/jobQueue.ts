import type { ClockPort } from "./clock.ts";
import type { RemixFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import { Places } from "./places.ts";
import type { ProviderId } from "./ports.ts";
import { Scheduler } from "./scheduler.ts";

/** Milliseconds until a queue that was paused for want of a network tries again. */
const offlineWait = 20_000;

/** Sources that are read and prepared at the same time: while one is uploaded, the image worker has the next. */
const preparedAtOnce = 3;

/** Tasks, besides those that are being drawn, that are prepared for it or saved after it at most. */
const aheadAtMost = 8;

/** What the queue needs of the world. */
interface QueueParts {
  readonly clock: ClockPort;
  /** How many paid tasks may be under way at the same time. */
  readonly concurrency: () => number;
  /** Aborted when the window closes. */
  readonly end: AbortSignal;
  /** Called when it is paused and when it goes on. */
  readonly onChange: () => void;
}

/** Whose turn it is: to be prepared, to be sent, or to wait until what is amiss with account or network is over. */
export class JobQueue {
  readonly #parts: QueueParts;
  readonly #schedulers: Readonly<Record<ProviderId, Scheduler>>;
  /** At the service. */
  readonly #places: Places;
  readonly #hands = new Places(() => preparedAtOnce);
  #pausedBy: RemixFailure | null = null;
  /** How many pauses have ended so far: what was prepared before the last one, or in it, may be old. */
  pauses = 0;

  constructor(parts: QueueParts) {
    const { concurrency } = parts;
    this.#parts = parts;
    const ahead = () => Math.min(aheadAtMost, concurrency() + 1);
    // There is one image worker, and local previews are nothing but its work.
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

  /** Lets `start` wait for the job's turn. @param place `first`: ahead of all others of its run */
  add(job: Job, start: () => Promise<void>, place?: "first"): void {
    this.#schedulers[job.provider].add(job.batch, start, place);
  }

  /** Takes back everything of the job's run that has not been started. */
  clear({ provider, batch }: Job): void {
    this.#schedulers[provider].clear(batch);
  }

  /**
   * Waits until the job's source may be prepared. Local previews are prepared by drawing them: they wait for no upload.
   *
   * @returns gives that back
   * @throws the reason of the job's signal when it is stopped before
   */
  async hand({ provider, stop }: Job): Promise<() => void> {
    return provider === "local" ? () => undefined : await this.#hands.take(stop.signal);
  }

  /**
   * Waits until the job may be sent. The image worker needs no place: local previews come one by one.
   *
   * @returns gives that back
   * @throws the reason of the job's signal when it is stopped before
   */
  async place({ provider, stop, rank }: Job): Promise<() => void> {
    return provider === "local" ? () => undefined : await this.#places.take(stop.signal, rank);
  }

  /** Sends nothing more. What needs only a network is tried again after a while. */
  pause(failure: RemixFailure): void {
    this.#schedulers.runware.pause();
    this.#places.pause();
    if (this.#pausedBy !== null) {
      return;
    }
    const { clock, end, onChange } = this.#parts;
    this.#pausedBy = failure;
    onChange();
    if (failure.code === "network" && failure.retryable === true) {
      void clock.sleep(offlineWait, end).then(() => {
        if (this.#pausedBy === failure) {
          this.resume();
        }
      });
    }
  }

  /** Goes on after a pause. */
  resume(): void {
    this.pauses += this.#pausedBy === null ? 0 : 1;
    this.#pausedBy = null;
    // What was sent before the pause stands first again by the time that places are given out.
    this.#schedulers.runware.resume();
    this.#places.resume();
    this.#parts.onChange();
  }
}
