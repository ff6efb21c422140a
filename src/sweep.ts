import type { LogOutputChannel } from "vscode";
import type { ClaimFiles } from "./platform/claims.ts";
import type { JournalFolder } from "./platform/journalFolder.ts";
import type { PendingFiles } from "./platform/pendingFiles.ts";

/** Removes unfinished files of earlier windows that no journal speaks of, and their claims. Failures go to the log. */
export async function sweep(
  pending: PendingFiles,
  journal: JournalFolder,
  claims: ClaimFiles,
  log: LogOutputChannel,
): Promise<void> {
  try {
    const tasks = await journal.allOpenTasks();
    const needed = new Set(tasks.flatMap(({ staged }) => staged.map(({ temporary }) => temporary)));
    for (const file of await pending.sweep(needed)) {
      log.info(`Removed ${file}, which an earlier window left unfinished.`);
    }
  } catch (error) {
    log.error(`Could not clear away what an earlier window left: ${String(error)}`);
  }
  await claims.sweep().catch((error: unknown) => log.warn(`Old claims are still there: ${String(error)}`));
}
