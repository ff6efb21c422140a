/**
 * Every parameter of a remix, declared once. The request and its validation, the settings in `package.json`, the
 * schema of a preset, the form fields, the recipe in the metadata and the table in the README all follow from
 * this file: change an entry, then run `npm run generate`.
 *
 * Ranges, defaults and meanings are those of the model's parameter page
 * (https://runware.ai/docs/models/ideogram-1-0-remix), except where an entry says otherwise.
 */
import { sizeChoices } from "./models.ts";
import type { Choices, Parameter } from "./parameterKinds.ts";

const creative = { group: "recipe", creative: true } as const;
const output = { group: "recipe", creative: false } as const;
const delivery = { group: "delivery", creative: false } as const;

/** The parameters in the order in which people meet them in settings and form. */
export const parameters = {
  positivePrompt: {
    ...creative,
    kind: "text",
    minimum: 1,
    maximum: 2000,
    default: null,
    wire: "positivePrompt",
    description: "What the picture should become.",
  },
  negativePrompt: {
    ...creative,
    kind: "text",
    minimum: 1,
    maximum: 2000,
    default: null,
    wire: "negativePrompt",
    description: "What the picture should not contain.",
  },
  size: {
    ...creative,
    kind: "choice",
    values: sizeChoices,
    default: "auto",
    wire: null,
    description: "Width and height of the result in pixels. The model draws these sizes and no others.",
  },
  fit: {
    ...creative,
    kind: "choice",
    values: {
      crop: "Cut off what does not fit.",
      pad: "Extend the edges so that everything fits, and cut them back from the result.",
    },
    default: "crop",
    wire: null,
    description: "What happens where the source's shape is not that of the result.",
  },
  styleType: {
    ...creative,
    kind: "choice",
    values: {
      AUTO: "Chosen from prompt and picture.",
      GENERAL: "Versatile, suits most pictures.",
      REALISTIC: "Photorealistic, with natural light and textures.",
      DESIGN: "For graphic design, logos and typography.",
      RENDER_3D: "Three-dimensional rendering with depth and modelling.",
      ANIME: "Anime and manga.",
      FICTION: "Stylised, for fictional and fantasy content.",
    },
    default: "AUTO",
    wire: "providerSettings.ideogram.styleType",
    description: "Visual style of the result.",
  },
  remixStrength: {
    ...creative,
    kind: "integer",
    minimum: 1,
    maximum: 100,
    default: 50,
    wire: "providerSettings.ideogram.remixStrength",
    description: "How far the result goes from the source: 1 hardly changes it, 100 reinvents it.",
  },
  magicPrompt: {
    ...creative,
    kind: "choice",
    values: {
      AUTO: "Enhanced where the prompt needs it.",
      ON: "Always enhanced.",
      OFF: "Used as it is written.",
    },
    default: "AUTO",
    wire: "providerSettings.ideogram.magicPrompt",
    description: "Whether the service enhances the prompt before drawing.",
  },
  renderingSpeed: {
    ...creative,
    kind: "choice",
    values: {
      TURBO: "Fastest.",
      DEFAULT: "Balanced speed and quality.",
      QUALITY: "Best quality. May be refused by this model version.",
    },
    default: "DEFAULT",
    wire: "providerSettings.ideogram.renderingSpeed",
    description: "Trades speed for quality. The price may differ.",
  },
  styleReferenceImages: {
    ...creative,
    kind: "images",
    // The parameter page gives no count; Runware's provider page for Ideogram says four.
    maximum: 4,
    default: [],
    wire: "providerSettings.ideogram.styleReferenceImages",
    description:
      "Pictures whose style is taken over: paths relative to the folder that sets them, or https URLs; at most 4.",
  },
  numberResults: {
    ...output,
    kind: "integer",
    minimum: 1,
    maximum: 20,
    default: 1,
    wire: "numberResults",
    description: "How many variations of each picture. Each is charged.",
  },
  outputFormat: {
    ...output,
    kind: "choice",
    values: {
      auto: "The source's own where it is JPEG, PNG or WebP, else PNG.",
      JPG: "Small files for photographs; no transparency.",
      PNG: "Lossless, with transparency.",
      WEBP: "Small files, with transparency.",
    },
    default: "auto",
    wire: null,
    description: "File format of the results.",
  },
  outputQuality: {
    ...output,
    kind: "integer",
    minimum: 20,
    maximum: 99,
    default: 95,
    wire: "outputQuality",
    description: "Compression quality of JPEG and WebP results: higher keeps more and makes larger files.",
  },
  "safety.checkContent": {
    ...output,
    kind: "flag",
    default: false,
    wire: "safety.checkContent",
    description: "Let the service check results for unsafe content. What it flags is shown blurred.",
  },
  "safety.mode": {
    ...output,
    kind: "choice",
    values: { none: "No check.", fast: "A single check." },
    default: "none",
    wire: "safety.mode",
    description: "How unsafe content is looked for. `fast` wins over a switched-off check.",
  },
  outputType: {
    ...delivery,
    kind: "choice",
    values: {
      URL: "By address: the safest, since a broken download can be repeated.",
      base64Data: "Inside the reply, as Base64.",
      dataURI: "Inside the reply, as a data URI.",
    },
    default: "URL",
    wire: "outputType",
    description: "How the service hands results over.",
  },
  deliveryMethod: {
    ...delivery,
    kind: "choice",
    values: {
      sync: "In the reply to the request.",
      async: "Asked for until ready: survives a crash or a lost connection best.",
    },
    // The service's own default is `sync`; results that can be asked for again are the safer choice here.
    default: "async",
    wire: "deliveryMethod",
    description: "When the service hands results over.",
  },
  ttl: {
    ...delivery,
    kind: "integer",
    minimum: 60,
    maximum: null,
    default: null,
    wire: "ttl",
    description: "Seconds for which the service keeps a result for download, where `outputType` is `URL`.",
  },
  includeCost: {
    ...delivery,
    kind: "flag",
    // The service's own default is false; without the cost no budget can be kept.
    default: true,
    wire: "includeCost",
    description: "Let the service report what each result cost.",
  },
  webhookURL: {
    ...delivery,
    kind: "url",
    default: null,
    wire: "webhookURL",
    description: "Address that the service calls with each finished result.",
  },
  uploadEndpoint: {
    ...delivery,
    kind: "url",
    default: null,
    wire: "uploadEndpoint",
    description: "Address to which the service uploads each finished result with HTTP PUT.",
  },
} as const satisfies Readonly<Record<string, Parameter>>;

/** Name of a parameter, as in the settings without the `imageRemix.` prefix. */
export type ParameterId = keyof typeof parameters;

/** What a parameter of declaration `P` may hold. */
type ValueOf<P> = P extends { kind: "choice"; values: infer Values extends Choices }
  ? keyof Values & string
  : P extends { kind: "text" | "url" }
    ? string | null
    : P extends { kind: "integer"; default: infer Default }
      ? number | (Default & null)
      : P extends { kind: "flag" }
        ? boolean
        : P extends { kind: "images" }
          ? readonly string[]
          : never;

/** A value for every parameter, legal or not yet checked to be (see `recipe.ts`). */
export type Recipe = { readonly [Id in ParameterId]: ValueOf<(typeof parameters)[Id]> };

/** Names of all parameters, in the order of their declaration. */
export const parameterIds = Object.keys(parameters) as readonly ParameterId[];

/** The declaration of `id` in its general type, for code that treats all parameters alike. */
export function parameter(id: ParameterId): Parameter {
  return parameters[id];
}

/** Whether `name` is the name of a parameter. */
export function isParameterId(name: string): name is ParameterId {
  return Object.hasOwn(parameters, name);
}
