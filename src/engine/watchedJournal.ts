import type { TaskState } from "./job.ts";
import type { TaskJournal } from "./journal.ts";

/** Who watches a journal. */
interface Watcher {
  /** A task has come so far. */
  readonly onState: (taskUUID: string, state: TaskState) => void;
  /** Whether the window is closing. */
  readonly isEnding: () => boolean;
}

/** `journal`, watched: what a provider writes down tells how far its tasks are. */
export function watchedJournal(journal: TaskJournal, { onState, isEnding }: Watcher): TaskJournal {
  return {
    submitting: async (submission) => {
      await journal.submitting(submission);
      onState(submission.taskUUID, "sending");
    },
    accepted: async (taskUUID) => {
      onState(taskUUID, "drawing");
      await journal.accepted(taskUUID);
    },
    received: async (taskUUID, result) => {
      onState(taskUUID, "downloading");
      await journal.received(taskUUID, result);
    },
    settled: async (taskUUID, settlement) => {
      // What the end of the window kept from being sent is left to the next one.
      if (settlement !== "notSent" || !isEnding()) {
        await journal.settled(taskUUID, settlement);
      }
    },
  };
}
