import { dayOf } from "./ledger.ts";
import { table } from "./planDocument.ts";
import { asCode } from "./recipeDocument.ts";
import { type BinEntry, binSize } from "./review.ts";

/** How entries of the bin are told. */
export interface BinWords {
  /** What the room is for. */
  readonly name: string;
  /** A path as the reader knows it, relative to the workspace. */
  readonly short: (path: string) => string;
}

/** Entries that are to be deleted for good, all of them, as Markdown that reads well unrendered. */
export function binDocument(entries: readonly BinEntry[], { name, short }: BinWords): string {
  const count = `${entries.length} picture${entries.length === 1 ? "" : "s"}`;
  const rows = entries.map((entry) => [
    asCode(short(entry.origin)),
    fateOf(entry),
    dayOf(new Date(entry.time)),
    megabytes(entry.size),
  ]);
  const blocks = [
    [`# Delete ${count} for good?`],
    [
      `**${count} · ${megabytes(binSize(entries))}**, the oldest in the bin, to make room for ${asCode(name)}.`,
    ],
    ["Nothing is deleted before you say so. What is deleted here cannot be brought back."],
    table([["Picture", "Why it is in the bin", "Since", "Size"], ...rows]),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Why an entry is in the bin, and what is lost with it. */
export function fateOf({ why, isPaid }: BinEntry): string {
  return why === "replaced"
    ? "replaced; can then no longer be undone"
    : `discarded${isPaid ? ", paid for" : ""}`;
}

/** A size in words: "1.4 MB". @param bytes of it */
export function megabytes(bytes: number): string {
  const amount = bytes / 1_000_000;
  return `${amount < 10 ? amount.toFixed(1) : amount.toFixed(0)} MB`;
}
