/** Texts, numbers and sizes as people read them. */
import type { PixelSize } from "../src/protocol/compose.ts";

let texts: Readonly<Record<string, string>> = {};

/** From now on texts are shown in this language; those that are missing stay English. */
export function useTexts(translated: Readonly<Record<string, string>>): void {
  texts = translated;
}

/** A whole sentence in the user's language; `{0}`, `{1}` … stand for the values. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return (texts[text] ?? text).replaceAll(/\{(\d)\}/g, (_, index) =>
    isolated(String(values[Number(index)] ?? "")),
  );
}

/** Letters that run from right to left, and signs that make others do so. */
const turning =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200e\u200f\u202a-\u202e]/u;

/** A name within a sentence, so that its direction turns nothing around it. */
function isolated(value: string): string {
  return turning.test(value) ? `\u2068${value}\u2069` : value;
}

/** The text for one, or the text for `{0}` of many; `{1}` … stand for the other values. */
export function plural(
  count: number,
  one: string,
  many: string,
  ...others: readonly (string | number)[]
): string {
  return t(count === 1 ? one : many, count, ...others);
}

/** USD with cents. */
export function money(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

/** A share from 0 to 1 as whole percent, never nothing for something. */
export function percent(share: number): number {
  return share > 0 ? Math.max(1, Math.round(share * 100)) : 0;
}

export function pixels({ width, height }: PixelSize): string {
  return t("{0} × {1}", width, height);
}

/** The same for a voice. */
export function spokenPixels({ width, height }: PixelSize): string {
  return t("{0} by {1}", width, height);
}

/** A time span in minutes and seconds, as a clock shows it. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A rough time span. */
export function about(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 60 ? t("about {0} s left", seconds) : t("about {0} min left", Math.round(seconds / 60));
}

/** Number of Unicode code points, the unit in which prompts are measured. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}

/** Whether the page is shown on a Mac, whose keyboard differs. */
export function isMac(): boolean {
  return navigator.userAgent.includes("Mac");
}

/** What the key for commands is called on this machine. */
export function commandKey(): string {
  return isMac() ? "⌘" : t("Ctrl");
}
