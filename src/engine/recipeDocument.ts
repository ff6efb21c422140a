import { models } from "../recipe/models.ts";
import { parameterIds } from "../recipe/parameters.ts";
import { type Ancestor, isThere, type SourceState } from "./lineage.ts";
import type { Provenance } from "./provenance.ts";

/** What the document is about. */
export interface RecipeDocument {
  /** File name of the picture. */
  readonly name: string;
  readonly provenance: Provenance;
  /** The picture's sources, nearest first. */
  readonly ancestors: readonly Ancestor[];
  /** A path as the reader knows it, relative to the workspace. */
  readonly short: (path: string) => string;
}

/**
 * Where a picture came from, as Markdown that reads well unrendered. Everything that stands in the picture's file is
 * quoted as code: whoever made the file cannot make it a link, a picture or markup.
 */
export function recipeDocument({ name, provenance, ancestors, short }: RecipeDocument): string {
  const blocks = [
    [`# Recipe of ${asCode(name)}`],
    [madeBy(provenance)],
    facts(provenance).map(([label, value]) => `- ${label}: ${value}`),
    ["## Recipe"],
    ...recipeBlocks(provenance),
    ["## Where it came from"],
    origins(name, ancestors, short),
    ["## Record"],
    record(provenance).map(([label, value]) => `- ${label}: ${asCode(value)}`),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function madeBy({ provider, model }: Provenance): string {
  if (provider === "local") {
    return "**Local preview**, made on this machine for free. Not the work of a picture model.";
  }
  const known: Readonly<Record<string, { readonly title: string }>> = models;
  const title = model === null || !Object.hasOwn(known, model) ? undefined : known[model]?.title;
  const drawn = title ?? "a picture model";
  return `Drawn by ${drawn}${model === null ? "" : ` (${asCode(model)})`} on Runware.`;
}

type Line = readonly [label: string, value: string];

function facts({ provider, cost, time, preset, flagged }: Provenance): readonly Line[] {
  const price = cost === null ? "not reported" : `$${cost}`;
  return [
    ["Made", `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`],
    ["Cost", provider === "local" ? "free" : price],
    ...(preset === null ? [] : [["Preset", asCode(preset)] as const]),
    ...(flagged ? [["Flagged", "the service's check found this picture unsafe"] as const] : []),
  ];
}

/** What programs and support go by. */
function record({ seed, taskUUID, imageUUID, recipeHash }: Provenance): readonly Line[] {
  const lines = { Task: taskUUID, Picture: imageUUID, Seed: seed, "Recipe hash": recipeHash };
  return Object.entries(lines).flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** Texts that may be long stand below the list, as they are. */
const longTexts = ["positivePrompt", "negativePrompt"];

function recipeBlocks({ recipe, provider }: Provenance): readonly (readonly string[])[] {
  if (recipe === null) {
    return [["The picture carries its marking only (`imageRemix.output.metadata`), without the recipe."]];
  }
  const order = new Map<string, number>(parameterIds.map((id, index) => [id, index]));
  const sorted = Object.entries(recipe).toSorted(
    ([one], [other]) => (order.get(one) ?? order.size) - (order.get(other) ?? order.size),
  );
  const isLong = ([id]: readonly [string, unknown]) => longTexts.includes(id);
  const list = sorted.filter((entry) => !isLong(entry)).map(([id, value]) => `- ${id}: ${valueText(value)}`);
  const texts = sorted.filter(isLong).flatMap(([id, value]) => [[`${id}:`], asBlock(String(value))]);
  const reason = provider === "local" ? "" : ": the model takes no seed";
  const note = `The same recipe makes a new variation, not this picture again${reason}.`;
  return [...texts, ...(list.length === 0 ? [] : [list]), [note]];
}

function valueText(value: unknown): string {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.length === 0 ? "none" : items.map((item) => asCode(String(item))).join(", ");
}

const stateTexts: Readonly<Record<SourceState, string>> = {
  same: "unchanged since",
  moved: "unchanged since",
  changed: "**changed since**",
  gone: "**gone**",
  unreadable: "**cannot be read**",
  outside: "outside this workspace and not looked at",
};

function origins(
  name: string,
  ancestors: readonly Ancestor[],
  short: RecipeDocument["short"],
): readonly string[] {
  const steps = ancestors.map(({ relative, path, state, hash, provenance }, index) => {
    const isOriginal = provenance === undefined && isThere({ state });
    const end = isOriginal ? ". The original: it carries no recipe" : "";
    const place = state === "moved" && path !== undefined ? `, **now** ${asCode(short(path))}` : "";
    return `${index + 2}. from ${asCode(relative)}${place}, ${stateTexts[state]}, SHA-256 ${asCode(`${hash.slice(0, 12)}…`)}${end}`;
  });
  return [`1. ${asCode(name)}`, ...steps];
}

/** Controls, line ends and marks that reorder text: what could make a line look like another, or like several. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** `text` on one line, with what cannot be seen shown as its number. */
export function visible(text: string): string {
  return text.replaceAll(unseen, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

/** `text` on one line, as Markdown code (https://spec.commonmark.org/0.31.2/#code-spans). */
export function asCode(text: string): string {
  if (text === "") {
    return "(empty)";
  }
  const shown = visible(text);
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** An underscore inside a word is one. */
const markup = /(\\*)([[\]<>`*~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}]))/gu;

/** A message on one line, of which nothing can be taken for a link, a picture or markup of its own. */
export function plain(message: string): string {
  // A backslash in front would escape the escape.
  return visible(message).replaceAll(markup, "$1$1\\$2");
}

/** `text` with its lines, as a fenced block (https://spec.commonmark.org/0.31.2/#fenced-code-blocks). */
function asBlock(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/).map(visible);
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return [`${fence}text`, ...lines, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
