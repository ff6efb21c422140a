import * as vscode from "vscode";
import {
  type Batch,
  isFinalState,
  isUnsent,
  type Outcome,
  type TaskState,
  type TaskStatus,
} from "../engine/job.ts";
import type { Jobs } from "../engine/jobs.ts";
import type { ProviderId } from "../engine/ports.ts";
import { throttled } from "./throttled.ts";

/** A thousand tiny pictures must not keep the window busy with telling about them. */
const refreshMilliseconds = 150;

/**
 * Shows how far a batch is until it has ended; the notification's Cancel cancels it.
 *
 * @param isWatched whether it is seen elsewhere: then it is told in the status bar only
 */
export async function showProgress(
  jobs: Jobs,
  batch: Batch,
  provider: ProviderId,
  isWatched = false,
): Promise<Outcome> {
  const title = provider === "local" ? "Image Remix (local preview)" : "Image Remix";
  const { Notification, Window } = vscode.ProgressLocation;
  const location = isWatched ? Window : Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const { tasks } = batch;
    let shown = 0;
    const show = throttled(() => {
      const ended = tasks.filter(({ state }) => isFinalState(state)).length;
      const increment = ((ended - shown) * 100) / tasks.length;
      shown = ended;
      progress.report({ message: progressText(tasks, ended, jobs.pausedBy !== null), increment });
    }, refreshMilliseconds);
    show();
    const stopWatching = jobs.onChange(show);
    const subscription = token.onCancellationRequested(() => batch.cancel());
    try {
      return await batch.outcome;
    } finally {
      subscription.dispose();
      stopWatching();
      show.dispose();
    }
  });
}

const stateNames: Readonly<Partial<Record<TaskState, string>>> = {
  preparing: "preparing",
  sending: "sending",
  drawing: "drawing",
  downloading: "downloading",
  saving: "saving",
};

function progressText(tasks: readonly TaskStatus[], ended: number, isPaused: boolean): string {
  const active = tasks.filter(({ state }) => state in stateNames);
  const [first] = active;
  const spent = tasks.flatMap(({ saved }) => saved).reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  const state = first === undefined ? undefined : stateNames[first.state];
  const parts = [
    tasks.length === 1 ? undefined : `${ended} of ${tasks.length}`,
    isPaused && first === undefined ? "paused" : undefined,
    first === undefined ? undefined : `${first.source.name}${state === undefined ? "" : `, ${state}`}`,
    spent === 0 ? undefined : `$${spent.toFixed(2)}`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** Says why the queue stands still and offers what helps. Returns a function that ends that. */
export function watchPauses(jobs: Jobs, log: vscode.LogOutputChannel): vscode.Disposable {
  let told: string | undefined;
  const stop = jobs.onChange(() => {
    const failure = jobs.pausedBy;
    if (failure === null) {
      // A lost network is retried in silence, and told once.
      told = told === "network" && jobs.running.length > 0 ? told : undefined;
      return;
    }
    if (told === failure.code) {
      return;
    }
    told = failure.code;
    log.warn(`Paused: ${failure.code}: ${failure.message}`);
    const unsent = jobs.running.filter(({ state, provider }) => isUnsent(state) && provider !== "local");
    const setKey = "Set API Key";
    const resume = "Resume";
    const cancel = `Cancel ${unsent.length} Not Sent`;
    const offers = failure.code === "authentication" ? [setKey, resume, cancel] : [resume, cancel];
    const text = `Image Remix is paused. ${failure.message}`;
    void vscode.window.showWarningMessage(text, ...offers).then(async (answer) => {
      told = undefined;
      if (answer === setKey) {
        await vscode.commands.executeCommand("imageRemix.setApiKey");
        jobs.resume();
      } else if (answer === resume) {
        jobs.resume();
      } else if (answer === cancel) {
        jobs.cancelWaiting();
      }
    });
  });
  return { dispose: stop };
}
