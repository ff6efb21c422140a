/** The runs that the states show. */
import type { TaskView } from "../../../src/protocol/running.ts";
import { now, task } from "./build.ts";

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

/** One task for each kind of failure that needs the user. */
export function failures(): readonly TaskView[] {
  const button = "button" as const;
  const link = "link" as const;
  return [
    task("vesna-noir.webp", "failed", {
      headline: "Refused by the content check",
      detail: "The prompt or the picture was found unsafe. Runware reported no cost.",
      actions: [
        { id: "editPrompt", title: "Edit Prompt", look: button },
        { id: "openSafety", title: "Open Safety Settings", look: link },
      ],
    }),
    task("doree-box-citron.png", "unknown", {
      headline: "No answer from Runware, the outcome is unknown",
      detail: "It may already be charged. Checking again is free and never orders a second picture.",
      actions: [
        { id: "check", title: "Check Again", look: button },
        { id: "log", title: "Show Log", look: link },
      ],
    }),
    task("tea-tin-sencha.png", "unknown", {
      headline: "Drawn, but the folder is read-only",
      detail: "The 2 results are safe in the extension’s storage. They were paid for once and stay there.",
      actions: [
        { id: "chooseFolder", title: "Choose Another Folder…", look: button },
        { id: "retrySave", title: "Try Again", look: link },
      ],
    }),
    task("oat-crunch-berry.jpg", "failed", {
      headline: "Runware is too busy",
      detail: "It was never accepted, after 5 tries over 2 minutes. Nothing was charged.",
      actions: [{ id: "retry", title: "Retry · about $0.12", look: button }],
    }),
  ];
}
