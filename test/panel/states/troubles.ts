/** States in which something outside of the panel has gone wrong. */
import type { ActionView } from "../../../src/protocol/compose.ts";
import type { TaskView } from "../../../src/protocol/running.ts";
import type { ServiceView, Snapshot } from "../../../src/protocol/snapshot.ts";
import { compose, fourGroups, fourNames, run, snapshot, task } from "./build.ts";

const service: ServiceView = {
  provider: "runware",
  model: "Ideogram 1.0 Remix",
  hasKey: true,
  spending: { today: 0.12, cap: 10 },
};

const retry = { id: "retry", title: "Retry · about $0.12", look: "button" } as const;
const setKey = { id: "setKey", title: "Set API Key", look: "button" } as const;
const log = { id: "log", title: "Show Log", look: "link" } as const;

/** A run that stands still because of something that concerns all of it. */
function paused(message: string, first: Partial<TaskView>, offers: readonly ActionView[] = []): Snapshot {
  const [saved, failed, ...rest] = fourNames;
  return snapshot({
    view: "results",
    service,
    run: run([
      task(saved ?? "", "saved"),
      task(failed ?? "", "failed", { detail: message, actions: [retry, log], ...first }),
      ...rest.map((name) => task(name, "waiting")),
    ]),
    notices: [
      {
        id: "paused",
        severity: "warning",
        text: `Paused. ${message}`,
        actions: [
          ...offers,
          { id: "resume", title: "Resume", look: "button" },
          { id: "cancelNotSent", title: "Cancel What Was Not Sent", look: "link" },
        ],
      },
    ],
  });
}

export const troubles: Readonly<Record<string, () => Snapshot>> = {
  keyRefused: () =>
    paused(
      "oat-crunch.jpg: Runware refused the API key (401). Enter a valid key with the command Set Runware API Key.",
      {
        headline: "The API key was refused",
        actions: [setKey, retry],
      },
      [setKey],
    ),
  noCredit: () =>
    paused(
      "oat-crunch.jpg: the Runware account has not enough credit, or is being slowed down. Add credit at https://my.runware.ai/wallet, then try again.",
      { headline: "Not enough credit" },
    ),
  networkDown: () =>
    paused("oat-crunch.jpg: there is no connection to Runware. Check the network, then try again.", {
      headline: "Could not be remixed",
    }),
  workerGone: () =>
    snapshot({
      view: "results",
      service: { provider: "local", model: "Local preview", hasKey: false, spending: { today: 0, cap: 0 } },
      run: run([
        task("tea-tin.png", "saved", { cost: null }),
        task("oat-crunch.jpg", "failed", {
          headline: "Could not be drawn",
          detail:
            "oat-crunch.jpg: the image worker ended unexpectedly. Try again; if it happens again, use a smaller picture.",
          actions: [{ id: "retry", title: "Retry", look: "button" }, log],
        }),
      ]),
    }),
  noKey: () =>
    snapshot({
      service: { ...service, hasKey: false },
      compose: compose(fourNames, {
        price: { images: 4, results: 8, estimate: null },
        block: {
          text: "There is no Runware API key. Set one, or choose the local preview.",
          actions: [{ id: "openSettings", title: "Open Settings", look: "link" }],
        },
      }),
    }),
  untrusted: () =>
    snapshot({
      view: "results",
      run: run([
        task("tea-tin.png", "failed", {
          headline: "Could not be remixed",
          detail: "Pictures are remixed in trusted workspaces only.",
          actions: [log],
        }),
      ]),
    }),
  binFull: () =>
    snapshot({
      view: "results",
      service,
      groups: fourGroups(),
      notices: [
        {
          id: "bin",
          severity: "warning",
          text: "There is no room in the bin: 498 MB of 500 MB are in use. Nothing is deleted before you have seen what would go.",
          actions: [{ id: "openBin", title: "Open Settings", look: "link" }],
        },
      ],
    }),
  discarded: () =>
    snapshot({
      view: "results",
      service,
      groups: fourGroups(),
      undo: "Discarded oat-crunch.remix-2.png",
    }),
  oneSource: () => snapshot({ compose: compose(fourNames.slice(0, 1)) }),
};
