/** What is seen of results, of this session and of earlier ones: plain data that survives JSON. */
import type { FractionRectangle } from "../engine/size.ts";
import type { PixelSize } from "./compose.ts";
import type { ResultAction } from "./requests.ts";

export const decisions = ["undecided", "kept", "discarded", "replaced"] as const;
export type Decision = (typeof decisions)[number];

const inBin: readonly ResultAction[] = ["restore", "showRecipe"];

/**
 * Whether something can be done with a result that stands so. The only copy of one in the bin is the bin's own file,
 * which nobody is to open, remix or name.
 */
export function isOffered(action: ResultAction, decision: Decision): boolean {
  return decision !== "discarded" || inBin.includes(action);
}

export interface ResultView {
  readonly id: string;
  /** File name. */
  readonly name: string;
  /** Address for an `<img>`. */
  readonly uri: string;
  /** Address of what it was made from, where that is not the group's picture: the source was replaced between them. */
  readonly original: string | null;
  /** The part of the upright original that it shows, in fractions of it; null where nobody knows: about its centre. */
  readonly used: FractionRectangle | null;
  readonly decision: Decision;
  readonly provider: "runware" | "local";
  /** What the model that drew it is called; null where nobody knows. */
  readonly model: string | null;
  /** Pixels; null as long as they are not known. */
  readonly size: PixelSize | null;
  /** Found unsafe by the provider: shown blurred until it is clicked. */
  readonly flagged: boolean;
  /** USD; null when it was not reported. */
  readonly cost: number | null;
  /** Decimal digits; null when unknown. */
  readonly seed: string | null;
  /** File format and size on disk, in words ("PNG, 1.4 MB"). */
  readonly file: string;
  readonly prompt: string;
  /** The recipe in words ("Strength 58, Realistic, Evergreen winter"). */
  readonly recipe: string;
}

/** The results of one source. */
export interface GroupView {
  readonly id: string;
  /** File name of the source. */
  readonly name: string;
  readonly uri: string;
  /** Pixels; null where the source cannot be read any more. */
  readonly size: PixelSize | null;
  /** Whether one of its results has taken its place. */
  readonly replaced: boolean;
  readonly results: readonly ResultView[];
}

/** An earlier run of this workspace. */
export interface HistoryView {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly title: string;
  readonly prompt: string;
  readonly provider: "runware" | "local";
  readonly results: number;
  /** USD; null when it was not reported. */
  readonly cost: number | null;
  /** Addresses of the first few results. */
  readonly thumbnails: readonly string[];
}
