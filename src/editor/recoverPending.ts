import * as vscode from "vscode";
import { asFailure } from "../engine/failure.ts";
import type { Jobs } from "../engine/jobs.ts";
import type { OpenTask, WindowJournal } from "../engine/journal.ts";
import type { Provider } from "../engine/ports.ts";
import { type Recovered, type RecoveryParts, recover, type Unsent } from "../engine/recovery.ts";
import { logOutcome, reportFailures, reportSaved } from "./report.ts";
import { showProgress } from "./runBatch.ts";

/** What recovery needs of the rest of the extension. */
export interface RecoverParts {
  readonly recovery: RecoveryParts;
  readonly jobs: Jobs;
  readonly journal: WindowJournal & { openTasks(): readonly OpenTask[] };
  readonly provider: () => Promise<Provider | undefined>;
  readonly log: vscode.LogOutputChannel;
  /** Aborted when the window closes. */
  readonly signal: AbortSignal;
}

/** Brings to an end what windows that are gone, or cancelled runs of this one, have left. */
export class Recovery {
  readonly #parts: RecoverParts;
  /** One recovery at a time: two would fetch the same results. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: RecoverParts) {
    this.#parts = parts;
  }

  /** At start-up: fetches what is outstanding, and offers to send what was not sent. Says nothing where nothing is. */
  async atStart(): Promise<void> {
    const { tasks } = await this.#takeOver();
    await this.#report(await this.#recover(tasks), false);
  }

  /** After a cancel: goes on fetching what has been sent, and says so when something comes. */
  async later(): Promise<void> {
    const sent = this.#parts.journal.openTasks().filter(({ submission }) => submission !== null);
    const { saved, failed, unsent } = await this.#recover(sent);
    // What never reached the service was cancelled: nobody wants it sent now.
    await this.#forget(unsent);
    await this.#report({ saved, failed, unsent: [] }, false);
  }

  /** The command `imageRemix.resumePending`. */
  async resume(): Promise<void> {
    const { jobs, journal } = this.#parts;
    jobs.resume();
    const { unreadable } = await this.#takeOver();
    for (const file of unreadable) {
      const text = `${file} was written by a later version of Image Remix. Update the extension, then run Resume Pending again.`;
      void vscode.window.showWarningMessage(text);
    }
    const location = vscode.ProgressLocation.Notification;
    const recovered = await vscode.window.withProgress({ location, title: "Resuming pending images" }, () =>
      this.#recover(journal.openTasks()),
    );
    await this.#report(recovered, true);
  }

  async #takeOver() {
    const { journal, log } = this.#parts;
    const found = await journal.takeOver();
    for (const file of found.unreadable) {
      log.warn(`${file} was written by a later version and is left as it is.`);
    }
    return found;
  }

  #recover(tasks: readonly OpenTask[]): Promise<Recovered> {
    const { jobs, recovery, signal, log } = this.#parts;
    const recovered = this.#last.then(async () => {
      const running = new Set(jobs.running.map(({ taskUUID }) => taskUUID));
      const open = tasks.filter(
        ({ taskUUID }) => !running.has(taskUUID) && recovery.journal.openTask(taskUUID) !== undefined,
      );
      for (const { taskUUID, submission } of open) {
        log.info(`Resuming task ${taskUUID}${submission === null ? ", which was not sent" : ""}`);
      }
      return recover(recovery, open, signal);
    });
    this.#last = recovered.catch(() => undefined);
    return recovered;
  }

  async #report({ saved, failed, unsent }: Recovered, wasAsked: boolean): Promise<void> {
    const { log } = this.#parts;
    logOutcome(log, { saved, failed });
    const pairs = saved.map(({ source, output, flagged }) => ({
      source: vscode.Uri.file(source.path),
      output: vscode.Uri.file(output),
      flagged,
    }));
    reportSaved(pairs, "recovered from an earlier run");
    reportFailures(failed, failed.length, () => log.show());
    if (unsent.length > 0) {
      await this.#offer(unsent);
    } else if (wasAsked && saved.length + failed.length === 0) {
      void vscode.window.showInformationMessage("Nothing is pending.");
    }
  }

  /** What was not sent costs something only now, so that it needs a yes. */
  async #offer(unsent: readonly Unsent[]): Promise<void> {
    const price = unsent.reduce(
      (sum, { request, estimate }) => sum + estimate * request.recipe.values.numberResults,
      0,
    );
    const images = `${unsent.length} ${unsent.length === 1 ? "image" : "images"}`;
    const remix = `Remix ${images} · about $${price.toFixed(2)}`;
    const forget = "Forget";
    const were = unsent.length === 1 ? "was" : "were";
    const text = `${images} of an earlier run ${were} not sent. Nothing was charged.`;
    const answer = await vscode.window.showInformationMessage(text, remix, forget);
    if (answer === forget) {
      await this.#forget(unsent);
    } else if (answer === remix) {
      await this.#send(unsent);
    }
  }

  /** Sends under the UUIDs that the tasks have had from the beginning: should the service know one, it refuses it. */
  async #send(unsent: readonly Unsent[]): Promise<void> {
    const { jobs, provider, log } = this.#parts;
    const runware = await provider().catch(() => undefined);
    if (runware === undefined) {
      void vscode.window.showWarningMessage("There is no Runware API key. Set it, then run Resume Pending.");
      return;
    }
    const batch = jobs.start(
      unsent.map(({ request }) => request),
      {
        provider: runware,
        estimate: (request) => unsent.find((one) => one.request === request)?.estimate ?? 0,
        mayAsk: true,
        taskUUIDs: unsent.map(({ taskUUID }) => taskUUID),
      },
    );
    const { saved, failed } = await showProgress(jobs, batch, runware.id);
    logOutcome(log, { saved, failed });
    const cost = saved.reduce((sum, result) => sum + (result.cost ?? 0), 0);
    const pairs = saved.map(({ source, output, flagged }) => ({
      source: vscode.Uri.file(source.path),
      output: vscode.Uri.file(output),
      flagged,
    }));
    reportSaved(pairs, `$${cost.toFixed(2)}`);
    const unexpected = failed.filter(({ failure }) => failure.code !== "cancelled");
    reportFailures(unexpected, unsent.length, () => log.show());
  }

  async #forget(unsent: readonly Unsent[]): Promise<void> {
    const { journal, log } = this.#parts;
    for (const { taskUUID } of unsent) {
      await journal.settled(taskUUID, "notSent").catch((error: unknown) => {
        log.warn(`Task ${taskUUID} could not be forgotten: ${asFailure(error).message}`);
      });
    }
  }
}
