import * as vscode from "vscode";
import { asFailure } from "../engine/failure.ts";
import type { Failed } from "../engine/job.ts";
import type { Jobs } from "../engine/jobs.ts";
import type { OpenTask, WindowJournal } from "../engine/journal.ts";
import type { Provider } from "../engine/ports.ts";
import { type RecoveredRun, RecoveredRuns } from "../engine/recoveredRun.ts";
import { type Recovered, type RecoveryParts, recover, type Unsent } from "../engine/recovery.ts";
import type { Saved } from "../engine/saving.ts";
import type { KeptPictures } from "./keptPictures.ts";
import { type Action, logOutcome, type Pair, reportFailures, reportSaved } from "./report.ts";
import { showProgress } from "./runBatch.ts";

/** What recovery needs of the rest of the extension. */
export interface RecoverParts {
  readonly recovery: RecoveryParts;
  readonly jobs: Jobs;
  readonly journal: WindowJournal & { openTasks(): readonly OpenTask[] };
  readonly provider: () => Promise<Provider | undefined>;
  readonly kept: KeptPictures;
  readonly log: vscode.LogOutputChannel;
  /** Aborted when the window closes. */
  readonly signal: AbortSignal;
}

/** Brings to an end what windows that are gone, or cancelled runs of this one, have left. */
export class Recovery {
  readonly #parts: RecoverParts;
  /** One recovery at a time: two would fetch the same results. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #recovered: RecoveredRuns;
  #unsent: readonly Unsent[] = [];

  /** Fires when something of {@link runs} or {@link unsent} has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: RecoverParts) {
    this.#parts = parts;
    this.#recovered = new RecoveredRuns(parts.recovery);
  }

  /** Runs of windows that are gone, as far as they were brought to their end here; the newest last. */
  get runs(): readonly RecoveredRun[] {
    return this.#recovered.runs;
  }

  /** Tasks that were found not to have been sent, and have been neither sent nor forgotten since. */
  get unsent(): readonly Unsent[] {
    return this.#stillUnsent(this.#unsent);
  }

  /** Sends them: what they cost has been told and said yes to. */
  async sendUnsent(): Promise<void> {
    await this.#send(this.unsent);
  }

  async forgetUnsent(): Promise<void> {
    await this.#forgetAll(this.unsent);
  }

  /**
   * At start-up: fetches what is outstanding, and offers to send what was not sent. Says nothing where nothing is.
   *
   * @returns whether everything that windows left could be read, and how many may still leave something
   */
  async atStart(): Promise<{ readonly isWhole: boolean; readonly others: number }> {
    const { tasks, unreadable, others } = await this.#takeOver();
    await this.#report(await this.#recover(tasks), false);
    return { isWhole: unreadable.length === 0, others };
  }

  /** After a cancel: goes on fetching what has been sent, and says so when something comes. */
  async later(): Promise<void> {
    const sent = this.#parts.journal.openTasks().filter(({ submission }) => submission !== null);
    const { saved, failed } = await this.#recover(sent);
    // What the service does not know yet may still be on its way: it stays written down, for Resume Pending.
    await this.#report({ saved, failed, unsent: [] }, false);
  }

