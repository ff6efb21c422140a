import { isUnsent, type Job } from "./job.ts";
import { workOf } from "./sameWork.ts";

/** The jobs of a window that have not reached their end, each under its UUID, oldest first. */
export class OpenJobs {
  readonly #jobs = new Map<string, Job>();

  get all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** Paid ones that have not been sent and wait for that, prepared or not. */
  get unsent(): readonly Job[] {
    return this.all.filter(({ state, provider }) => isUnsent(state) && provider !== "local");
  }

  /** What they may still cost, in USD, as they were estimated. */
  get mayStillCost(): number {
    return this.all.reduce((sum, { mayStillCost }) => sum + mayStillCost, 0);
  }

  get(taskUUID: string): Job | undefined {
    return this.#jobs.get(taskUUID);
  }

  /** What is at work under the same UUID is the same task, and stays the one that is known. */
  add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#jobs.set(job.taskUUID, this.#jobs.get(job.taskUUID) ?? job);
    }
  }

  /** @returns whether it was one of these */
  delete(job: Job): boolean {
    return this.#jobs.get(job.taskUUID) === job && this.#jobs.delete(job.taskUUID);
  }

  /**
   * Those of `jobs`, none of them added yet, whose work is to be done already: a double click would pay twice. One whose
   * source was opened by another path is found by its claim.
   */
  doubled(jobs: readonly Job[]): readonly Job[] {
    const work = new Set(this.all.map(pathWork));
    return jobs.filter((job) => {
      const { size } = work;
      return work.add(pathWork(job)).size === size || this.#jobs.has(job.taskUUID);
    });
  }
}

function pathWork({ provider, source, request }: Job): string {
  return workOf(provider, source.path, request);
}
