import type { Snapshot } from "../src/protocol/snapshot.ts";
import { remixLabel } from "./price.ts";
import { plural, t } from "./words.ts";

/** What live regions say after a change; absent where nothing new is to be said. */
export interface Announcements {
  readonly status?: string;
  readonly alert?: string;
  /** Milliseconds to wait with it: a newer one takes its place until then. */
  readonly delay?: number;
}

/** A price that is still being changed is not read out yet; a run that saves fast is read out now and then. */
const priceDelay = 1000;
const runDelay = 5000;

/** What a listener should hear of the step from one snapshot to the next. */
export function announcements(earlier: Snapshot | undefined, later: Snapshot): Announcements {
  if (earlier === undefined) {
    return {};
  }
  const known = new Set(earlier.notices.map(({ id, text }) => `${id} ${text}`));
  const grave = later.notices.filter(({ severity }) => severity !== "info");
  const alert = grave.find(({ id, text }) => !known.has(`${id} ${text}`))?.text;
  return { ...statusAfter(earlier, later), ...(alert === undefined ? {} : { alert }) };
}

function statusAfter(earlier: Snapshot, later: Snapshot): Announcements {
  const { run } = later;
  if (
    run !== null &&
    (earlier.run?.id !== run.id ||
      earlier.run.results.saved !== run.results.saved ||
      earlier.run.ended !== run.ended)
  ) {
    const failed = run.tasks.filter(({ state }) => state === "failed" || state === "unknown").length;
    const { total, saved: count } = run.results;
    const saved = plural(total, "{1} of {0} result saved", "{1} of {0} results saved", count);
    const delay = run.ended === null && earlier.run?.id === run.id ? runDelay : 0;
    return { status: failed === 0 ? saved : t("{0}, {1} failed", saved, failed), delay };
  }
  const decided = later.undo !== null && later.undo !== earlier.undo ? later.undo : undefined;
  if (decided !== undefined) {
    return { status: decided };
  }
  const price = remixLabel(later.compose.price, "full");
  return price === remixLabel(earlier.compose.price, "full") ? {} : { status: price, delay: priceDelay };
}
