import type { Size } from "../recipe/models.ts";
import { defaultModel } from "../recipe/models.ts";
import { RemixFailure } from "./failure.ts";
import { alphaFate, finishing } from "./finishing.ts";
import { outputFormat } from "./names.ts";
import type { ImageFacts, OutputFormat, ProviderId } from "./ports.ts";
import { fitInto, sizeFor } from "./size.ts";
import { destinationFor, type Request } from "./task.ts";

/** One thing to do. */
export interface PlannedItem {
  /** Asks for as many results as are missing. */
  readonly request: Request;
  /** The source's, upright, in pixels. */
  readonly sourceSize: Size;
  /** What is drawn, in pixels. */
  readonly size: Size;
  /** Share of the source's area, 0 to 1, that results do not show. */
  readonly loss: number;
  /** Absolute path of the folder that results go to. */
  readonly place: string;
  /** Names that results get unless somebody takes them first. */
  readonly names: readonly string[];
  readonly format: OutputFormat;
  /** USD, estimated, for all its results. */
  readonly price: number;
  /** Sentences without a full stop. */
  readonly warnings: readonly string[];
}

/**
 * Decides what one request comes to: size, crop and names of its results, and what the user should know of them.
 *
 * @param taken names that nobody may get any more; those of this item are added
 * @throws RemixFailure `invalidRecipe` or `promptRequired`, naming the source
 */
export function plannedItem(
  request: Request,
  facts: ImageFacts,
  place: string,
  taken: Set<string>,
  now: Date,
  provider: ProviderId,
): Omit<PlannedItem, "price"> {
  const { source, output } = request;
  const { values, preset } = request.recipe;
  const size = sizeFor(values.size, facts, defaultModel.sizes);
  if (size === undefined) {
    throw new RemixFailure("invalidRecipe", `${values.size} is not a size that ${defaultModel.title} draws.`);
  }
  if (values.positivePrompt === null) {
    const next = "Set imageRemix.positivePrompt, or choose a preset that has one.";
    throw new RemixFailure("promptRequired", `There is no prompt for ${source.name}. ${next}`);
  }
  const { loss } = finishing({
    source: facts,
    fitting: fitInto(facts, size, values.fit),
    asked: size,
    delivered: size,
    padded: values.fit === "pad" && provider !== "local",
    resize: output.resize,
  });
  const format = outputFormat(values.outputFormat, facts.format);
  const { nameFor } = destinationFor({ source, output, preset, size }, format, { seed: null, now });
  const names = freeNames(nameFor, values.numberResults, taken);
  const sourceSize = { width: facts.width, height: facts.height };
  return {
    request,
    sourceSize,
    size,
    loss,
    place,
    names,
    format,
    warnings: alphaWarning(facts, output.alpha, format),
  };
}

function freeNames(nameFor: (n: number) => string, count: number, taken: Set<string>): readonly string[] {
  const names: string[] = [];
  for (let n = 1; names.length < count; n++) {
    const name = nameFor(n);
    if (!taken.has(name)) {
      taken.add(name);
      names.push(name);
    }
  }
  return names;
}

function alphaWarning(
  { hasAlpha }: ImageFacts,
  alpha: "drop" | "keep",
  format: OutputFormat,
): readonly string[] {
  switch (alphaFate(hasAlpha, alpha, format)) {
    case "impossible":
      return ["transparency is lost: JPEG has none"];
    case "dropped":
      return ["transparency is dropped (imageRemix.output.alpha)"];
    default:
      return [];
  }
}
