import type { LogOutputChannel } from "vscode";
import type { Recovery } from "./editor/recoverPending.ts";
import type { ClockPort } from "./engine/clock.ts";
import type { ClaimFiles } from "./platform/claims.ts";
import type { JournalFolder } from "./platform/journalFolder.ts";
import type { PendingFiles } from "./platform/pendingFiles.ts";

/** Milliseconds before it is looked again whether another window is gone; the last one from then on. */
const looks = [10_000, 30_000, 120_000, 300_000] as const;

/** What bringing leftovers to their end needs. */
interface LeftoverParts {
  readonly recovery: Pick<Recovery, "atStart">;
  readonly pending: PendingFiles;
  readonly journal: JournalFolder;
  readonly claims: ClaimFiles;
  readonly clock: ClockPort;
  readonly log: Pick<LogOutputChannel, "info" | "warn" | "error">;
  /** Aborted when the window closes. */
  readonly signal: AbortSignal;
}

/**
 * Brings to an end what windows that died left behind. One that is still there may be about to end, as before a reload,
 * or die later: it is looked again for as long as there is such a one.
 */
export async function recoverLeftovers(parts: LeftoverParts): Promise<void> {
  const { recovery, clock, log, signal } = parts;
  for (let look = 0; !signal.aborted; look++) {
    const found = await recovery.atStart().catch((error: unknown) => {
      log.error(`Could not resume what is pending: ${String(error)}`);
      return { isWhole: false, others: 1 };
    });
    if (found.isWhole) {
      // Only now: a complete picture under a temporary name has been given its own. What cannot be read may speak of more.
      await sweep(parts);
    }
    if (found.others === 0) {
      return;
    }
    await clock.sleep(looks[Math.min(look, looks.length - 1)] ?? 0, signal);
  }
}

/** Removes unfinished files of earlier windows that no journal speaks of, and their claims. Failures go to the log. */
async function sweep({ pending, journal, claims, log }: LeftoverParts): Promise<void> {
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
