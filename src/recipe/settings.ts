import { builtInPresets } from "./builtInPresets.ts";
import { defaultModelId, models } from "./models.ts";
import type { Parameter } from "./parameterKinds.ts";
import { type ParameterId, parameter, parameterIds } from "./parameters.ts";

/** A JSON schema, draft-07, as VS Code takes it in `contributes.configuration`. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Who may draw. */
export const providerChoices = {
  auto: "The real model when a key is available, otherwise the free local preview.",
  runware: "The real model, on Runware. Needs an API key and costs money.",
  local: "The free local preview, made on this machine.",
} as const;
export type ProviderChoice = keyof typeof providerChoices;

/** What a result tells about where it came from. */
export const metadataChoices = {
  full: "Recipe, prompt included, source, provider and cost.",
  marking: "That and by whom it was made, and from which source; no prompt and no other part of the recipe.",
  none: "Nothing.",
} as const;
export type MetadataChoice = keyof typeof metadataChoices;

/** Address of Runware's REST API (https://runware.ai/docs, "How to connect"). */
export const officialEndpoint = "https://api.runware.ai/v1";

/** How results are called where nothing else is set. */
export const defaultFileName = "{name}.remix-{n}";

/** What `output.resize` offers. */
export const resizeChoices = {
  none: "The size in which the model delivers.",
  source:
    "The source's exact pixels: scaled to them, or cut to their shape first where the source was cropped.",
} as const;

/** What `output.alpha` offers. */
export const alphaChoices = {
  drop: "Results are as the model delivers them.",
  keep: "The source's transparency is put back on PNG and WebP results.",
} as const;

/** Default of `upload.maxPixels`: 2048 × 2048, beyond which Runware shrinks what it stores. */
export const defaultMaxPixels = 4_194_304;

/** The least that `upload.maxPixels` may be: 512 × 512, below which no legal size keeps any detail. */
export const leastMaxPixels = 262_144;

/** Settings that count from the user's own settings only, whatever a repository says. */
export function applicationSettings(): readonly string[] {
  const all = Object.entries(settingsSchema());
  return all.filter(([, { scope }]) => scope === "application").map(([name]) => name);
}

/** The JSON schema of a parameter's value, with its meaning. */
export function valueSchema(declared: Parameter): JsonSchema {
  const described = { default: declared.default, markdownDescription: declared.description };
  switch (declared.kind) {
    case "text":
      return {
        type: ["string", "null"],
        minLength: declared.minimum,
        maxLength: declared.maximum,
        ...described,
      };
    case "integer":
      return {
        type: declared.default === null ? ["integer", "null"] : "integer",
        minimum: declared.minimum,
        ...(declared.maximum === null ? {} : { maximum: declared.maximum }),
        ...described,
      };
    case "choice":
      return {
        type: "string",
        enum: Object.keys(declared.values),
        markdownEnumDescriptions: Object.values(declared.values),
        ...described,
      };
    case "flag":
      return { type: "boolean", ...described };
    case "images":
      return {
        type: "array",
        items: { type: "string", minLength: 1 },
        maxItems: declared.maximum,
        uniqueItems: true,
        ...described,
      };
    case "url":
      return { type: ["string", "null"], format: "uri", pattern: "^https://", ...described };
  }
}

