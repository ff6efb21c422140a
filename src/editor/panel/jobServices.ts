import * as vscode from "vscode";
import { isFinalState, isUnsent, type TaskStatus } from "../../engine/job.ts";
import type { Jobs } from "../../engine/jobs.ts";
import type { Charge, Ledger } from "../../engine/ledger.ts";
import type { DetailedFacts, SourceFile } from "../../engine/ports.ts";
import type { KeptPictures } from "../keptPictures.ts";
import type { Recovery } from "../recoverPending.ts";
import { noticesOf } from "./notices.ts";
import { paidQuote } from "./paidQuote.ts";
import { recoveredRunOf } from "./runOf.ts";
import { serviceNow } from "./serviceNow.ts";
import type { PanelServices, Quote, QuotedOrder, RemixOrder, ServicesState } from "./services.ts";
import type { SessionResults } from "./sessionResults.ts";
import { actionCommands, confirmStop, openPicture, orderAgain } from "./taskActions.ts";
import { RunWatch } from "./watchedRuns.ts";

/** What these services need of the rest of the extension. */
export interface JobServicesParts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly results: SessionResults;
  /** What earlier windows left is brought to its end there. */
  readonly recovery: Pick<Recovery, "runs" | "unsent" | "sendUnsent" | "forgetUnsent" | "onDidChange">;
  readonly kept: Pick<KeptPictures, "actions">;
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  readonly inspect: (source: SourceFile) => Promise<DetailedFacts>;
  /** Whether there is a key for the service. */
  readonly hasKey: () => Promise<boolean>;
  readonly onDidChangeKey: (listener: () => void) => { dispose(): void };
}

/** The panel's services on top of the window's jobs. */
export class JobServices implements PanelServices {
  readonly #parts: JobServicesParts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watch: RunWatch;
  readonly #ends: { dispose(): void }[];
  #hasKey = false;
  #charges: readonly Charge[] = [];
  #isReading = false;
  #starting = 0;
  /** Images that the caps leave room for, of those that were quoted last. */
  #room = 0;

  readonly onDidChange = this.#changed.event;
  readonly toSource: (path: string) => SourceFile;

