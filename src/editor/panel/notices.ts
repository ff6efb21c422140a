import type { Jobs } from "../../engine/jobs.ts";
import type { NoticeView } from "../../protocol/snapshot.ts";

/** What the user should know in any view: why nothing is sent at the moment. */
export function noticesOf({ pausedBy: failure }: Pick<Jobs, "pausedBy">): readonly NoticeView[] {
  if (failure === null) {
    return [];
  }
  const resume = { id: "resume", title: "Resume", look: "button" } as const;
  const setKey = { id: "setKey", title: "Set API Key", look: "button" } as const;
  const cancel = { id: "cancelNotSent", title: "Cancel What Was Not Sent", look: "link" } as const;
  const actions = failure.code === "authentication" ? [setKey, resume, cancel] : [resume, cancel];
  return [{ id: "paused", severity: "warning", text: `Paused. ${failure.message}`, actions }];
}
