/** What the Compose view shows. Everything is plain data that survives JSON. */
import type { FractionRectangle } from "../engine/size.ts";

/** A size in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** One chosen source and what becomes of it with the recipe as it stands. */
export interface SourceView {
  readonly id: string;
  /** File name with extension. */
  readonly name: string;
  /** File name without extension. */
  readonly stem: string;
  /** The folder, relative to the workspace; empty for its root. */
  readonly folder: string;
  /** Address for an `<img>`. */
  readonly uri: string;
  /** Null until the header has been read, and for a file that cannot be read. */
  readonly plan: SourcePlan | null;
  /** Why it cannot be remixed, in a sentence; null when it can. */
  readonly problem: string | null;
}

/** How a source is laid into the size that is drawn. */
export interface SourcePlan extends PixelSize {
  readonly target: PixelSize;
  /** Value of the size option that `target` is. */
  readonly option: string;
  /** The part of the source that is used. */
  readonly used: FractionRectangle;
  /** Where that part lies in the result; the rest is added. */
  readonly laid: FractionRectangle;
  /** Share of the source's area that is cut off, 0 to 1. */
  readonly loss: number;
  /** The same for each option of a `sizes` control, by its value. */
  readonly losses: Readonly<Record<string, number>>;
}

/** A value that a control offers. */
export interface Option {
  readonly value: string;
  readonly title: string;
  /** What it means, in one line; empty where the title says it. */
  readonly description: string;
}

/** An option that is a picture size; `size` is null for the one that chooses by itself. */
export interface SizeOption extends Option {
  readonly size: PixelSize | null;
}

/** A stretch of a slider, up to and including `to`, and what happens to the picture there. */
export interface Zone {
  readonly to: number;
  readonly word: string;
  readonly sentence: string;
}

/** The kinds of control that the page can draw. It knows no parameter by name. */
export type Control =
  | { readonly kind: "text"; readonly maximum: number; readonly rows: number; readonly placeholder: string }
  | {
      readonly kind: "slider";
      readonly minimum: number;
      readonly maximum: number;
      readonly zones: readonly Zone[];
    }
  /** A whole number; null as `maximum` means no upper limit. */
  | { readonly kind: "number"; readonly minimum: number; readonly maximum: number | null }
  | { readonly kind: "dropdown"; readonly options: readonly Option[] }
  | { readonly kind: "radios"; readonly options: readonly Option[] }
  | { readonly kind: "sizes"; readonly options: readonly SizeOption[] }
  | { readonly kind: "flag" }
  | { readonly kind: "images"; readonly maximum: number }
  | { readonly kind: "url" };

export type FieldValue = string | number | boolean | readonly string[] | null;

/** Where a field stands: in one of the panel's fixed places, or inside a closed part. */
export type Place = "size" | "fit" | "prompt" | "belowPrompt" | "main" | "row" | "part";

/** What is wrong with a value. */
export interface FieldProblem {
  /** Names the setting, where it was written and what is allowed. */
  readonly text: string;
  /** Whether there is a place in a settings file to open. */
  readonly canOpen: boolean;
}

/** One field of the recipe. */
export interface FieldView {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly control: Control;
  readonly place: Place;
  /** Which closed part it stands in, for place `part`. */
  readonly part: string | null;
  readonly value: FieldValue;
  /** Where the value came from, in words ("from preset"); empty for a default. */
  readonly origin: string;
  /** Whether the value was set in this panel. */
  readonly changed: boolean;
  readonly problem: FieldProblem | null;
}

/** A part of the form that is closed at first. */
export interface PartView {
  readonly id: string;
  readonly title: string;
  /** What its fields hold, in a few words. */
  readonly summary: string;
}

/** A preset that can be chosen. */
export interface PresetView {
  readonly name: string;
  /** Where it is defined, in words. */
  readonly where: string;
}

/** What a run would cost. */
export interface PriceView {
  readonly images: number;
  readonly results: number;
  /** USD; `free` for the local preview, null when nobody knows. */
  readonly estimate: number | "free" | null;
}

/** Something that is offered beside a sentence. */
export interface ActionView {
  readonly id: string;
  readonly title: string;
  readonly look: "button" | "link";
}

/** Why Remix cannot run. */
export interface BlockView {
  readonly text: string;
  readonly actions: readonly ActionView[];
}

export interface ComposeView {
  readonly sources: readonly SourceView[];
  readonly presets: readonly PresetView[];
  /** Name of the preset in use, or null. */
  readonly preset: string | null;
  readonly fields: readonly FieldView[];
  readonly parts: readonly PartView[];
  /** Number of the last edit of the page that this contains. */
  readonly edit: number;
  readonly price: PriceView;
  readonly block: BlockView | null;
  /** What else to know before the click: where results go, or that a question comes first. */
  readonly hint: string;
}
