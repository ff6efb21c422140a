import type { Size } from "../recipe/models.ts";
import type { OutputOptions } from "./output.ts";
import type { OutputFormat, ProviderId, RemixTask } from "./ports.ts";
import {
  centredPart,
  type Fitting,
  type FractionRectangle,
  type Rectangle,
  scaled,
  shareOf,
  whole,
} from "./size.ts";

/** What `output.resize` may say: the size as delivered, or the source's. */
export type ResizeChoice = OutputOptions["resize"];

/** What `output.alpha` may say: leave out the source's transparency, or put it back. */
export type AlphaChoice = OutputOptions["alpha"];

/** What becomes of a delivered picture before it is saved. */
export interface Finishing {
  /** The part of the delivered picture that is kept, in its pixels. */
  readonly cut: Rectangle;
  /** The size to which that part is scaled: that of the file. */
  readonly size: Size;
  /** The part of the upright source that the file shows, in source pixels. */
  readonly source: Rectangle;
  /** Share of the source's area, 0 to 1, that the file does not show. */
  readonly loss: number;
}

/** What the finishing of a picture depends on. Sizes are in pixels, the source's upright. */
export interface FinishingFacts {
  readonly source: Size;
  readonly fitting: Fitting;
  /** The size that was asked for, in which `fitting.target` lies. */
  readonly asked: Size;
  /** The size that was delivered, which may be another. */
  readonly delivered: Size;
  /** Whether what `fit: pad` added is still there. */
  readonly padded: boolean;
  readonly resize: ResizeChoice;
}

/**
 * The way back from a delivered picture to the source's shape. Padding is cut off. With `resize: source`, the file has
 * exactly the source's size: a padded picture is scaled to it, a cropped one is cut to its shape first, since
 * stretching would distort it. That costs more of the source than the crop alone, as `loss` says.
 */
export function finishing(facts: FinishingFacts): Finishing {
  const { source, fitting, asked, delivered, padded, resize } = facts;
  const cut = padded ? scaled(fitting.target, asked, delivered) : whole(delivered);
  if (resize === "none") {
    const size = { width: cut.width, height: cut.height };
    return { cut, size, source: fitting.source, loss: lossOf(fitting.source, source) };
  }
  if (fitting.loss === 0) {
    return { cut, size: source, source: whole(source), loss: 0 };
  }
  const part = centredPart(fitting.source, source);
  const kept = inside(fitting.source, part);
  const narrower = scaled(part, fitting.source, cut);
  return { cut: inside(cut, narrower), size: source, source: kept, loss: lossOf(kept, source) };
}

/** Whether what `fit: pad` added is still in what a provider delivers. */
export function isPadded({ recipe }: Pick<RemixTask, "recipe">, provider: ProviderId): boolean {
  return provider !== "local" && recipe.fit === "pad";
}

/**
 * The part of the upright source that a result of a task shows, in fractions of the source: what lies under it, where
 * both are laid over each other. Beyond 0 to 1 where padding is still around it.
 *
 * @param isFinished whether it was taken back to the source's shape, as far as that was asked for
 * @returns undefined where nobody wrote down how large the source was
 */
export function usedPart(
  task: Pick<RemixTask, "fitting" | "size" | "output" | "recipe">,
  provider: ProviderId,
  isFinished: boolean,
): FractionRectangle | undefined {
  const { fitting, size: asked, output } = task;
  const { of: source, target } = fitting;
  if (source === undefined) {
    return undefined;
  }
  const padded = isPadded(task, provider);
  if (isFinished) {
    const facts = { source, fitting, asked, delivered: asked, padded, resize: output.resize };
    return shareOf(finishing(facts).source, source);
  }
  return shareOf(padded ? underAll(fitting.source, target, asked) : fitting.source, source);
}

/** What lies under a whole picture of the size `size`, in which `part` fills `target`; in the pixels of `part`. */
function underAll(part: Rectangle, target: Rectangle, size: Size): Rectangle {
  const [across, down] = [part.width / target.width, part.height / target.height];
  return {
    left: part.left - target.left * across,
    top: part.top - target.top * down,
    width: size.width * across,
    height: size.height * down,
  };
}

/** What happens to the transparency of a source. */
export type AlphaFate = "none" | "kept" | "dropped" | "impossible";

/**
 * What happens to a source's transparency, for a plan to warn of: `impossible` when the result is a JPEG, which has
 * none, whatever `output.alpha` says.
 */
export function alphaFate(hasAlpha: boolean, alpha: AlphaChoice, format: OutputFormat): AlphaFate {
  if (!hasAlpha) {
    return "none";
  }
  if (format === "JPG") {
    return "impossible";
  }
  return alpha === "keep" ? "kept" : "dropped";
}

/** `part`, of the part `outer` of a picture, in that picture's own pixels. */
function inside(outer: Rectangle, part: Rectangle): Rectangle {
  return { ...part, left: outer.left + part.left, top: outer.top + part.top };
}

function lossOf(part: Size, all: Size): number {
  return 1 - (part.width * part.height) / (all.width * all.height);
}
