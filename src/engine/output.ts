import {
  type alphaChoices,
  defaultFileName,
  type MetadataChoice,
  type resizeChoices,
} from "../recipe/settings.ts";

/** Where and how results are saved. Settings `imageRemix.output.*`. */
export interface OutputOptions {
  /** Template of the file name, without its extension. */
  readonly fileName: string;
  /** Folder below the source's own, with `/`; empty for that one. */
  readonly folder: string;
  readonly resize: keyof typeof resizeChoices;
  readonly alpha: keyof typeof alphaChoices;
  readonly metadata: MetadataChoice;
  /** Whether a file beside each result tells the same as its metadata. */
  readonly sidecar: boolean;
}

/** How results are saved where nothing is set. */
export const defaultOutput: OutputOptions = {
  fileName: defaultFileName,
  folder: "",
  resize: "none",
  alpha: "drop",
  metadata: "full",
  sidecar: false,
};

/** What the words in braces of a template stand for; `{n}` is filled in last. */
export interface NameParts {
  /** The source's name without its extension. */
  readonly name: string;
  readonly preset: string;
  /** The local day, `2026-11-22`. */
  readonly date: string;
  readonly seed: string;
  /** `1024x768`. */
  readonly size: string;
}

const words = /\{(name|n|preset|date|seed|size)\}/g;

/** @returns what is wrong with a template; undefined for a good one */
export function readFileName(template: string): string | undefined {
  const plain = template.replaceAll(words, "");
  if (template.trim() === "") {
    return "is empty";
  }
  if (/[{}]/.test(plain)) {
    return "holds a word in braces that does not exist";
  }
  return unsafe.test(plain) || plain.includes("..")
    ? "holds characters that no file name may have"
    : undefined;
}

/** @returns the path's segments; undefined for one that is absolute or leads out */
export function readFolder(folder: string): readonly string[] | undefined {
  if (folder === "") {
    return [];
  }
  const segments = folder.replaceAll("\\", "/").replace(/\/$/, "").split("/");
  const isPlain = (segment: string) =>
    segment !== "" && segment !== "." && segment !== ".." && segment === safe(segment);
  return segments.every(isPlain) ? segments : undefined;
}

/** The file name, without extension, that belongs to result number `n` = 1, 2, 3, … */
export function fileNameFor(template: string, parts: NameParts, n: number): string {
  const numbered = template.includes("{n}");
  const filled = template.replaceAll(words, (_, word: keyof NameParts | "n") =>
    word === "n" ? String(n) : word === "name" ? parts.name : safe(parts[word]),
  );
  // A template without a number gets one where its name is taken.
  const whole = numbered || n === 1 ? filled : `${filled}-${n}`;
  return reserved.test(whole) ? `${whole}_` : whole;
}

/** Characters that some system refuses in names or that turn the direction of what is shown. */
const unsafe = /[\\/:*?"<>|\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Names that Windows keeps for devices, whatever follows after a dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Longest part that is filled in, in characters: four of them still make a name that every system takes. */
const longestPart = 60;

/** `text` as a part of a file name. */
function safe(text: string): string {
  const cleaned = text.normalize("NFC").replaceAll(new RegExp(unsafe, "gu"), "_");
  return cleaned.slice(0, longestPart).replace(/[. ]+$/, "");
}
