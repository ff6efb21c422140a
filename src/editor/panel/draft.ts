import * as z from "zod/mini";
import type { SettingsLayer } from "../../engine/resolve.ts";
import { views } from "../../protocol/snapshot.ts";
import { isParameterId, type ParameterId } from "../../recipe/parameters.ts";
import { fieldStates, presetIfAny } from "./fieldStates.ts";

const draft = z.object({
  view: z.enum(views),
  /** Absolute paths. */
  sources: z.array(z.string()),
  /** Name of the preset; null for none, absent for the default one of the settings. */
  preset: z.optional(z.nullable(z.string())),
  /** What was set in the panel, by parameter name, as it was typed. */
  values: z.record(z.string(), z.unknown()),
});

/** What is being composed: it outlives the window. */
export type Draft = z.infer<typeof draft>;

export const emptyDraft: Draft = { view: "compose", sources: [], values: {} };

/** A draft as it was kept; an empty one for anything else, such as that of another version. */
export function readDraft(kept: unknown): Draft {
  const parsed = draft.safeParse(kept);
  return parsed.success ? parsed.data : emptyDraft;
}

export function withValue({ values, ...rest }: Draft, id: string, value: unknown): Draft {
  return { ...rest, values: { ...values, [id]: value } };
}

export function withoutValue({ values, ...rest }: Draft, id: string): Draft {
  return { ...rest, values: Object.fromEntries(Object.entries(values).filter(([key]) => key !== id)) };
}

/** Each source once, new ones at the end. */
export function withSources(current: Draft, paths: readonly string[]): Draft {
  return { ...current, sources: [...new Set([...current.sources, ...paths])] };
}

export function withoutSource(current: Draft, path: string): Draft {
  return { ...current, sources: current.sources.filter((source) => source !== path) };
}

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
