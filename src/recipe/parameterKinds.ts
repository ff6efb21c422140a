/** A value that a choice offers, and what it means (Markdown). */
export type Choices = Readonly<Record<string, string>>;

interface Common {
  /** What the parameter does, for settings, form and README (Markdown, one or two sentences). */
  readonly description: string;
  /** `recipe`: what the picture becomes, kept with the repository. `delivery`: where results go, the user's own. */
  readonly group: "recipe" | "delivery";
  /** Whether another value makes another picture: part of the recipe hash. */
  readonly creative: boolean;
  /** Path of the request field, dots between levels; null when the value is turned into something else first. */
  readonly wire: string | null;
}

/** Text of `minimum` to `maximum` Unicode code points. The page does not say which units it counts. */
export interface TextParameter extends Common {
  readonly kind: "text";
  readonly minimum: number;
  readonly maximum: number;
  readonly default: null;
}

/** A whole number from `minimum` to `maximum` inclusive; null as `maximum` means no upper limit. */
export interface IntegerParameter extends Common {
  readonly kind: "integer";
  readonly minimum: number;
  readonly maximum: number | null;
  readonly default: number | null;
}

/** One of a few named values. */
export interface ChoiceParameter extends Common {
  readonly kind: "choice";
  readonly values: Choices;
  readonly default: string;
}

/** Yes or no. */
export interface FlagParameter extends Common {
  readonly kind: "flag";
  readonly default: boolean;
}

/** Pictures by workspace path or https URL, at most `maximum` of them. */
export interface ImagesParameter extends Common {
  readonly kind: "images";
  readonly maximum: number;
  readonly default: readonly string[];
}

/** An absolute https URL. */
export interface UrlParameter extends Common {
  readonly kind: "url";
  readonly default: null;
}

/** The declaration of one parameter, whatever its kind. */
export type Parameter =
  | TextParameter
  | IntegerParameter
  | ChoiceParameter
  | FlagParameter
  | ImagesParameter
  | UrlParameter;
