import type { Jobs } from "../../engine/jobs.ts";
import type { NoticeView } from "../../protocol/snapshot.ts";
import { type Recovery, unsentOffer } from "../recoverPending.ts";

/** What the user should know in any view: why nothing is sent at the moment, and what an earlier window did not send. */
export function noticesOf(
  { pausedBy }: Pick<Jobs, "pausedBy">,
  { unsent }: Pick<Recovery, "unsent">,
): readonly NoticeView[] {
  return [...pauseNotice(pausedBy), ...unsentNotice(unsent)];
}

function pauseNotice(failure: Jobs["pausedBy"]): readonly NoticeView[] {
  if (failure === null) {
    return [];
  }
  const resume = { id: "resume", title: "Resume", look: "button" } as const;
  const setKey = { id: "setKey", title: "Set API Key", look: "button" } as const;
  const cancel = { id: "cancelNotSent", title: "Cancel What Was Not Sent", look: "link" } as const;
  const actions = failure.code === "authentication" ? [setKey, resume, cancel] : [resume, cancel];
  return [{ id: "paused", severity: "warning", text: `Paused. ${failure.message}`, actions }];
}

function unsentNotice(unsent: Recovery["unsent"]): readonly NoticeView[] {
  if (unsent.length === 0) {
    return [];
  }
  const { text, remix } = unsentOffer(unsent);
  const send = { id: "sendUnsent", title: remix, look: "button" } as const;
  const forget = { id: "forgetUnsent", title: "Forget", look: "link" } as const;
  return [{ id: "unsent", severity: "info", text, actions: [send, forget] }];
}
