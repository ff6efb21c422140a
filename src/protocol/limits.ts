import type { FieldValue } from "./compose.ts";

/**
 * The longest value that a message carries: far more than any field may hold, so that one that is too long is marked.
 * `results` are those that are decided on together.
 */
export const longest = { text: 20_000, entries: 50, entry: 4096, results: 10_000 } as const;

/** `given` as a message can carry it: with what is too much it would be dropped whole. */
export function carried(given: FieldValue): string | number | boolean | string[] | null {
  if (typeof given === "string") {
    return given.slice(0, longest.text);
  }
  return typeof given === "object" && given !== null
    ? given.slice(0, longest.entries).map((entry) => entry.slice(0, longest.entry))
    : given;
}
