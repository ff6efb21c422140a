import type { Json, JsonObject } from "../json.ts";
import type { Job } from "./job.ts";

/** What getTaskDetails tells of a task. */
export interface ArchiveEntry {
  readonly request: JsonObject;
  readonly response: Json;
}

/** What polls find for a task that was never accepted, although its UUID was refused as taken. */
export type GhostPolls = "empty" | "processing" | "taskNotFound";

/** Every task UUID that was ever accepted, and what became of it. */
export class TaskBook {
  readonly #taken = new Set<string>();
  /** Inferences that are being looked at: accepted or refused in a moment. */
  readonly #undecided = new Set<string>();
  readonly #jobs = new Map<string, Job>();
  readonly #ghosts = new Map<string, GhostPolls>();
  readonly #archive = new Map<string, ArchiveEntry>();

  /**
   * Takes `taskUUID` while its task is looked at.
   *
   * @returns false where the UUID was taken before
   */
  reserve(taskUUID: string, isInference: boolean): boolean {
    const key = taskUUID.toLowerCase();
    const isFree = !this.#taken.has(key);
    this.#taken.add(key);
    if (isFree && isInference) {
      this.#undecided.add(key);
    }
    return isFree;
  }

  /** Gives the UUID of a refused task back: whether a refusal uses it up at Runware is unknown. */
  release(taskUUID: string): void {
    this.#taken.delete(taskUUID.toLowerCase());
    this.#undecided.delete(taskUUID.toLowerCase());
  }

  addJob(job: Job): void {
    this.#jobs.set(job.task.taskUUID.toLowerCase(), job);
    this.#undecided.delete(job.task.taskUUID.toLowerCase());
  }

  findJob(taskUUID: string): Job | undefined {
    return this.#jobs.get(taskUUID.toLowerCase());
  }

  /** Inferences whose results are not all there yet. */
  get inFlight(): number {
    return this.#undecided.size + [...this.#jobs.values()].filter((job) => !job.isFinished).length;
  }

  /** USD that the results in the making will cost. */
  get committed(): number {
    return [...this.#jobs.values()].reduce((sum, job) => sum + job.outstanding, 0);
  }

  addGhost(taskUUID: string, polls: GhostPolls): void {
    this.#ghosts.set(taskUUID.toLowerCase(), polls);
  }

  findGhost(taskUUID: string): GhostPolls | undefined {
    return this.#ghosts.get(taskUUID.toLowerCase());
  }

  /** Keeps the last answer for a UUID: a replay that was refused replaces the results, as has been reported. */
  archive(taskUUID: string, entry: ArchiveEntry): void {
    this.#archive.set(taskUUID.toLowerCase(), entry);
  }

  findArchived(taskUUID: string): ArchiveEntry | undefined {
    return this.#archive.get(taskUUID.toLowerCase());
  }

  clear(): void {
    for (const map of [this.#taken, this.#undecided, this.#jobs, this.#ghosts, this.#archive]) {
      map.clear();
    }
  }
}
