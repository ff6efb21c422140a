import * as vscode from "vscode";
import { isFinalState } from "../engine/job.ts";
import type { Jobs } from "../engine/jobs.ts";
import { type Ledger, spendingOf } from "../engine/ledger.ts";
import { throttled } from "./throttled.ts";

const minute = 60_000;

/** Shows what runs and what was spent today; nothing while nothing runs and nothing was spent. */
export function statusBar(jobs: Jobs, ledger: Ledger): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("imageRemix.status", vscode.StatusBarAlignment.Right, 50);
  item.name = "Image Remix";
  item.command = "imageRemix.showSpending";
  let today = 0;
  const show = () => {
    const active = jobs.running.filter(({ state }) => !isFinalState(state)).length;
    const isPaused = jobs.pausedBy !== null;
    const parts = [
      active === 0 ? undefined : isPaused ? `$(debug-pause) ${active}` : `$(sync~spin) ${active}`,
      today === 0 ? undefined : `$${today.toFixed(2)}`,
    ].filter((part) => part !== undefined);
    item.text = active === 0 ? `$(wand) ${parts.join(" ")}` : parts.join(" · ");
    const images =
      active === 0
        ? ""
        : `${active} ${active === 1 ? "image" : "images"} ${isPaused ? "paused" : "under way"}. `;
    item.tooltip = `Image Remix: ${images}$${today.toFixed(2)} spent today.`;
    item.accessibilityInformation = { label: item.tooltip };
    if (parts.length > 0) {
      item.show();
    } else {
      item.hide();
    }
  };
  let isReading = false;
  const update = throttled(() => {
    show();
    if (!isReading) {
      isReading = true;
      void ledger
        .charges()
        .then((charges) => {
          today = spendingOf(charges, new Date()).today;
        })
        .catch(() => undefined)
        .finally(() => {
          isReading = false;
          show();
        });
    }
  }, 500);
  const stop = jobs.onChange(update);
  // Another window may have spent something, and at midnight a new day begins.
  const again = setInterval(update, minute);
  return vscode.Disposable.from(item, update, { dispose: stop }, { dispose: () => clearInterval(again) });
}
