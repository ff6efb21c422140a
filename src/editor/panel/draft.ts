import * as z from "zod/mini";
import type { SettingsLayer } from "../../engine/resolve.ts";
import { type NoticeView, views } from "../../protocol/snapshot.ts";
import { isParameterId, type ParameterId } from "../../recipe/parameters.ts";
import { fieldStates, presetIfAny } from "./fieldStates.ts";

const draft = z.object({
  view: z.enum(views),
  /** Absolute paths. */
  sources: z.array(z.string()),
  /** What was removed from them all at once, as long as that can be taken back. */
  cleared: z._default(z.array(z.string()), []),
  /** Name of the preset; null for none, absent for the default one of the settings. */
  preset: z.optional(z.nullable(z.string())),
  /** What was set in the panel, by parameter name, as it was typed. */
  values: z.record(z.string(), z.unknown()),
});

/** What is being composed: it outlives the window. */
export type Draft = z.infer<typeof draft>;

export const emptyDraft: Draft = { view: "compose", sources: [], cleared: [], values: {} };

/**
 * A draft as it was kept. Of one that does not parse, such as that of another version, each field that can be read.
 *
 * @param warn is told which fields were lost; not called where nothing was kept
 */
export function readDraft(kept: unknown, warn: (what: string) => void): Draft {
  if (kept === undefined) {
    return emptyDraft;
  }
  const fields = z.record(z.string(), z.unknown()).safeParse(kept);
  if (!fields.success) {
    warn("The panel's draft cannot be read: it starts empty.");
    return emptyDraft;
  }
  const parsed = draft.safeParse(fields.data);
  if (parsed.success) {
    return parsed.data;
  }
  const lost = new Set(parsed.error.issues.map(({ path: [field] }) => String(field)));
  warn(`The panel's draft cannot be read whole. These parts of it start empty: ${[...lost].join(", ")}.`);
  const readable = Object.entries(fields.data).filter(([field]) => !lost.has(field));
  return draft.parse({ ...emptyDraft, ...Object.fromEntries(readable) });
}

export function withValue({ values, ...rest }: Draft, id: string, value: unknown): Draft {
  return { ...rest, values: { ...values, [id]: value } };
}

export function withoutValue({ values, ...rest }: Draft, id: string): Draft {
  return { ...rest, values: Object.fromEntries(Object.entries(values).filter(([key]) => key !== id)) };
}

/** Each source once, new ones at the end. */
export function withSources(current: Draft, paths: readonly string[]): Draft {
  return { ...current, sources: [...new Set([...current.sources, ...paths])], cleared: [] };
}

export function withoutSource(current: Draft, path: string): Draft {
  return { ...current, sources: current.sources.filter((source) => source !== path) };
}

/** Removes all sources, until they are put back or others are added. */
export function withoutSources(current: Draft): Draft {
  return { ...current, sources: [], cleared: current.sources };
}

/** Puts back what was removed all at once. */
export function withClearedSources({ cleared, ...current }: Draft): Draft {
  return withSources({ ...current, sources: [], cleared }, [...cleared, ...current.sources]);
}

/** What happened to the draft and can be taken back. */
export function draftNotices({ view, cleared }: Draft): readonly NoticeView[] {
  if (view !== "compose" || cleared.length === 0) {
    return [];
  }
  const images = cleared.length === 1 ? "1 image" : `${cleared.length} images`;
  const undo = { id: "putBack", title: "Undo", look: "button" } as const;
  const dismiss = { id: "dismiss", title: "Dismiss", look: "link" } as const;
  const text = `Removed ${images} from the list. The files are where they were.`;
  return [{ id: clearedNotice, severity: "info", text, actions: [undo, dismiss] }];
}

/** Id of the notice that all sources were removed. */
export const clearedNotice = "cleared";

/**
 * A draft after some of its values were written into settings: they hold from there, except where a preset or another
 * folder's settings say otherwise, or the field has been changed meanwhile.
 *
 * @param now the draft as it is after writing
 * @param before as it was when that began
 * @param written values by parameter name, as they were written
 * @param settings those of each folder of a source, after writing
 */
export function withoutWritten(
  now: Draft,
  before: Draft,
  written: Readonly<Record<string, unknown>>,
  settings: readonly (readonly SettingsLayer[])[],
): Draft {
  const states = settings.map((layers) => fieldStates(layers, presetIfAny(layers, now.preset), {}));
  const holds = (id: string) =>
    Object.hasOwn(written, id) &&
    isSame(now.values[id], before.values[id]) &&
    states.every((fields) => isParameterId(id) && isSame(fields.get(id)?.value, written[id]));
  return { ...now, values: Object.fromEntries(Object.entries(now.values).filter(([id]) => !holds(id))) };
}

/** Adds entries to a list, which starts from what holds in the panel, wherever that is written. */
export function withEntries(
  current: Draft,
  id: ParameterId,
  entries: readonly string[],
  layers: readonly SettingsLayer[],
): Draft {
  const value = fieldStates(layers, presetIfAny(layers, current.preset), current.values).get(id)?.value;
  return withValue(current, id, [...new Set([...(Array.isArray(value) ? value : []), ...entries])]);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
