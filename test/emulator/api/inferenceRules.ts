/**
 * What `imageInference` accepts, written down from the model's parameter page alone
 * (https://runware.ai/docs/models/ideogram-1-0-remix), so that it can contradict the extension's own table.
 */
import { field, type JsonObject } from "../json.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { type Check, flag, integer, list, nonEmpty, oneOf, record, taskUUID, text, uri } from "./checks.ts";

/** What differs between the remix models. */
interface ModelRules {
  /** USD for a result where the server's options say nothing else. */
  readonly price: number;
  /** Says what is wrong with a size; undefined for one that is drawn. */
  readonly refuseSize: (width: number, height: number) => string | undefined;
}

/** The table of sizes on the page of `ideogram:1@2`. */
const ideogram1Sizes: ReadonlySet<string> = new Set([
  "768x1232",
  "1232x768",
  "720x1280",
  "1280x720",
  "1152x768",
  "832x1248",
  "1024x768",
  "768x1024",
  "1024x1024",
  "512x1536",
  "1536x512",
]);

function refuseUnlisted(width: number, height: number): string | undefined {
  const sizes = [...ideogram1Sizes].map((size) => `'${size}'`).join(", ");
  return ideogram1Sizes.has(`${width}x${height}`)
    ? undefined
    : `Unsupported width/height combination '${width}x${height}'. Supported: ${sizes}.`;
}

/**
 * The later models list some sixty sizes each, all of them multiples of 16 from 512 to 1536
 * (https://runware.ai/docs/models/ideogram-2-0-remix, https://runware.ai/docs/models/ideogram-3-0-remix). This
 * server is about 1.0 and settles for that rule.
 */
function refuseRagged(width: number, height: number): string | undefined {
  const fine = [width, height].every((side) => side >= 512 && side <= 1536 && side % 16 === 0);
  return fine ? undefined : `Unsupported width/height combination '${width}x${height}'.`;
}

/**
 * The remix models by AIR id. Prices: samples on the page of 1.0 show 0.06, https://runware.ai/docs/models/ideogram-2-0
 * says 0.08, https://runware.ai/docs/models/ideogram-3-0 says 0.06; 0.04 for 2a is Ideogram's own list price
 * (https://ideogram.ai/features/api-pricing).
 */
const models: ReadonlyMap<string, ModelRules> = new Map([
  ["ideogram:1@2", { price: 0.06, refuseSize: refuseUnlisted }],
  ["ideogram:2@2", { price: 0.04, refuseSize: refuseRagged }],
  ["ideogram:3@2", { price: 0.08, refuseSize: refuseRagged }],
  ["ideogram:4@2", { price: 0.06, refuseSize: refuseRagged }],
]);

/** USD for one result of `model`. */
export function listPrice(model: string): number {
  return models.get(model)?.price ?? 0;
}

const anyValue: Check = () => [];

const ideogramSettings = record(
  {},
  {
    magicPrompt: oneOf("AUTO", "ON", "OFF"),
    remixStrength: integer(1, 100),
    renderingSpeed: oneOf("TURBO", "DEFAULT", "QUALITY"),
    // The parameter page gives no count; https://runware.ai/docs/en/providers/ideogram says up to four.
    styleReferenceImages: list(nonEmpty, 0, 4),
    styleType: oneOf("AUTO", "GENERAL", "REALISTIC", "DESIGN", "RENDER_3D", "ANIME", "FICTION"),
  },
);

const inference = record(
  {
    taskType: anyValue,
    taskUUID,
    model: nonEmpty,
    positivePrompt: text(1, 2000),
    // "Exactly one" stands on https://runware.ai/docs/en/providers/ideogram, not on the parameter page.
    inputs: record({ referenceImages: list(nonEmpty, 1, 1) }),
  },
  {
    width: integer(1),
    height: integer(1),
    negativePrompt: text(1, 2000),
    outputType: oneOf("URL", "base64Data", "dataURI"),
    outputFormat: oneOf("JPG", "PNG", "WEBP"),
    outputQuality: integer(20, 99),
    webhookURL: uri,
    deliveryMethod: oneOf("sync", "async"),
    uploadEndpoint: uri,
    safety: record({}, { checkContent: flag, mode: oneOf("none", "fast") }),
    ttl: integer(60),
    includeCost: flag,
    numberResults: integer(1, 20),
    providerSettings: checkProviderSettings,
  },
);

/** Error codes: https://github.com/Runware/runware-typescript/blob/main/src/errors.ts */
function checkProviderSettings(value: Parameters<Check>[0], path: string): readonly Refusal[] {
  const refusals = record({}, { ideogram: ideogramSettings })(value, path);
  return refusals.map((refusal) =>
    /^providerSettings\.\w+$/.test(String(field(refusal.error, "parameter")))
      ? { ...refusal, error: { ...refusal.error, code: "unknownProviderSettingsProvider" } }
      : refusal,
  );
}

/** Everything that is wrong with an `imageInference` task. */
export function checkInference(task: JsonObject): readonly Refusal[] {
  const { model, width, height } = task;
  const refusals = [...inference(task, "")];
  const rules = typeof model === "string" ? models.get(model) : undefined;
  if (typeof model === "string" && rules === undefined) {
    refusals.push(refuse("invalidModel", `Invalid model '${model}'.`, { parameter: "model", type: "AIR" }));
  }
  return [...refusals, ...checkSize(width, height, rules)];
}

function checkSize(
  width: JsonObject[string],
  height: JsonObject[string],
  rules: ModelRules | undefined,
): Refusal[] {
  if (width === undefined || height === undefined) {
    const code = width === undefined ? "missingWidth" : "missingHeight";
    const message = "'width' and 'height' are required and must be used together.";
    return [refuse(code, message, { parameter: ["width", "height"], type: "integer" })];
  }
  if (!Number.isInteger(width) || !Number.isInteger(height)) {
    return [];
  }
  const message = rules?.refuseSize(Number(width), Number(height));
  return message === undefined
    ? []
    : [refuse("unsupportedDimensions", message, { parameter: ["width", "height"], type: "integer" })];
}
