import type { Made } from "./history.ts";
import type { Inspected } from "./marking.ts";
import { looksLikeResult } from "./names.ts";
import type { SourceFile } from "./ports.ts";
import type { Provenance } from "./provenance.ts";
import type { Skipped } from "./walk.ts";

/**
 * How a picture stands, most urgent first:
 *
 * - `lost`: made by Image Remix and no longer marked
 * - `unknown`: called like a result, without a marking, and unknown to the history of this machine
 * - `unmarked`: byte for byte as Image Remix saved it, which was without metadata
 * - `beside`: marked in the file beside it only
 * - `marking`: marked, without a recipe
 * - `full`: marked, with its recipe
 * - `foreign`: marked by another tool
 * - `credentials`: Content Credentials that name no model
 */
export const markingStates = [
  "lost",
  "unknown",
  "unmarked",
  "beside",
  "marking",
  "full",
  "foreign",
  "credentials",
] as const;
export type MarkingState = (typeof markingStates)[number];

/** A picture that is, or may be, made by a model. */
export interface AuditRow {
  /** Absolute. */
  readonly path: string;
  readonly state: MarkingState;
  /** What the state rests on, where that is not plain. */
  readonly note: string | null;
  /** Null where another tool drew it, or nobody knows. */
  readonly provider: Provenance["provider"] | null;
  /** AIR id, or what another tool calls itself; null where nothing is known. */
  readonly model: string | null;
  readonly preset: string | null;
  readonly prompt: string | null;
  /** ISO 8601; null where it is not known. */
  readonly time: string | null;
  /** Absolute where it can be found, else as the picture names it; null where nothing is known. */
  readonly source: string | null;
}

/** A file whose marking cannot be read. */
export interface Unread {
  /** Absolute path. */
  readonly path: string;
  /** Names it. */
  readonly message: string;
}

/** What an audit has found. */
export interface Audit {
  /** Pictures that were looked at, those that cannot be read left out. */
  readonly looked: number;
  /** By state, most urgent first, then by path as they were found. */
  readonly rows: readonly AuditRow[];
  readonly unread: readonly Unread[];
  readonly skipped: readonly Skipped[];
}

/** What is known from elsewhere than the pictures themselves. */
export interface Known {
  /** Results made on this machine, by the SHA-256 of their bytes. */
  readonly results: ReadonlyMap<string, Made>;
  /** SHA-256 of what was last saved under a name, by absolute path. */
  readonly places: ReadonlyMap<string, string>;
  /** The absolute path of a source that a picture names; undefined for one that lies elsewhere. */
  readonly sourceOf: (picture: string, relative: string) => string | undefined;
}

/** How a picture stands; undefined for one in which nothing speaks of a model. */
export function auditRow(picture: SourceFile, found: Inspected, known: Known): AuditRow | undefined {
  const { path } = picture;
  const { marking, credentials, sidecar, hash } = found;
  const isMarked = marking.sourceType !== null || credentials === "ai";
  const own = marking.provenance ?? sidecar;
  const told = own === null ? undefined : toldBy(path, own, known);
  const asSaved = known.results.get(hash);
  const made = asSaved ?? known.results.get(known.places.get(path) ?? "");
  if (marking.provenance !== null) {
    const { recipe } = marking.provenance;
    return isMarked
      ? { path, state: recipe === null ? "marking" : "full", note: null, ...nothing, ...told }
      : {
          path,
          state: "lost",
          note: "source type removed",
          ...nothing,
          ...told,
        };
  }
  const remembered = told ?? (made === undefined ? undefined : toldByHistory(made));
  if (isMarked && remembered === undefined) {
    const { tool, prompt } = marking;
    return { path, state: "foreign", note: foreignNote(found), ...nothing, model: tool, prompt };
  }
  if (isMarked) {
    // What the service embeds is a marking too.
    const note = asSaved === undefined ? "recipe removed" : null;
    return { path, state: "marking", note, ...nothing, ...remembered };
  }
  if (asSaved !== undefined && sidecar === null) {
    return { path, state: "unmarked", note: null, ...nothing, ...remembered };
  }
  if (sidecar !== null) {
    return { path, state: "beside", note: null, ...nothing, ...remembered };
  }
  if (made !== undefined) {
    return { path, state: "lost", note: "changed since", ...nothing, ...remembered };
  }
  if (credentials === "present") {
    return { path, state: "credentials", note: null, ...nothing, model: marking.tool };
  }
  return looksLikeResult(picture.stem) ? { path, state: "unknown", note: null, ...nothing } : undefined;
}

const nothing = {
  provider: null,
  model: null,
  preset: null,
  prompt: null,
  time: null,
  source: null,
} as const;

type Facts = Omit<AuditRow, "path" | "state" | "note">;

function toldBy(path: string, provenance: Provenance, { sourceOf }: Known): Facts {
  const { provider, model, preset, recipe, time, source } = provenance;
  const prompt = recipe?.["positivePrompt"];
  return {
    provider,
    model,
    preset,
    prompt: typeof prompt === "string" ? prompt : null,
    time,
    source: sourceOf(path, source.path) ?? source.path,
  };
}

function toldByHistory({ provider, model, preset = null, prompt = null, time, source }: Made): Facts {
  return { provider, model, preset, prompt, time, source };
}

function foreignNote({ marking, credentials }: Inspected): string {
  const parts = [marking.sourceType ?? "", credentials === "none" ? "" : "Content Credentials"];
  return parts.filter((part) => part !== "").join(", ");
}

/** Rows in the order in which they are told. */
export function sortedRows(rows: readonly AuditRow[]): readonly AuditRow[] {
  return rows.toSorted((a, b) => markingStates.indexOf(a.state) - markingStates.indexOf(b.state));
}
