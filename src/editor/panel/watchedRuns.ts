import type { Batch, TaskStatus } from "../../engine/job.ts";
import type { Jobs } from "../../engine/jobs.ts";
import { type Run, runOf } from "./runOf.ts";
import type { PanelRun, PanelTask } from "./services.ts";

/** Which run does a task again, by the UUID of that task. */
export type Retries = ReadonlyMap<string, string>;

/**
 * The runs of a window that are looked at together: the newest, those that were not over when it was started, and those
 * of which it repeats a task.
 *
 * @param runs oldest first
 * @returns oldest first
 */
export function watchedRuns<T extends Pick<Batch, "id" | "started" | "tasks">>(
  runs: readonly T[],
  retries: Retries,
): readonly T[] {
  const newest = runs.at(-1);
  const ids = new Set<string>();
  for (const run of runs.toReversed()) {
    const isRepeated = run.tasks.some(({ taskUUID }) => ids.has(retries.get(taskUUID) ?? ""));
    if (newest !== undefined && (run === newest || isRepeated || endOf(run) > newest.started.getTime())) {
      ids.add(run.id);
    }
  }
  return runs.filter(({ id }) => ids.has(id));
}

/**
 * Several runs as one, the newest one's tasks first.
 *
 * @param runs oldest first
 */
export function watchedRun(runs: readonly Run[], retries: Retries): PanelRun | null {
  const known = new Set(runs.map(({ id }) => id));
  const shown = runs.toReversed().flatMap((run) => {
    const view = runOf(run);
    return view === null
      ? []
      : [{ ...view, tasks: view.tasks.flatMap((task) => repeated(task, retries, known)) }];
  });
  const [newest] = shown;
  if (newest === undefined || shown.length === 1) {
    return newest ?? null;
  }
  const sum = (amount: (run: PanelRun) => number) => shown.reduce((total, run) => total + amount(run), 0);
  const open = shown.filter(({ ended }) => ended === null);
  const lefts = open.map(({ left }) => left ?? Number.NaN);
  const left = Math.max(...lefts);
  return {
    ...newest,
    title: [...new Set(shown.map(({ title }) => title))].join(", "),
    provider: shown.some(({ provider }) => provider === "runware") ? "runware" : "local",
    started: Math.min(...shown.map(({ started }) => started)),
    ended: open.length > 0 ? null : Math.max(...shown.map(({ ended }) => ended ?? 0)),
    left: Number.isFinite(left) ? left : null,
    money: {
      spent: sum(({ money }) => money.spent),
      inAir: sum(({ money }) => money.inAir),
      notSent: sum(({ money }) => money.notSent),
    },
    // What does not hold for all of them is said of none.
    recipe: newest.recipe.filter((row) =>
      shown.every(({ recipe }) =>
        recipe.some(({ label, value }) => label === row.label && value === row.value),
      ),
    ),
    tasks: shown.flatMap(({ tasks }) => tasks),
  };
}

/** A task that another run does again shows what it has saved; the rest stands there. */
function repeated(task: PanelTask, retries: Retries, known: ReadonlySet<string>): readonly PanelTask[] {
  if (!known.has(retries.get(task.id) ?? "")) {
    return [task];
  }
  const { outputs } = task;
  const saved = {
    state: "saved",
    expected: outputs.length,
    headline: null,
    detail: null,
    actions: [],
  } as const;
  return outputs.length === 0 ? [] : [{ ...task, ...saved }];
}

/** Milliseconds since 1970; infinite for a run that is not over. */
function endOf({ tasks }: { readonly tasks: readonly Pick<TaskStatus, "ended">[] }): number {
  return Math.max(...tasks.map(({ ended }) => ended?.getTime() ?? Number.POSITIVE_INFINITY));
}

/** The runs of this window, as far as somebody looks at them. */
export class RunWatch {
  readonly #jobs: Pick<Jobs, "batches" | "cancel">;
  readonly #retries = new Map<string, string>();

  constructor(jobs: Pick<Jobs, "batches" | "cancel">) {
    this.#jobs = jobs;
  }

  get run(): PanelRun | null {
    return watchedRun(this.#watched(), this.#retries);
  }

  /** Ids of the runs that {@link run} is made of, oldest first. */
  get ids(): readonly string[] {
    return this.#watched().map(({ id }) => id);
  }

  /** Every task that can be acted on; those of the newest run first. */
  get tasks(): readonly TaskStatus[] {
    return this.#jobs.batches.toReversed().flatMap(({ tasks }) => tasks);
  }

  get newest(): Batch | undefined {
    return this.#jobs.batches.at(-1);
  }

  cancel(which: (task: TaskStatus) => boolean): void {
    this.#jobs.cancel(this.tasks.filter(which).map(({ taskUUID }) => taskUUID));
  }

  /** Notes which run, if `start` starts one, does a task again. */
  async retry({ taskUUID }: TaskStatus, start: () => Promise<void>): Promise<void> {
    const before = this.newest;
    await start();
    if (this.newest !== undefined && this.newest !== before) {
      this.#retries.set(taskUUID, this.newest.id);
    }
  }

  #watched(): readonly Batch[] {
    return watchedRuns(this.#jobs.batches, this.#retries);
  }
}
