/** States in which something outside of the panel has gone wrong. */
import { type FailureCode, RemixFailure } from "../../../src/engine/failure.ts";
import type { ActionView } from "../../../src/protocol/compose.ts";
import type { ServiceView, Snapshot } from "../../../src/protocol/snapshot.ts";
import { compose, fourGroups, fourNames, run, snapshot, task } from "./build.ts";
import { failedTask } from "./runs.ts";

const service: ServiceView = {
  provider: "runware",
  model: "Ideogram 1.0 Remix",
  hasKey: true,
  spending: { today: 0.12, cap: 10 },
};

const setKey = { id: "setKey", title: "Set API Key", look: "button" } as const;

/** A run that stands still because of something that concerns all of it. */
function paused(code: FailureCode, message: string, offers: readonly ActionView[] = []): Snapshot {
  const [saved, failed, ...rest] = fourNames;
  return snapshot({
    view: "results",
    service,
    run: run([
      task(saved ?? "", "saved"),
      failedTask(failed ?? "", new RemixFailure(code, message, { concernsAll: true })),
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
      "authentication",
      "oat-crunch.jpg: Runware refused the API key (401). Enter a valid key with the command Set Runware API Key.",
      [setKey],
    ),
  noCredit: () =>
    paused(
      "credit",
      "oat-crunch.jpg: the Runware account has not enough credit, or is being slowed down. Add credit at https://my.runware.ai/wallet, then try again.",
    ),
  networkDown: () =>
    paused(
      "network",
      "oat-crunch.jpg: there is no connection to Runware. Check the network, then try again.",
    ),
  workerGone: () =>
    snapshot({
      view: "results",
      service: { provider: "local", model: "Local preview", hasKey: false, spending: { today: 0, cap: 0 } },
      run: run([
        task("tea-tin.png", "saved", { cost: null }),
        failedTask(
          "oat-crunch.jpg",
          new RemixFailure(
            "unknown",
            "oat-crunch.jpg: the image worker ended unexpectedly. Try again; if it happens again, use a smaller picture.",
          ),
          { provider: "local" },
        ),
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
        failedTask(
          "tea-tin.png",
          new RemixFailure("untrusted", "Pictures are remixed in trusted workspaces only."),
        ),
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
