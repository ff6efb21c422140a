import type { Recipe } from "../recipe/parameters.ts";
import type { Plan, Resting } from "./plan.ts";
import type { PlannedItem } from "./plannedItem.ts";
import { asCode, plain } from "./recipeDocument.ts";

/** How a plan is told. */
export interface PlanWords {
  /** What is remixed, as the reader calls it: `shop`. */
  readonly title: string;
  /** Whether the plan leaves alone what is up to date. */
  readonly onlyOutdated: boolean;
  /** Where the estimate comes from, as a sentence. */
  readonly basis: string;
  /** A path as the reader knows it, relative to the workspace. */
  readonly short: (path: string) => string;
}

/**
 * A plan as Markdown that reads well unrendered. What comes from files and settings is quoted as code, so that nobody
 * can make it markup.
 */
export function planDocument(plan: Plan, words: PlanWords): string {
  const { items, skipped, failed, upToDate, unknown, underWay, remixes = [] } = plan;
  const { short, onlyOutdated } = words;
  const blocks = [
    [`# Plan: remix ${asCode(words.title)}`],
    [`**${planSummary(plan, onlyOutdated)}**`],
    [priceText(plan, words.basis)],
    section("To do", items, toDo(items, short)),
    recipesSection(items),
    section("Remixes of remixes", remixes, [
      "Each moves further from its original and loses detail. **Use Originals** plans anew with the originals in their place.",
      "",
      ...remixes.map(
        ({ source, original }) =>
          `- ${asCode(short(source.path))} is itself a remix of ${asCode(short(original.path))}`,
      ),
    ]),
    section(
      "Cannot be remixed",
      failed,
      failed.map(({ source, failure }) => `- ${asCode(short(source.path))}: ${plain(failure.message)}`),
    ),
    section("Unknown", unknown, [
      "These have results that carry no metadata and that no history knows. They are left alone: remix one by itself if it needs a new result.",
      "",
      ...resting(unknown, short),
    ]),
    section("Under way", underWay, [
      "Results of these are being made, wait to be fetched, or are kept in storage: Image Remix: Resume Pending.",
      "",
      ...resting(underWay, short),
    ]),
    section("Up to date", upToDate, resting(upToDate, short)),
    section(
      "Left out",
      skipped,
      skipped.map(
        ({ path, isFolder, reason }) =>
          `- ${asCode(short(path) + (isFolder ? "/" : ""))}: ${reasonText(reason)}`,
      ),
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** How much there is to do, in a line: "up to date: 41, to do: 3, unknown: 1". */
export function planSummary(
  { items, upToDate, unknown, underWay, failed, skipped, ...plan }: Plan,
  onlyOutdated: boolean,
): string {
  const results = items.reduce((sum, { request }) => sum + request.recipe.values.numberResults, 0);
  const others = [
    underWay.length > 0 ? `under way: ${underWay.length}` : "",
    failed.length > 0 ? `cannot be remixed: ${failed.length}` : "",
    skipped.length > 0 ? `left out: ${skipped.length}` : "",
  ];
  const counts = onlyOutdated
    ? [`up to date: ${upToDate.length}`, `to do: ${items.length}`, `unknown: ${unknown.length}`]
    : [`to do: ${items.length}`];
  const price = items.length === 0 ? "" : ` · ${results} result${results === 1 ? "" : "s"}, ${dollars(plan)}`;
  return [...counts, ...others].filter((part) => part !== "").join(", ") + price;
}

function dollars({ provider, price }: Pick<Plan, "provider" | "price">): string {
  return provider === "local" ? "free local preview" : `about $${price.toFixed(2)}`;
}

function priceText({ provider }: Plan, basis: string): string {
  return provider === "local"
    ? `Drawn by the local preview, on this machine and for free. Not the work of a picture model. ${names}`
    : `${basis} Only finished results are charged. ${names}`;
}

const names = "Names are the first that are free now; no file is ever replaced.";

function section(title: string, counted: readonly unknown[], lines: readonly string[]): readonly string[] {
  return counted.length === 0 ? [] : [`## ${title} (${counted.length})`, "", ...lines];
}

function toDo(items: readonly PlannedItem[], short: PlanWords["short"]): readonly string[] {
  const isPriced = items.some(({ price }) => price > 0);
  const head = ["Source", "Pixels", "Drawn", "Cut off", "Results", ...(isPriced ? ["USD"] : []), "Remarks"];
  const rows = items.map(({ request, sourceSize, size, loss, names, price, warnings }) => {
    const { source, recipe, output } = request;
    const preset = recipe.preset === null ? [] : [`preset ${asCode(recipe.preset)}`];
    const folder = output.folder === "" ? "" : `${output.folder.replace(/[\\/]$/, "")}/`;
    return [
      asCode(short(source.path)),
      `${sourceSize.width}×${sourceSize.height}`,
      `${size.width}×${size.height}`,
      `${(loss * 100).toFixed(loss > 0 && loss < 0.1 ? 1 : 0)} %`,
      namesText(names.map((name) => `${folder}${name}`)),
      ...(isPriced ? [price.toFixed(2)] : []),
      [...preset, ...warnings].join("; "),
    ];
  });
  return table([head, ...rows]);
}

function namesText(names: readonly string[]): string {
  const [first = "", last] = [names[0], names.at(-1)];
  return names.length < 2 || last === undefined
    ? asCode(first)
    : `${asCode(first)} … ${asCode(last)} (${names.length})`;
}

/** Columns as wide as their widest cell, numbers to the right, so that the table reads well as text. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map(withoutBars));
  const [head = [], ...body] = cells;
  const columns = head.map((_, index) => {
    const width = Math.max(3, ...cells.map((row) => lengthOf(row[index] ?? "")));
    return { width, isNumeric: body.every((row) => isNumber.test(row[index] ?? "")) };
  });
  const line = (row: readonly string[]) => {
    const padded = columns.map(({ width, isNumeric }, index) => {
      const cell = row[index] ?? "";
      const space = " ".repeat(width - lengthOf(cell));
      return isNumeric ? space + cell : cell + space;
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = columns.map(({ width, isNumeric }) =>
    isNumeric ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), line(rule), ...body.map(line)];
}

/** A bar is escaped, in code too; behind a backslash, which would escape the escape, it is shown as its number. */
function withoutBars(cell: string): string {
  return cell.replaceAll(/(\\*)\|/g, (_, before: string) => (before === "" ? "\\|" : `${before}\\u{7c}`));
}

const isNumber = /^[+-]?[\d.]+( %)?$/;

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function recipes(items: readonly PlannedItem[]): readonly string[] {
  const texts = items.map(
    ({ request: { recipe } }) =>
      `- ${recipe.preset === null ? "Settings" : `Preset ${asCode(recipe.preset)}`}: ${recipeText(recipe.values)}`,
  );
  return [...new Set(texts)];
}

function recipeText({ positivePrompt, remixStrength, styleType, renderingSpeed }: Recipe): string {
  const speed = renderingSpeed === "DEFAULT" ? "" : `, speed ${renderingSpeed}`;
  return `${asCode(positivePrompt ?? "")}, strength ${remixStrength}, style ${styleType}${speed}`;
}

function resting(all: readonly Resting[], short: PlanWords["short"]): readonly string[] {
  return all.map(
    ({ source, preset }) =>
      `- ${asCode(short(source.path))}${preset === null ? "" : `, preset ${asCode(preset)}`}`,
  );
}

/** A reason names patterns that people wrote, behind a colon. */
export function reasonText(reason: string): string {
  const colon = reason.indexOf(": ");
  return colon < 0 ? reason : `${asCode(reason.slice(0, colon))}: ${asCode(reason.slice(colon + 2))}`;
}

function recipesSection(items: readonly PlannedItem[]): readonly string[] {
  const lines = recipes(items);
  return section("Recipes", lines, lines);
}
