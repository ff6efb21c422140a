/** What stands in the journal of jobs that have not been sent. */
import { asFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import type { WindowJournal } from "./journal.ts";

/** What is needed to keep the journal of unsent jobs. */
export interface UnsentPlansParts {
  readonly journal: WindowJournal;
  /** Hears what could not be written down. */
  readonly warn: (message: string) => void;
}

/** Writes a job down that goes back into the queue. @returns whether that succeeded */
export function planAnew({ journal }: UnsentPlansParts, job: Job): Promise<boolean> {
  return journal.planned([job.plan]).then(
    () => true,
    () => false,
  );
}

/** Takes a job out that was not sent and never will be. One that was sent has been settled by its provider. */
export async function settleUnsent(
  { journal, warn }: UnsentPlansParts,
  { taskUUID, source }: Job,
): Promise<void> {
  if (journal.openTask(taskUUID)?.submission === null) {
    await journal.settled(taskUUID, "notSent").catch((error: unknown) => {
      warn(`${source.name}: its end could not be noted: ${asFailure(error).message}`);
    });
  }
}
