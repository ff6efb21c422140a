import type { OutputFormat, RenderingSpeed, StyleType } from "../drawing/draw.ts";
import { field, isObject, type Json, type JsonObject, textField } from "../json.ts";

/** A valid `imageInference` task with its defaults filled in. */
export interface InferenceTask {
  readonly taskUUID: string;
  readonly model: string;
  readonly positivePrompt: string;
  readonly negativePrompt: string | null;
  readonly width: number;
  readonly height: number;
  readonly references: readonly string[];
  readonly styleReferences: readonly string[];
  readonly numberResults: number;
  readonly outputType: "URL" | "base64Data" | "dataURI";
  readonly outputFormat: OutputFormat;
  readonly outputQuality: number;
  readonly deliveryMethod: "sync" | "async";
  readonly includeCost: boolean;
  /** Seconds. */
  readonly ttl: number;
  readonly checksContent: boolean;
  readonly webhookURL: string | null;
  readonly uploadEndpoint: string | null;
  readonly remixStrength: number;
  readonly renderingSpeed: RenderingSpeed;
  readonly styleType: StyleType;
}

/** Results are kept for seven days (https://runware.ai/docs/getting-started/introduction). */
const defaultTtl = 7 * 24 * 3600;

/**
 * Reads a task that has passed its checks. Defaults: https://runware.ai/docs/models/ideogram-1-0-remix
 */
export function readInference(task: JsonObject): InferenceTask {
  const ideogram = inside(inside(task, "providerSettings"), "ideogram");
  const safety = inside(task, "safety");
  const mode = textField(safety, "mode");
  return {
    taskUUID: String(field(task, "taskUUID")),
    model: String(field(task, "model")),
    positivePrompt: String(field(task, "positivePrompt")),
    negativePrompt: textField(task, "negativePrompt") ?? null,
    width: Number(field(task, "width")),
    height: Number(field(task, "height")),
    references: texts(field(inside(task, "inputs"), "referenceImages")),
    styleReferences: texts(field(ideogram, "styleReferenceImages")),
    numberResults: numberOr(field(task, "numberResults"), 1),
    outputType: choice(task, "outputType", "URL"),
    outputFormat: choice(task, "outputFormat", "JPG"),
    outputQuality: numberOr(field(task, "outputQuality"), 95),
    deliveryMethod: choice(task, "deliveryMethod", "sync"),
    includeCost: field(task, "includeCost") === true,
    ttl: numberOr(field(task, "ttl"), defaultTtl),
    // A mode wins over checkContent.
    checksContent: mode === undefined ? field(safety, "checkContent") === true : mode !== "none",
    webhookURL: textField(task, "webhookURL") ?? null,
    uploadEndpoint: textField(task, "uploadEndpoint") ?? null,
    remixStrength: numberOr(field(ideogram, "remixStrength"), 50),
    renderingSpeed: choice(ideogram, "renderingSpeed", "DEFAULT"),
    styleType: choice(ideogram, "styleType", "AUTO"),
  };
}

function inside(value: JsonObject, name: string): JsonObject {
  const object = value[name];
  return isObject(object) ? object : {};
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

/** The field's value, which its check has found to be one of the choices. */
function choice<Choice extends string>(value: JsonObject, name: string, otherwise: Choice): Choice {
  return (textField(value, name) as Choice | undefined) ?? otherwise;
}
