import type { RemixFailure } from "./failure.ts";
import type { TaskPlan } from "./journal.ts";
import type { Provider, ProviderId, SourceFile } from "./ports.ts";
import type { Saved } from "./saving.ts";
import { planOf, type Request } from "./task.ts";

/** How far a task has come. The last four are final. */
export type TaskState =
  | "waiting"
  | "preparing"
  | "sending"
  | "drawing"
  | "downloading"
  | "saving"
  | "saved"
  | "failed"
  | "cancelled"
  | "abandoned";

const finalStates: ReadonlySet<TaskState> = new Set(["saved", "failed", "cancelled", "abandoned"]);

/** Whether a task that is so far can be taken back without a trace. */
export function isUnsent(state: TaskState): boolean {
  return state === "waiting" || state === "preparing";
}

/** Whether a task that is so far has reached its end. */
export function isFinalState(state: TaskState): boolean {
  return finalStates.has(state);
}

/** How a task ends that fails. */
export function endOf({ code }: RemixFailure): TaskState {
  return code === "cancelled" || code === "abandoned" ? code : "failed";
}

/** A source from which not everything came that was asked for. */
export interface Failed {
  readonly source: SourceFile;
  readonly failure: RemixFailure;
  /** What was asked for; absent where it did not come to that. */
  readonly request?: Request;
  /** UUID of a task that could not be recovered. */
  readonly taskUUID?: string;
  /** Absolute path in the extension's storage of a finished picture that its folder would not take. */
  readonly keptAs?: string;
}

/** How a run ended. Each request is in it: with what was saved, with a failure, or with both. */
export interface Outcome {
  readonly saved: readonly Saved[];
  readonly failed: readonly Failed[];
}

/** One task, as it is at the moment. */
export interface TaskStatus {
  readonly taskUUID: string;
  readonly request: Request;
  readonly source: SourceFile;
  readonly provider: ProviderId;
  readonly state: TaskState;
  /** Results that were asked for. */
  readonly asked: number;
  readonly saved: readonly Saved[];
  readonly failed: readonly Failed[];
  /** When its turn came; null until then. */
  readonly started: Date | null;
  /** When it reached its end; null until then. */
  readonly ended: Date | null;
}

/** A run of tasks that were asked for together. */
export interface Batch {
  readonly id: string;
  readonly started: Date;
  /** What one result is expected to cost, in USD. */
  readonly price: number;
  readonly tasks: readonly TaskStatus[];
  /** Resolves once every task has reached its end; never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Sends nothing more, and stops waiting for what has been sent: that may still be charged. */
  cancel(): void;
}

/** Runs that are over and still known. */
const mostOver = 50;

/** `batches` without those that were over longest ago, where these are many. @param batches oldest first */
export function remembered(batches: readonly Batch[]): readonly Batch[] {
  const over = batches.filter(({ tasks }) => tasks.every(({ ended }) => ended !== null));
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - mostOver)));
  return batches.filter((batch) => !forgotten.has(batch));
}

/** How a batch is to be run. */
export interface BatchOptions {
  readonly provider: Provider;
  /** What one result of a request is expected to cost, in USD. */
  readonly estimate: (request: Request) => number;
  /**
   * Whether somebody can be asked: then a failure of the account or the network pauses everything, to be resumed. Else
   * it is the failure of all that has not been sent.
   */
  readonly mayAsk: boolean;
  /**
   * When the user saw what there was of a request: of what has been made since, the same is not bought again. Absent
   * where the same is wanted once more.
   */
  readonly asOf?: (request: Request) => Date;
  /** UUIDs that the requests have already, one for each; new ones where it is absent. */
  readonly taskUUIDs?: readonly string[];
}

/** How many results are neither saved nor kept: those of a task that has failed may be asked for again. */
export function missingOf({ asked, saved, failed }: Pick<TaskStatus, "asked" | "saved" | "failed">): number {
  const kept = failed.filter(({ keptAs }) => keptAs !== undefined).length;
  return Math.max(0, asked - saved.length - kept);
}

/** A task and where it stands. */
export class Job implements TaskStatus {
  readonly request: Request;
  readonly options: BatchOptions;
  readonly taskUUID: string;
  /** UUID of its run; also its lane in the queue. */
  readonly batch: string;
  readonly saved: Saved[] = [];
  readonly failed: Failed[] = [];
  readonly stop = new AbortController();
  /** Settles once the task has reached its end and that is written down. */
  readonly whenEnded: Promise<void>;
  started: Date | null = null;
  ended: Date | null = null;
  state: TaskState = "waiting";
  isEnded = false;
  /** Of two tasks that are ready, the one with the lower rank is sent first. */
  rank: number | undefined;
  /** Settles {@link whenEnded}. */
  resolve: () => void = () => undefined;

  constructor(request: Request, options: BatchOptions, taskUUID: string, batch: string) {
    this.request = request;
    this.options = options;
    this.taskUUID = taskUUID;
    this.batch = batch;
    this.whenEnded = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  get source(): SourceFile {
    return this.request.source;
  }

  get provider(): ProviderId {
    return this.options.provider.id;
  }

  get asked(): number {
    return this.request.recipe.values.numberResults;
  }

  /** When the user saw what there was; undefined where the same is wanted once more. */
  get asOf(): Date | undefined {
    return this.options.asOf?.(this.request);
  }

  /** USD, as it was estimated; local previews cost nothing. */
  get mayStillCost(): number {
    const { options, request, provider } = this;
    return provider === "local" ? 0 : missingOf(this) * options.estimate(request);
  }

  fail(failure: RemixFailure, keptAs: string | null = null): void {
    const { source } = this;
    // A result that is kept is paid for, like one that is saved: the failure of the rest asks for the rest.
    const request = keptAs === null ? this.#rest() : undefined;
    this.failed.push({
      source,
      failure,
      ...(request === undefined ? {} : { request }),
      ...(keptAs === null ? {} : { keptAs }),
    });
  }

  /** Brings it to its end, once and for all. {@link whenEnded} is left to whoever writes that down. */
  end(state: TaskState, now: Date, failure?: RemixFailure): void {
    if (failure !== undefined) {
      this.fail(failure);
    }
    this.state = state;
    this.isEnded = true;
    this.ended = now;
  }

  /** What is still missing of the request; undefined where nothing is. */
  #rest(): Request | undefined {
    const { recipe } = this.request;
    const numberResults = missingOf(this);
    return numberResults === 0
      ? undefined
      : { ...this.request, recipe: { ...recipe, values: { ...recipe.values, numberResults } } };
  }

  get plan(): TaskPlan {
    return planOf(this.request, this.taskUUID, this.batch, this.options.estimate(this.request));
  }
}

/** How the run of `jobs` ends. Resolves once each of them has reached its end; never rejects. */
export async function outcomeOf(jobs: readonly Job[]): Promise<Outcome> {
  await Promise.all(jobs.map(({ whenEnded }) => whenEnded));
  return { saved: jobs.flatMap(({ saved }) => saved), failed: jobs.flatMap(({ failed }) => failed) };
}