/** The JSON schema of one preset: whichever of the recipe's parameters it sets, and nothing else. */
function presetSchema(): JsonSchema {
  const properties = parameterIds
    .filter((id) => parameter(id).group === "recipe")
    .map((id) => {
      const { default: _unused, ...schema } = valueSchema(parameter(id));
      return [id, schema] as const;
    });
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** The settings of `package.json`, by full name, in the order in which the Settings editor shows them. */
export function settingsSchema(): Readonly<Record<string, JsonSchema>> {
  const own: Record<string, JsonSchema> = {
    provider: {
      type: "string",
      scope: "window",
      enum: Object.keys(providerChoices),
      markdownEnumDescriptions: Object.values(providerChoices),
      default: "auto",
      markdownDescription: "Who draws the results.",
    },
    ...Object.fromEntries(parameterIds.map((id) => [id, scoped(id)])),
    "runware.endpoint": {
      type: "string",
      scope: "application",
      format: "uri",
      default: officialEndpoint,
      markdownDescription: "Address of the API. A key is stored for one address and goes nowhere else.",
    },
    "runware.model": {
      type: "string",
      scope: "application",
      enum: Object.keys(models),
      markdownEnumDescriptions: Object.values(models).map(({ title, verified }) =>
        verified ? title : `${title} (not verified)`,
      ),
      default: defaultModelId,
      markdownDescription: "The model that draws, by its AIR id.",
    },
    timeoutMinutes: {
      type: "number",
      scope: "application",
      minimum: 1,
      maximum: 60,
      default: 5,
      markdownDescription: "How long to wait for a result that the service has accepted.",
    },
    concurrency: {
      type: "integer",
      scope: "application",
      minimum: 1,
      maximum: 16,
      default: 4,
      markdownDescription: "How many pictures are drawn at the same time by the service.",
    },
    "budget.confirmAbove": {
      type: "number",
      scope: "application",
      minimum: 0,
      default: 0.5,
      markdownDescription: "Ask before a run whose estimated price in USD is above this.",
    },
    "budget.perDay": cap("a day"),
    "budget.perMonth": cap("a month"),
    "bin.maxMegabytes": {
      type: "number",
      scope: "application",
      minimum: 1,
      default: 500,
      markdownDescription:
        "How much the bin may hold before you are asked to empty it. Discarded results and replaced sources are kept there.",
    },
    "output.fileName": {
      type: "string",
      scope: "resource",
      default: defaultFileName,
      markdownDescription:
        "How results are called: text and `{name}`, `{n}`, `{preset}`, `{date}`, `{seed}`, `{size}`, without the extension. A template without `{n}` gets a number where its name is taken.",
    },
    "output.folder": {
      type: "string",
      scope: "resource",
      default: "",
      markdownDescription:
        "Where results go: a relative folder below the source's own. Empty: next to the source.",
    },
    "output.resize": {
      type: "string",
      scope: "resource",
      enum: Object.keys(resizeChoices),
      markdownEnumDescriptions: Object.values(resizeChoices),
      default: "none",
      markdownDescription: "The size in which results are saved.",
    },
    "output.alpha": {
      type: "string",
      scope: "resource",
      enum: Object.keys(alphaChoices),
      markdownEnumDescriptions: Object.values(alphaChoices),
      default: "drop",
      markdownDescription: "What becomes of a source's transparency, which the model does not draw.",
    },
    "upload.maxPixels": {
      type: "integer",
      scope: "application",
      minimum: leastMaxPixels,
      default: defaultMaxPixels,
      markdownDescription:
        "Larger sources are shrunk to so many pixels before they are sent, and to the size that is drawn where that is less.",
    },
    "output.metadata": {
      type: "string",
      scope: "resource",
      enum: Object.keys(metadataChoices),
      markdownEnumDescriptions: Object.values(metadataChoices),
      default: "full",
      markdownDescription: "What a result tells, in its own metadata (XMP), about where it came from.",
    },
    "output.sidecar": {
      type: "boolean",
      scope: "resource",
      default: false,
      markdownDescription: "Whether the same is also written beside each result, as `hero.remix-1.png.json`.",
    },
    exclude: {
      type: "array",
      scope: "resource",
      items: { type: "string", minLength: 1 },
      uniqueItems: true,
      default: [],
      markdownDescription:
        "Pictures that are never sent: globs as in `files.exclude`, relative to the workspace folder. Those of the user, the workspace and the folder all count.",
    },
    defaultPreset: {
      type: "string",
      scope: "resource",
      default: "",
      markdownDescription: "The preset that is used where none is chosen. Empty: none.",
    },
    presets: {
      type: "object",
      scope: "resource",
      default: {},
      additionalProperties: presetSchema(),
      markdownDescription: `Named recipes. A preset wins over the settings above; one of the same name in a stronger layer replaces it whole. Built in: ${Object.keys(builtInPresets).join(", ")}.`,
    },
  };
  return Object.fromEntries(
    Object.entries(own).map(([name, schema], order) => [`imageRemix.${name}`, { ...schema, order }]),
  );
}

/** A limit that holds for all windows on this machine, whoever asks. */
function cap(period: string): JsonSchema {
  return {
    type: "number",
    scope: "application",
    minimum: 0,
    default: 0,
    markdownDescription: `Spend at most this much ${period}, in USD, in all windows on this machine together, whoever asks. 0: no limit.`,
  };
}

function scoped(id: ParameterId): JsonSchema {
  const declared = parameter(id);
  // Where pictures go and whether results survive must not be up to a cloned repository.
  return { ...valueSchema(declared), scope: declared.group === "recipe" ? "resource" : "application" };
}
