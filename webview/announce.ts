import type { Decision, GroupView } from "../src/protocol/results.ts";
import type { Snapshot } from "../src/protocol/snapshot.ts";
import { remixLabel } from "./price.ts";
import { plural, t } from "./words.ts";

/** Something that a listener should hear. */
export interface Announcement {
  /** `alert` interrupts what is being read. A newer one takes the place of one of its kind that still waits. */
  readonly kind: "alert" | "decision" | "run" | "price";
  readonly text: string;
  /** Milliseconds to wait with it. */
  readonly delay: number;
}

/** A price that is still being changed is not read out yet; a run that saves fast is read out now and then. */
const priceDelay = 1000;
const runDelay = 5000;

/** What a listener should hear of the step from one snapshot to the next. */
export function announcements(earlier: Snapshot | undefined, later: Snapshot): readonly Announcement[] {
  if (earlier === undefined) {
    return [];
  }
  const steps = [alarm, decision, notice, progress, price];
  return steps.map((step) => step(earlier, later)).filter((said) => said !== undefined);
}

/** A notice that something stands still or has failed: one that is new, or says something else than before. */
function alarm(earlier: Snapshot, later: Snapshot): Announcement | undefined {
  const known = new Set(earlier.notices.map(({ text }) => text));
  const fresh = later.notices.find(({ severity, text }) => severity !== "info" && !known.has(text));
  return fresh && { kind: "alert", text: fresh.text, delay: 0 };
}

/** What happened that can be taken back, or may be asked about later. */
function notice(earlier: Snapshot, later: Snapshot): Announcement | undefined {
  const known = new Set(earlier.notices.map(({ text }) => text));
  const fresh = later.notices.find(({ severity, text }) => severity === "info" && !known.has(text));
  return fresh && { kind: "decision", text: fresh.text, delay: 0 };
}

function progress(earlier: Snapshot, { run }: Snapshot): Announcement | undefined {
  const isNew = earlier.run?.id !== run?.id;
  if (
    run === null ||
    (!isNew && earlier.run?.results.saved === run.results.saved && earlier.run.ended === run.ended)
  ) {
    return undefined;
  }
  const failed = run.tasks.filter(({ state }) => state === "failed" || state === "unknown").length;
  const { total, saved: count } = run.results;
  const saved = plural(total, "{1} of {0} result saved", "{1} of {0} results saved", count);
  const text = failed === 0 ? saved : t("{0}, {1} failed", saved, failed);
  return { kind: "run", text, delay: run.ended === null && !isNew ? runDelay : 0 };
}

function price(earlier: Snapshot, later: Snapshot): Announcement | undefined {
  const text = remixLabel(later.compose.price, "full");
  return text === remixLabel(earlier.compose.price, "full")
    ? undefined
    : { kind: "price", text, delay: priceDelay };
}

/** A result that stands otherwise than before. */
interface Changed {
  readonly group: GroupView;
  /** From 1, in its group. */
  readonly number: number;
  readonly from: Decision;
  readonly to: Decision;
}

/** What was decided or taken back, by whichever way: a key, the menu, a notification, another window. */
function decision(earlier: Snapshot, later: Snapshot): Announcement | undefined {
  const before = new Map(
    earlier.groups.flatMap(({ results }) => results.map(({ id, decision: from }) => [id, from])),
  );
  const changed = later.groups.flatMap((group) =>
    group.results.flatMap(({ id, decision: to }, index): readonly Changed[] => {
      const from = before.get(id);
      return from === undefined || from === to ? [] : [{ group, number: index + 1, from, to }];
    }),
  );
  // A result that takes the source's place may push another one from there: that one is not worth a word.
  const [replaced] = changed.filter(({ to }) => to === "replaced");
  const [one = replaced] = changed;
  if (one === undefined) {
    return undefined;
  }
  const isOne = changed.length === 1 || replaced !== undefined;
  const text = isOne ? sentence(replaced ?? one) : several(changed.length, one);
  return { kind: "decision", text, delay: 0 };
}

function sentence({ group, number, from, to }: Changed): string {
  const values = [number, group.results.length, group.name] as const;
  if (to === "replaced") {
    return t("Replaced the source. Result {0} of {1} of {2}", ...values);
  }
  if (from === "replaced") {
    return t("The source is back. Result {0} of {1} of {2}", ...values);
  }
  if (from === "discarded") {
    return t("Restored. Result {0} of {1} of {2}", ...values);
  }
  switch (to) {
    case "kept":
      return t("Kept. Result {0} of {1} of {2}", ...values);
    case "discarded":
      return t("Discarded. Result {0} of {1} of {2}", ...values);
    case "undecided":
      return t("Undecided again. Result {0} of {1} of {2}", ...values);
  }
}

function several(count: number, { from, to }: Changed): string {
  if (from === "discarded") {
    return t("{0} results restored", count);
  }
  switch (to) {
    case "kept":
      return t("{0} results kept", count);
    case "discarded":
      return t("{0} results discarded", count);
    default:
      return t("{0} results undecided again", count);
  }
}
