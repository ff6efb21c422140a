import { type Audit, type AuditRow, type MarkingState, markingStates } from "./audit.ts";
import { csv } from "./csv.ts";
import { reasonText, table } from "./planDocument.ts";
import { asCode, plain } from "./recipeDocument.ts";

/** How an audit is told. */
export interface AuditWords {
  /** What was looked at, as the reader calls it: `shop`, `blog`. */
  readonly titles: readonly string[];
  readonly now: Date;
  /** A path as the reader knows it, relative to the workspace. */
  readonly short: (path: string) => string;
  /** The address of a file, for a link in the document: percent-encoded, without spaces and brackets. Absent: no links. */
  readonly link?: (path: string) => string;
}

/**
 * An audit as Markdown that reads well unrendered: the links' addresses stand at its end. What comes from files is
 * quoted as code, so that nobody can make it markup.
 */
export function auditDocument(audit: Audit, words: AuditWords): string {
  const { rows, unread, skipped } = audit;
  const { short } = words;
  const blocks = [
    [`# AI pictures in ${words.titles.map(asCode).join(", ")}`],
    [`**${auditSummary(audit)}**`],
    [
      `${minute(words.now.toISOString())} UTC, by the pictures' metadata and the history of this machine. Content Credentials are looked for, not verified.`,
    ],
    rows.length === 0
      ? ["No picture carries a marking, and none is known to have lost one."]
      : auditTable(rows, words),
    legend(rows),
    unread.length === 0 ? [] : [`## Cannot be read (${unread.length})`],
    unread.map(({ path, message }) => `- ${asCode(short(path))}: ${plain(message)}`),
    skipped.length === 0 ? [] : ["## Left out"],
    leftOut(audit),
    rows.flatMap(({ path }, index) =>
      words.link === undefined ? [] : [`[${index + 1}]: ${words.link(path)}`],
    ),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** What was found, in a line: "312 pictures · lost: 3, full: 41 · cannot be read: 1, left out: 12". */
export function auditSummary({ looked, rows, unread, skipped }: Audit): string {
  const counts = markingStates.map((state) => [stateNames[state], countOf(rows, state)] as const);
  const others = [
    ["cannot be read", unread.length],
    ["left out", skipped.length],
  ] as const;
  const text = (all: readonly (readonly [string, number])[]) =>
    all.flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`])).join(", ");
  const marked = rows.length === 0 ? "none marked" : text(counts);
  return [`${looked} picture${looked === 1 ? "" : "s"} looked at`, marked, text(others)]
    .filter((part) => part !== "")
    .join(" · ");
}

function countOf(rows: readonly AuditRow[], state: MarkingState): number {
  return rows.filter((row) => row.state === state).length;
}

const stateNames: Readonly<Record<MarkingState, string>> = {
  lost: "lost",
  unknown: "unknown",
  unmarked: "not marked",
  beside: "beside it",
  marking: "marking",
  full: "full",
  foreign: "foreign",
  credentials: "credentials",
};

const meanings: Readonly<Record<MarkingState, string>> = {
  lost: "made by Image Remix and no longer marked. Restore it from version control, or save it anew with its metadata kept.",
  unknown: "called like a result and not marked; the history of this machine does not know it.",
  unmarked: "saved by Image Remix without metadata (`imageRemix.output.metadata`) and unchanged since.",
  beside: "not marked itself; the file beside it says where it came from.",
  marking: "marked as made by a model, or as a local preview, without its recipe.",
  full: "marked, with its recipe (Show Recipe).",
  foreign: "marked by another tool, as made or changed by a model or an algorithm.",
  credentials: "carries Content Credentials, in which no model is named. Cameras write them, too.",
};

function auditTable(rows: readonly AuditRow[], { short, link }: AuditWords): readonly string[] {
  const head = ["Picture", "Marking", "Drawn by", "Model", "Recipe", "Date", "Source"];
  const body = rows.map((row, index) => [
    link === undefined ? asCode(short(row.path)) : `[${asCode(short(row.path))}][${index + 1}]`,
    markingCell(row),
    drawnBy(row),
    code(row.model),
    recipeCell(row),
    row.time === null ? "" : minute(row.time).slice(0, 10),
    row.source === null ? "" : asCode(short(row.source)),
  ]);
  return table([head, ...body]);
}

function legend(rows: readonly AuditRow[]): readonly string[] {
  const found = markingStates.filter((state) => countOf(rows, state) > 0);
  return found.map((state) => `- **${stateNames[state]}**: ${meanings[state]}`);
}

function markingCell({ state, note }: AuditRow): string {
  const name = state === "lost" ? `**${stateNames.lost}**` : stateNames[state];
  return note === null ? name : `${name}: ${note}`;
}

const providerNames = { runware: "Runware", local: "local preview" } as const;

function drawnBy({ provider, state }: AuditRow): string {
  if (provider !== null) {
    return providerNames[provider];
  }
  return state === "foreign" ? "another tool" : "";
}

/** Prompts are told as far as they tell pictures apart, in UTF-16 units. */
const promptLength = 40;

/** The preset's name says it shorter than its prompt. */
function recipeCell({ preset, prompt }: AuditRow): string {
  return preset === null ? code(prompt) : `preset ${code(preset)}`;
}

function code(text: string | null): string {
  return text === null ? "" : asCode(shortened(text));
}

/** Cut between characters, not inside one. */
function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= promptLength ? text : `${characters.slice(0, promptLength - 1).join("")}…`;
}

function minute(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 16).replace("T", " ");
}

/** By reason: hundreds of ignored pictures are one line. */
function leftOut({ skipped }: Audit): readonly string[] {
  const reasons = new Map<string, { files: number; folders: number }>();
  for (const { reason, isFolder } of skipped) {
    const counts = reasons.get(reason) ?? { files: 0, folders: 0 };
    counts[isFolder ? "folders" : "files"] += 1;
    reasons.set(reason, counts);
  }
  return [...reasons].map(([reason, { files, folders }]) => {
    const counts = [counted(files, "picture"), counted(folders, "folder")].filter((part) => part !== "");
    return `- ${counts.join(" and ")}: ${reasonText(reason)}`;
  });
}

function counted(count: number, noun: string): string {
  return count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const columns = [
  "picture",
  "marking",
  "note",
  "drawnBy",
  "model",
  "preset",
  "prompt",
  "date",
  "source",
] as const;

/** The rows of an audit as CSV (RFC 4180), texts whole. */
export function auditCsv({ rows }: Audit, short: AuditWords["short"]): string {
  const cells = rows.map((row) => {
    const { path, state, note, model, preset, prompt, time, source } = row;
    const sourceName = source === null ? null : short(source);
    return [short(path), stateNames[state], note, drawnBy(row), model, preset, prompt, time, sourceName];
  });
  return csv([columns, ...cells]);
}