  /** The command `imageRemix.resumePending`. */
  async resume(): Promise<void> {
    const { jobs, journal } = this.#parts;
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage("Pictures are remixed in trusted workspaces only.");
      return;
    }
    jobs.resume();
    const { unreadable } = await this.#takeOver();
    for (const file of unreadable) {
      const text = `${file} cannot be read whole: it is damaged, or was written by a later version of Image Remix. Update the extension, then run Resume Pending again.`;
      void vscode.window.showWarningMessage(text);
    }
    const location = vscode.ProgressLocation.Notification;
    const title = "Resuming pending images";
    const stop = new AbortController();
    const { saved, failed, unsent } = await vscode.window.withProgress(
      { location, title, cancellable: true },
      (_, token) => {
        token.onCancellationRequested(() => stop.abort());
        return this.#recover(journal.openTasks(), stop.signal);
      },
    );
    const isStopped = ({ failure }: Failed) => stop.signal.aborted && failure.code === "abandoned";
    const pending = failed.filter(isStopped).length;
    if (pending > 0) {
      const text = `${pending} ${pending === 1 ? "image is" : "images are"} still pending. Run Resume Pending to go on.`;
      void vscode.window.showInformationMessage(text);
    }
    const told = failed.filter((one) => !isStopped(one));
    const isKept = await this.#parts.kept.offerAll();
    await this.#report({ saved, failed: told, unsent }, pending === 0 && !isKept);
  }

  async #takeOver() {
    const { journal, log } = this.#parts;
    const found = await journal.takeOver();
    for (const file of found.unreadable) {
      log.warn(`${file} was written by a later version and is left as it is.`);
    }
    return found;
  }

  #recover(tasks: readonly OpenTask[], stop?: AbortSignal): Promise<Recovered> {
    const { jobs, recovery, log } = this.#parts;
    const signal = AbortSignal.any([this.#parts.signal, ...(stop === undefined ? [] : [stop])]);
    const recovered = this.#last.then(async () => {
      const running = new Set(jobs.running.map(({ taskUUID }) => taskUUID));
      const open = tasks.filter(
        ({ taskUUID }) => !running.has(taskUUID) && recovery.journal.openTask(taskUUID) !== undefined,
      );
      for (const { taskUUID, submission } of open) {
        log.info(`Resuming task ${taskUUID}${submission === null ? ", which was not sent" : ""}`);
      }
      this.#recovered.begin(open);
      this.#changed.fire();
      return recover(recovery, open, signal, (taskUUID, outcome) => {
        this.#recovered.ended(taskUUID, outcome);
        this.#changed.fire();
      });
    });
    this.#last = recovered.catch(() => undefined);
    return recovered;
  }

  async #report({ saved, failed, unsent }: Recovered, wasAsked: boolean): Promise<void> {
    const { log } = this.#parts;
    logOutcome(log, { saved, failed });
    const pairs = saved.map(pairOf);
    reportSaved(pairs, "recovered from an earlier run");
    reportFailures(failed, failed.length, () => log.show(), [
      ...this.#parts.kept.actions(failed),
      ...this.#forgetOffer(failed),
    ]);
    const isNew = new Set(unsent.map(({ taskUUID }) => taskUUID));
    this.#unsent = [...this.unsent.filter(({ taskUUID }) => !isNew.has(taskUUID)), ...unsent];
    this.#changed.fire();
    if (unsent.length > 0) {
      this.#offerSoon(unsent);
    } else if (wasAsked && saved.length + failed.length === 0) {
      void vscode.window.showInformationMessage("Nothing is pending.");
    }
  }

  /** The button that gives up tasks whose results cannot be had; none where there are none. */
  #forgetOffer(failed: readonly Failed[]): readonly Action[] {
    const tasks = failed.flatMap(({ failure, taskUUID }) =>
      failure.isOpen && taskUUID !== undefined ? [taskUUID] : [],
    );
    return tasks.length === 0 ? [] : [{ title: "Forget…", run: () => this.#askToForget(tasks) }];
  }

  /** An offer may stay unanswered for ever: nothing waits for it. */
  #offerSoon(unsent: readonly Unsent[]): void {
    void this.#offer(unsent).catch((error: unknown) => {
      this.#parts.log.error(`What was not sent could not be resumed: ${asFailure(error).message}`);
    });
  }

  /** Those that have not been sent, forgotten or started since they were offered. */
  #stillUnsent(unsent: readonly Unsent[]): readonly Unsent[] {
    const { jobs, journal } = this.#parts;
    const running = new Set(jobs.running.map(({ taskUUID }) => taskUUID));
    return unsent.filter(
      ({ taskUUID }) => !running.has(taskUUID) && journal.openTask(taskUUID) !== undefined,
    );
  }

  /** What was not sent costs something only now, so that it needs a yes. */
  async #offer(unsent: readonly Unsent[]): Promise<void> {
    const { text, remix } = unsentOffer(unsent);
    const forget = "Forget";
    const answer = await vscode.window.showInformationMessage(text, remix, forget);
    if (answer === forget) {
      await this.#forgetAll(this.#stillUnsent(unsent));
    } else if (answer === remix) {
      await this.#send(this.#stillUnsent(unsent));
    }
  }

  /** Sends under the UUIDs that the tasks have had from the beginning: should the service know one, it refuses it. */
  async #send(offered: readonly Unsent[]): Promise<void> {
    const { jobs, provider, log } = this.#parts;
    const runware = offered.length === 0 ? null : await provider().catch(() => undefined);
    if (runware === undefined) {
      void vscode.window.showWarningMessage("There is no Runware API key. Set it, then run Resume Pending.");
      return;
    }
    await this.#idle();
    // They may have been sent, forgotten or fetched while that took its time.
    const unsent = this.#stillUnsent(offered);
    if (runware === null || unsent.length === 0) {
      return;
    }
    const of = new Map(unsent.map((one) => [one.request, one]));
    const batch = jobs.start([...of.keys()], {
      provider: runware,
      estimate: (request) => of.get(request)?.estimate ?? 0,
      mayAsk: true,
      asOf: (request) => of.get(request)?.planned ?? new Date(),
      taskUUIDs: unsent.map(({ taskUUID }) => taskUUID),
    });
    const { saved, failed } = await showProgress(jobs, batch, runware.id);
    logOutcome(log, { saved, failed });
    const cost = saved.reduce((sum, result) => sum + (result.cost ?? 0), 0);
    const pairs = saved.map(pairOf);
    reportSaved(pairs, `$${cost.toFixed(2)}`);
    const unexpected = failed.filter(({ failure }) => failure.code !== "cancelled");
    reportFailures(unexpected, unsent.length, () => log.show(), this.#parts.kept.actions(failed));
    if (failed.some(({ failure }) => failure.isOpen)) {
      await this.later();
    }
  }

  /** Settles once nothing is being resumed. */
  async #idle(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) {
      last = this.#last;
      await last;
    }
  }

  /** What never left this machine costs nothing to forget. */
  async #forgetAll(unsent: readonly Unsent[]): Promise<void> {
    const out = unsent.filter(({ mayBeOut }) => mayBeOut).map(({ taskUUID }) => taskUUID);
    await this.#forget(unsent.filter(({ mayBeOut }) => !mayBeOut).map(({ taskUUID }) => taskUUID));
    await (out.length === 0 ? undefined : this.#askToForget(out));
  }

  async #askToForget(taskUUIDs: readonly string[]): Promise<void> {
    const forget = "Forget";
    const question = `Forget ${taskUUIDs.length === 1 ? "this task" : `${taskUUIDs.length} tasks`}?`;
    const detail = "Their results may have been charged, and cannot be fetched after that.";
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, forget)) === forget) {
      await this.#forget(taskUUIDs);
    }
  }

  async #forget(taskUUIDs: readonly string[]): Promise<void> {
    const { journal, log } = this.#parts;
    for (const taskUUID of taskUUIDs) {
      await journal.settled(taskUUID, "notSent").catch((error: unknown) => {
        log.warn(`Task ${taskUUID} could not be forgotten: ${asFailure(error).message}`);
      });
    }
    this.#changed.fire();
  }
}

function pairOf({ source, output, ...result }: Saved): Pair {
  return { ...result, source: vscode.Uri.file(source.path), output: vscode.Uri.file(output) };
}

/** What is said of tasks that were not sent, and the button that sends them with its price. */
export function unsentOffer(unsent: readonly Unsent[]): { readonly text: string; readonly remix: string } {
  const price = unsent.reduce(
    (sum, { request, estimate }) => sum + estimate * request.recipe.values.numberResults,
    0,
  );
  const images = `${unsent.length} ${unsent.length === 1 ? "image" : "images"}`;
  const were = unsent.length === 1 ? "was" : "were";
  return {
    text: `${images} of an earlier run ${were} not sent. Nothing was charged.`,
    remix: `Remix ${images} · about $${price.toFixed(2)}`,
  };
}
