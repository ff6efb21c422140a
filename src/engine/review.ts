import * as z from "zod/mini";
import type { OutputFormat, SourceFile, SourceFormat } from "./ports.ts";

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const putLine = z.object({
  version: z.literal(1),
  kind: z.literal("put"),
  /** UUID v4. */
  id: z.string(),
  /** ISO 8601. */
  time: z.string(),
  why: z.enum(["discarded", "replaced"]),
  /** Absolute path that the bytes had. */
  origin: z.string(),
  /** Of the bytes. */
  sha256,
  /** Extension of `origin` with its dot, as far as it is letters and digits; may be empty. */
  extension: z.string().check(z.regex(/^(\.[A-Za-z0-9]{1,16})?$/)),
  /** Bytes. */
  size: z.number(),
  /** Whether it has been paid for, or nobody knows. */
  isPaid: z.boolean(),
  /** What stood in the file beside a discarded picture; null without one. */
  sidecar: z.nullable(z.string()),
  /** For bytes that were replaced: by what. */
  replacedBy: z.nullable(
    z.object({
      /** Absolute path of the result. */
      result: z.string(),
      /** Of the result's bytes. */
      resultSha256: sha256,
      /** Of what was written in the place of the old bytes: the result's, or the same in another format. */
      sha256,
    }),
  ),
});

/** One line of the bin's index, as it stands in the file. `left`: brought back, or deleted for good. */
export const binLine = z.discriminatedUnion("kind", [
  putLine,
  z.object({ version: z.literal(1), kind: z.literal("left"), id: z.string(), time: z.string() }),
]);
export type BinLine = Readonly<z.infer<typeof binLine>>;

/** Something that lies in the bin. */
export type BinEntry = Readonly<Omit<z.infer<typeof putLine>, "version" | "kind">>;

/** What is put into the bin. */
export type BinItem = Pick<BinEntry, "why" | "origin" | "isPaid" | "sidecar" | "replacedBy">;

/** An entry that keeps the old bytes of a source. */
export type Replacement = BinEntry & { readonly replacedBy: NonNullable<BinEntry["replacedBy"]> };

/** The place where discarded and replaced pictures are kept. Shared by all windows. */
export interface Bin {
  /** What lies there, whole, oldest first. */
  entries(): Promise<readonly BinEntry[]>;
  /** Absolute path of an entry's bytes. They are to be read only. */
  pathOf(entry: BinEntry): string;
  /**
   * Resolves once the bytes lie there, read back and compared, and would survive a power failure.
   *
   * @throws RemixFailure `readOnly`, `diskFull` or `unknown`
   */
  put(bytes: Uint8Array, item: BinItem): Promise<BinEntry>;
  /** @throws RemixFailure `unknown` where the bytes are gone or are not those that were put there */
  read(entry: BinEntry): Promise<Uint8Array>;
  /** Takes entries out; their bytes are deleted where no other entry needs them. */
  remove(entries: readonly BinEntry[]): Promise<void>;
}

/** What a file holds at some moment. */
export interface FileContent {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

/** The one way by which a file that exists gets other bytes. */
export interface FileReplacer {
  /** @throws RemixFailure `sourceGone` and others, naming the file */
  read(file: string): Promise<FileContent>;
  /**
   * Gives `file` other bytes in one step, so that it is never half written. A link is followed. Permissions stay.
   *
   * @param expected SHA-256 of the bytes that it must still have
   * @throws RemixFailure `readOnly` for a file that is write-protected, `sourceGone` where it has changed, and others;
   *   the file is as it was then
   */
  replace(file: string, expected: string, bytes: Uint8Array): Promise<void>;
  /**
   * Deletes a file that still has the bytes `expected`, by `how`.
   *
   * @throws RemixFailure `sourceGone` where it has changed
   */
  remove(file: string, expected: string, how: (file: string) => Promise<void>): Promise<void>;
}

/** The entries that an index leaves in the bin, in the order in which they came. */
export function applyBinLine(entries: Map<string, BinEntry>, line: BinLine): void {
  if (line.kind === "left") {
    entries.delete(line.id);
    return;
  }
  const { version: _version, kind: _kind, ...entry } = line;
  entries.set(entry.id, entry);
}

/** Name of the file in the bin that holds an entry's bytes. */
export function contentName({ sha256, extension }: Pick<BinEntry, "sha256" | "extension">): string {
  return `${sha256}${extension}`;
}

/** Bytes that `entries` take up: what several have in common counts once. */
export function binSize(entries: readonly BinEntry[]): number {
  const sizes = new Map(entries.map((entry) => [contentName(entry), entry.size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * The oldest entries, as few as make room for `incoming` more bytes; undefined where even an empty bin has no room.
 *
 * @param limit bytes that the bin may take up
 */
export function oldestToRemove(
  entries: readonly BinEntry[],
  incoming: number,
  limit: number,
): readonly BinEntry[] | undefined {
  if (incoming > limit) {
    return undefined;
  }
  const sorted = entries.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time));
  const count = sorted.findIndex((_, index) => binSize(sorted.slice(index)) + incoming <= limit);
  return sorted.slice(0, count === -1 ? sorted.length : count);
}

/** What can be undone, newest first: of each source the last replacement. */
export function lastReplacements(entries: readonly BinEntry[]): readonly Replacement[] {
  const bySource = new Map<string, Replacement>();
  for (const entry of entries) {
    if (entry.replacedBy !== null) {
      bySource.delete(entry.origin);
      bySource.set(entry.origin, { ...entry, replacedBy: entry.replacedBy });
    }
  }
  return [...bySource.values()].reverse();
}

/** The name under which a discarded picture comes back: its own, or where that is taken the next free one. */
export function restoredName({ stem, extension, name }: SourceFile, n: number): string {
  if (n === 1) {
    return name;
  }
  const numbered = /^(.*\.remix-)(\d{1,9})$/.exec(stem);
  return numbered === null
    ? `${stem}-${n}${extension}`
    : `${numbered[1] ?? ""}${Number(numbered[2]) + n - 1}${extension}`;
}

/** Formats of sources that a result can take the place of. */
const replaceable: Readonly<Partial<Record<SourceFormat, OutputFormat>>> = {
  png: "PNG",
  jpeg: "JPG",
  webp: "WEBP",
};

/** The format in which a source of `format` is replaced; undefined where it cannot be. */
export function replacementFormat(format: SourceFormat): OutputFormat | undefined {
  return replaceable[format];
}

/** Why a source of `format` cannot be replaced, to follow its name. */
export function whyNotReplaceable(format: SourceFormat): string {
  if (format === "svg") {
    return "is a drawing (SVG), and a result is made of pixels. Use the result beside it instead.";
  }
  return `is a ${format.toUpperCase()} file, and only PNG, JPEG and WebP can be written. Use the result beside it instead.`;
}

/** A picture with what it is called, as Markdown (https://spec.commonmark.org/0.31.2/#images). */
export function markdownImage(stem: string, relativePath: string): string {
  const text = stem.replaceAll(/[\\[\]`*_<>!&]/g, "\\$&").replaceAll(/\s+/g, " ");
  const target = relativePath.split("/").map(encodeURIComponent).join("/");
  // What `encodeURIComponent` leaves and a link target does not take.
  return `![${text}](${target.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}
