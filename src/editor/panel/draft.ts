import * as z from "zod/mini";
import { views } from "../../protocol/snapshot.ts";

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
