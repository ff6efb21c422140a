/** The runs that the states show. */

import { runView } from "../../../src/editor/panel/resultsView.ts";
import { runOf } from "../../../src/editor/panel/runOf.ts";
import { RemixFailure } from "../../../src/engine/failure.ts";
import type { TaskStatus } from "../../../src/engine/job.ts";
import { defaultOutput } from "../../../src/engine/output.ts";
import type { ProviderId } from "../../../src/engine/ports.ts";
import { resolveRecipe } from "../../../src/engine/resolve.ts";
import { keptNote } from "../../../src/engine/saving.ts";
import type { TaskView } from "../../../src/protocol/running.ts";
import { now, pictureOf, task } from "./build.ts";

/** Twelve sources, some saved, some being drawn, the rest not sent. */
export function mixedRun(): readonly TaskView[] {
  const states = [
    ...(["saved", "saved", "saved"] as const),
    ...(["drawing", "drawing", "accepted"] as const),
    ...Array.from({ length: 6 }, () => "waiting" as const),
  ];
  const order = [
    "tea-tin.png",
    "tea-tin-sencha.png",
    "tea-tin-earl.png",
    "oat-crunch.jpg",
    "oat-crunch-berry.jpg",
    "vesna.webp",
    "vesna-noir.webp",
    "vesna-mer.webp",
    "doree-box.png",
    "doree-box-citron.png",
    "doree-box-noir.png",
    "doree-gift.png",
  ];
  return order.map((name, index) => {
    const percent = { 3: 64, 4: 38 }[index] ?? null;
    return task(name, states[index] ?? "waiting", { percent, ended: index < 3 ? now - index * 2000 : null });
  });
}

/** How a task of a scene has failed. */
interface Failing {
  readonly provider?: ProviderId;
  readonly keptAs?: string;
}

/** A task that has failed, with the words and the offers that the extension has for it. */
export function failedTask(
  name: string,
  failure: RemixFailure,
  { provider = "runware", keptAs }: Failing = {},
): TaskView {
  const { folder } = task(name, "waiting");
  const [stem = "", extension = ""] = name.split(".");
  const source = { path: name, name, stem, extension: `.${extension}`, folder };
  const recipe = { positivePrompt: "teal", numberResults: 2 };
  const status: TaskStatus = {
    taskUUID: `t-${name}`,
    request: { source, recipe: resolveRecipe([], { recipe }), output: defaultOutput },
    source,
    provider,
    state: "failed",
    asked: 2,
    saved: [],
    failed: [{ source, failure, ...(keptAs === undefined ? {} : { keptAs }) }],
    started: new Date(now - 31_000),
    ended: new Date(now),
  };
  const made = runOf({ id: "run-1", started: new Date(now - 52_000), price: 0.06, tasks: [status] });
  const views =
    made === null
      ? []
      : runView(made, { toSource: () => source, uri: (path) => pictureOf(path), folder: () => folder }).tasks;
  const [view] = views;
  if (view === undefined) {
    throw new Error("A run shows each of its tasks");
  }
  return view;
}

/** One task for each kind of failure that needs the user. */
export function failures(): readonly TaskView[] {
  const kept = "/storage/kept/tea-tin-sencha.remix-1.png";
  const readOnly = "The folder brand/tea is read-only. Make it writable, then try again.";
  return [
    failedTask(
      "vesna-noir.webp",
      new RemixFailure("safety", "The prompt or the picture was found unsafe. Runware reported no cost."),
    ),
    failedTask(
      "doree-box-citron.png",
      new RemixFailure(
        "abandoned",
        "It may already be charged. Checking again is free and never orders a second picture.",
        { isOpen: true },
      ),
    ),
    failedTask("tea-tin-sencha.png", new RemixFailure("readOnly", readOnly + keptNote(kept)), {
      keptAs: kept,
    }),
    failedTask(
      "oat-crunch-berry.jpg",
      new RemixFailure("rate", "It was never accepted, after 5 tries over 2 minutes. Nothing was charged."),
    ),
  ];
}
