import type { Recipe } from "../recipe/parameters.ts";
import { RemixFailure } from "./failure.ts";
import type { Batch, Failed, TaskState, TaskStatus } from "./job.ts";
import type { OpenTask, TaskPlan } from "./journal.ts";
import type { SourceFile } from "./ports.ts";
import type { Recovered } from "./recovery.ts";
import type { Saved } from "./saving.ts";
import { type Request, requestOf } from "./task.ts";

/** A run of a window that is gone, as far as it is brought to its end here. */
export type RecoveredRun = Pick<Batch, "id" | "started" | "price" | "tasks">;

/** What recovery needs to know of the present. */
export interface RecoveredRunParts {
  readonly toSource: (path: string) => SourceFile;
  /** See `RecoveryParts`. */
  readonly currentRecipe: () => Recipe;
  readonly now: () => Date;
}

/** A task that is being brought to its end. */
class RecoveredTask implements TaskStatus {
  readonly provider = "runware";
  readonly taskUUID: string;
  readonly request: Request;
  readonly asked: number;
  readonly batch: string;
  readonly started: Date | null;
  saved: readonly Saved[] = [];
  failed: readonly Failed[] = [];
  state: TaskState;
  ended: Date | null = null;

  constructor(
    { taskUUID, submission, received, time }: OpenTask,
    request: Request,
    { results, batch }: TaskPlan,
  ) {
    this.taskUUID = taskUUID;
    this.request = request;
    this.asked = results;
    this.batch = batch;
    this.started = submission === null ? null : new Date(time);
    this.state = submission === null ? "waiting" : received.length > 0 ? "downloading" : "drawing";
  }

  get source(): SourceFile {
    return this.request.source;
  }

  end({ saved, failed, unsent }: Recovered, now: Date): void {
    const [notSent] = unsent.map(({ request }) => this.#notSent(request));
    this.saved = saved;
    this.failed = notSent === undefined ? failed : [...failed, notSent];
    this.state = notSent !== undefined ? "cancelled" : failed.length > 0 ? "failed" : "saved";
    this.ended = now;
  }

  #notSent(request: Request): Failed {
    const message = `${this.source.name} was not sent before its window was closed. Nothing was charged.`;
    return { source: this.source, failure: new RemixFailure("cancelled", message), request };
  }
}

/** The runs that recoveries bring to their end, for those who watch. */
export class RecoveredRuns {
  readonly #parts: RecoveredRunParts;
  readonly #tasks = new Map<string, RecoveredTask>();
  readonly #runs = new Map<string, Omit<RecoveredRun, "tasks">>();

  constructor(parts: RecoveredRunParts) {
    this.#parts = parts;
  }

  /** In the order in which they were started. A task whose record is damaged is in none. */
  get runs(): readonly RecoveredRun[] {
    const tasks = [...this.#tasks.values()];
    return [...this.#runs.values()]
      .map((run) => ({ ...run, tasks: tasks.filter(({ batch }) => batch === run.id) }))
      .toSorted((one, other) => one.started.getTime() - other.started.getTime());
  }

  /** A recovery begins. A task that an earlier one could not end is as it was before. */
  begin(open: readonly OpenTask[]): void {
    const { toSource, currentRecipe } = this.#parts;
    for (const task of open) {
      const { plan, taskUUID, time } = task;
      const request =
        plan === null
          ? undefined
          : readRequest(() => requestOf(plan, toSource(plan.source), currentRecipe()));
      if (plan !== null && request !== undefined) {
        const run = { id: plan.batch, started: new Date(time), price: plan.estimate };
        this.#runs.set(plan.batch, this.#runs.get(plan.batch) ?? run);
        this.#tasks.set(taskUUID, new RecoveredTask(task, request, plan));
      }
    }
  }

  /** A task has reached its end. */
  ended(taskUUID: string, outcome: Recovered): void {
    this.#tasks.get(taskUUID)?.end(outcome, this.#parts.now());
  }
}

function readRequest(read: () => Request): Request | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