  constructor(parts: JobServicesParts) {
    this.#parts = parts;
    this.toSource = parts.toSource;
    this.#watch = new RunWatch(parts.jobs);
    const takeIn = () => {
      for (const run of [...parts.recovery.runs, ...parts.jobs.batches]) {
        parts.results.take(run);
      }
      parts.results.follow(this.#runIds());
      this.#changed.fire();
      void this.#readCharges();
    };
    const stop = parts.jobs.onChange(takeIn);
    this.#ends = [
      this.#changed,
      parts.results,
      { dispose: stop },
      parts.recovery.onDidChange(takeIn),
      parts.onDidChangeKey(() => void this.#readKey()),
      parts.results.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("imageRemix")) {
          void this.#readKey();
        }
      }),
    ];
    // A run may have been started before there was a panel.
    takeIn();
    void this.#readKey();
  }

  dispose(): void {
    for (const end of this.#ends) {
      end.dispose();
    }
  }

  inspect(source: SourceFile): Promise<DetailedFacts> {
    return this.#parts.inspect(source);
  }

  state(): ServicesState {
    const { jobs, results, recovery } = this.#parts;
    return {
      service: serviceNow(this.#charges, this.#hasKey).view,
      run: this.#watch.run ?? recoveredRunOf(recovery.runs.at(-1)),
      results: results.shown,
      undo: results.undoable,
      history: results.history,
      isReadingHistory: results.isReading,
      notices: noticesOf(jobs, recovery),
    };
  }

  quote(images: number, orders: readonly QuotedOrder[]): Quote {
    const { view, problem } = serviceNow(this.#charges, this.#hasKey);
    if (problem !== null) {
      const open = { id: "openSettings", title: "Open Settings", look: "link" } as const;
      return { estimate: null, block: { text: problem, actions: [open] }, hint: "" };
    }
    if (view.provider === "local") {
      return { estimate: "free", block: null, hint: "Nothing leaves this machine" };
    }
    const { room, ...quote } = paidQuote(this.#charges, this.#parts.jobs.committed, images, orders);
    this.#room = room;
    return quote;
  }

  async remix(order: RemixOrder): Promise<void> {
    const { jobs } = this.#parts;
    const before = this.#watch.newest;
    const uris = order.sources.map((path) => vscode.Uri.file(path));
    const { preset, recipe } = order;
    const options = { recipe, ...(preset === undefined ? {} : { preset }) };
    const over = Promise.resolve(
      vscode.commands.executeCommand("imageRemix.remixImage", uris[0], uris, options),
    );
    const started = new Promise<void>((resolve) => {
      const stop = jobs.onChange(() => {
        if (this.#watch.newest !== before) {
          stop();
          resolve();
        }
      });
      // Whatever ends it, also a No to the question about its price.
      void over.finally(stop).then(
        () => resolve(),
        () => resolve(),
      );
    });
    this.#starting += 1;
    await started;
    this.#starting -= 1;
    if (this.#watch.newest !== before) {
      this.openRun();
    }
  }

  get isStarting(): boolean {
    return this.#starting > 0;
  }

  async cancelNotSent(): Promise<void> {
    this.#watch.cancel(({ state }) => isUnsent(state));
  }

  async stopWaiting(): Promise<void> {
    const sent = this.#watch.tasks.filter(isUnderWay);
    const isPaid = sent.some(({ provider }) => provider !== "local");
    if (sent.length === 0 || (isPaid && !(await confirmStop(sent.length)))) {
      return;
    }
    this.#watch.cancel(isUnderWay);
  }

  async act(subject: string | null, action: string, order: RemixOrder): Promise<void> {
    const { jobs } = this.#parts;
    const task = this.#watch.tasks.find(({ taskUUID }) => taskUUID === subject);
    switch (action) {
      case "cancel":
        this.#watch.cancel(({ taskUUID, state }) => taskUUID === subject && isUnsent(state));
        return;
      case "stop":
        if (task !== undefined && (task.provider === "local" || (await confirmStop(1)))) {
          jobs.cancel([task.taskUUID]);
        }
        return;
      case "open":
        await openPicture(task?.saved[0]?.output);
        return;
      case "retry":
        return task === undefined ? undefined : this.#retry(task);
      case "chooseFolder":
        await this.#parts.kept.actions(task?.failed ?? [])[0]?.run();
        return;
      case "remixSome":
        return this.remix({ ...order, sources: order.sources.slice(0, this.#room) });
      case "cancelNotSent":
        jobs.cancelWaiting();
        return;
      case "sendUnsent":
        return this.#parts.recovery.sendUnsent();
      case "forgetUnsent":
        return this.#parts.recovery.forgetUnsent();
      default:
        await actionCommands[action]?.();
        if (action === "setKey") {
          jobs.resume();
        }
    }
  }

  decide(ids: readonly string[], decision: "keep" | "discard" | "restore"): Promise<void> {
    return this.#parts.results.decide(ids, decision);
  }

  replaceSource(id: string): Promise<void> {
    return this.#parts.results.replaceSource(id);
  }

  async remixAgain(id: string): Promise<void> {
    await this.#onResult(id, "imageRemix.remixAgain");
  }

  async showRecipe(id: string): Promise<void> {
    await this.#onResult(id, "imageRemix.showRecipe");
  }

  undo(): Promise<void> {
    return this.#parts.results.undo();
  }

  openHistory(id: string): void {
    this.#parts.results.open([id], true);
  }

  openRun(): void {
    this.#parts.results.open(this.#runIds(), false);
  }

  look(): void {
    this.#parts.results.look();
  }

  readHistory(isWanted: boolean): void {
    this.#parts.results.readHistory(isWanted);
  }

  async #onResult(id: string, command: string): Promise<void> {
    const result = this.#parts.results.shown.find((candidate) => candidate.id === id);
    if (result !== undefined) {
      await vscode.commands.executeCommand(command, vscode.Uri.file(result.path));
    }
  }

  /** The runs that are shown as one. */
  #runIds(): readonly string[] {
    const { ids } = this.#watch;
    const recovered = this.#parts.recovery.runs.filter(({ tasks }) =>
      tasks.some(({ saved }) => saved.length > 0),
    );
    return ids.length > 0 ? ids : recovered.slice(-1).map(({ id }) => id);
  }

  async #retry(task: TaskStatus): Promise<void> {
    await this.#watch.retry(task, () => this.remix(orderAgain(task)));
    this.#changed.fire();
  }

  async #readKey(): Promise<void> {
    this.#hasKey = await this.#parts.hasKey().catch(() => false);
    this.#changed.fire();
  }

  async #readCharges(): Promise<void> {
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    try {
      const charges = await this.#parts.ledger.charges();
      const isNew = charges.length !== this.#charges.length;
      this.#charges = charges;
      if (isNew) {
        this.#changed.fire();
      }
    } catch {
      // What was spent is shown again once it can be read.
    } finally {
      this.#isReading = false;
    }
  }
}

function isUnderWay({ state }: TaskStatus): boolean {
  return !isUnsent(state) && !isFinalState(state);
}
