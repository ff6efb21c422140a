import type { Control, Option, Place, SizeOption, Zone } from "../../protocol/compose.ts";
import { type FormField, formFields } from "../../recipe/form.ts";
import { defaultModel, sizeName } from "../../recipe/models.ts";
import type { Parameter } from "../../recipe/parameterKinds.ts";
import { type ParameterId, parameters } from "../../recipe/parameters.ts";

/** How a parameter is offered in the panel. A parameter that has no entry is offered all the same, under Advanced. */
interface Layout {
  readonly label: string;
  readonly place: Place;
  /** Which closed part it stands in, for place `part`. */
  readonly part?: PartId;
  readonly control?: Control;
}

/** The parts of the form that are closed at first, in their order. */
export const partTitles = {
  references: "Style references",
  format: "Format and quality",
  advanced: "Advanced",
} as const;
export type PartId = keyof typeof partTitles;

/** A field as it stands in the panel, without its value. */
export interface PlacedField {
  readonly id: ParameterId;
  readonly label: string;
  readonly description: string;
  readonly control: Control;
  readonly place: Place;
  readonly part: PartId | null;
}

/** What the strength does to the picture, in thirds. */
const zones: readonly Zone[] = [
  { to: 33, word: "Retouch", sentence: "Keeps the picture, changes light and small things" },
  { to: 66, word: "Restyle", sentence: "Keeps the shapes, changes colour, material and light" },
  { to: 100, word: "Reinvent", sentence: "Keeps the idea, redraws the picture" },
];

const styleOptions: readonly Option[] = optionsOf("styleType", {
  AUTO: ["Auto", "Chosen from the picture"],
  GENERAL: ["General", "Suits most content"],
  REALISTIC: ["Realistic", "Like a photograph"],
  DESIGN: ["Design", "Graphics, logos, lettering"],
  RENDER_3D: ["3-D render", "Modelled, with depth"],
  ANIME: ["Anime", "Drawn, cel shaded"],
  FICTION: ["Fiction", "Fantasy and storybook"],
});

const layouts: Readonly<Partial<Record<ParameterId, Layout>>> = {
  size: { label: "Size", place: "size", control: { kind: "sizes", options: sizeOptions() } },
  fit: {
    label: "What does not fit is",
    place: "fit",
    control: {
      kind: "dropdown",
      options: optionsOf("fit", {
        crop: ["cropped", parameters.fit.values.crop],
        pad: ["padded", parameters.fit.values.pad],
      }),
    },
  },
  positivePrompt: {
    label: "Prompt",
    place: "prompt",
    control: {
      kind: "text",
      maximum: parameters.positivePrompt.maximum,
      rows: 3,
      placeholder: "What should it become?",
    },
  },
  negativePrompt: {
    label: "Negative prompt",
    place: "belowPrompt",
    control: {
      kind: "text",
      maximum: parameters.negativePrompt.maximum,
      rows: 2,
      placeholder: "What it should not contain",
    },
  },
  remixStrength: {
    label: "Strength",
    place: "main",
    control: {
      kind: "slider",
      minimum: parameters.remixStrength.minimum,
      maximum: parameters.remixStrength.maximum,
      zones,
    },
  },
  styleType: { label: "Style", place: "main", control: { kind: "radios", options: styleOptions } },
  numberResults: { label: "Results per image", place: "row" },
  renderingSpeed: { label: "Speed", place: "row" },
  magicPrompt: { label: "Magic prompt", place: "row" },
  styleReferenceImages: { label: "Style references", place: "part", part: "references" },
  outputFormat: {
    label: "Format",
    place: "part",
    part: "format",
    control: {
      kind: "dropdown",
      options: optionsOf("outputFormat", {
        auto: ["as source", parameters.outputFormat.values.auto],
        JPG: ["JPEG", parameters.outputFormat.values.JPG],
        PNG: ["PNG", parameters.outputFormat.values.PNG],
        WEBP: ["WebP", parameters.outputFormat.values.WEBP],
      }),
    },
  },
  outputQuality: { label: "Quality", place: "part", part: "format" },
  "safety.checkContent": { label: "Check results for unsafe content", place: "part", part: "advanced" },
  "safety.mode": { label: "Safety mode", place: "part", part: "advanced" },
};

/** The order in which the panel shows what the table above names; other parameters follow in theirs. */
const order = Object.keys(layouts);

/** A field for each parameter of the recipe, in the panel's order. */
export function placedFields(fields: readonly FormField[] = formFields()): readonly PlacedField[] {
  const rank = ({ id }: FormField) => (order.includes(id) ? order.indexOf(id) : order.length);
  return fields.toSorted((a, b) => rank(a) - rank(b)).map(placed);
}

/** A value as the panel says it: by its title where a control offers it, and with what a slider says of it. */
export function valueWords(id: ParameterId, value: unknown): string {
  const control = placedFields().find((field) => field.id === id)?.control;
  if (control?.kind === "slider" && typeof value === "number") {
    const zone = control.zones.find(({ to }) => value <= to);
    return zone === undefined ? String(value) : `${value}, ${zone.word.toLowerCase()}`;
  }
  const options = control !== undefined && "options" in control ? control.options : [];
  return options.find((option) => option.value === value)?.title ?? String(value ?? "");
}

/** What tells most of a recipe, in one line. */
export function recipeWords(values: Readonly<Record<string, unknown>>, preset: string | null): string {
  const { remixStrength: strength, styleType: style } = values;
  const words = [
    strength === undefined ? "" : `Strength ${strength}`,
    style === undefined ? "" : valueWords("styleType", style),
    preset ?? "",
  ];
  return words.filter((word) => word !== "").join(", ");
}

function placed({ id, declared }: FormField): PlacedField {
  const { description } = declared;
  const known = layouts[id];
  const place = known?.place ?? "part";
  return {
    id,
    description,
    label: known?.label ?? words(id),
    control: known?.control ?? usualControl(declared),
    place,
    part: place === "part" ? (known?.part ?? "advanced") : null,
  };
}

function usualControl(declared: Parameter): Control {
  switch (declared.kind) {
    case "text":
      return { kind: "text", maximum: declared.maximum, rows: 2, placeholder: "" };
    case "integer":
      return { kind: "number", minimum: declared.minimum, maximum: declared.maximum };
    case "choice":
      return {
        kind: "dropdown",
        options: Object.entries(declared.values).map(([value, description]) => ({
          value,
          title: words(value.toLowerCase()),
          description,
        })),
      };
    case "flag":
      return { kind: "flag" };
    case "images":
      return { kind: "images", maximum: declared.maximum };
    case "url":
      return { kind: "url" };
  }
}

/** A name of the API as words: `safety.checkContent` becomes "Safety check content". */
function words(name: string): string {
  const spaced = name
    .replaceAll(/[._]/g, " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function sizeOptions(): readonly SizeOption[] {
  return [
    {
      value: "auto",
      title: "Auto",
      description: "Auto takes the shape that loses least of each source",
      size: null,
    },
    ...defaultModel.sizes.map(({ name, width, height }) => ({
      value: sizeName({ width, height }),
      title: name,
      description: `${width} × ${height}`,
      size: { width, height },
    })),
  ];
}

/** Shorter words for the values of a choice; a value that has none here keeps its own. */
function optionsOf(
  id: "styleType" | "fit" | "outputFormat",
  short: Readonly<Record<string, readonly [title: string, description: string]>>,
): readonly Option[] {
  return Object.entries(parameters[id].values).map(([value, meaning]) => {
    const [title, description] = short[value] ?? [words(value), meaning];
    return { value, title, description };
  });
}
