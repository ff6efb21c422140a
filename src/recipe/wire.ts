import type { Size } from "./models.ts";
import { type ParameterId, parameter, parameterIds, type Recipe } from "./parameters.ts";

/** What a request's JSON is made of. */
export type WireValue = string | number | boolean | readonly WireValue[] | WireObject;
export interface WireObject {
  readonly [name: string]: WireValue;
}

/** Everything that a request says. */
export interface WireParts {
  /** UUID v4. */
  readonly taskUUID: string;
  /** AIR id of the model. */
  readonly model: string;
  /** The size that is drawn, in pixels. */
  readonly size: Size;
  /** The format of the results, decided. */
  readonly outputFormat: Exclude<Recipe["outputFormat"], "auto">;
  /** The picture to remix: UUIDs, URLs, data URIs or Base64. The model takes exactly one. */
  readonly referenceImages: readonly string[];
  /** All other parameters; style references in the form in which they are sent. */
  readonly recipe: Recipe;
}

/**
 * The `imageInference` task of a remix (https://runware.ai/docs/models/ideogram-1-0-remix): each parameter that has
 * a value, at the path of its declaration.
 */
export function wireTask({ taskUUID, model, size, outputFormat, referenceImages, recipe }: WireParts) {
  const task: Record<string, WireValue> = {
    taskType: "imageInference",
    taskUUID,
    model,
    width: size.width,
    height: size.height,
    inputs: { referenceImages },
    outputFormat,
  };
  for (const id of parameterIds) {
    const { wire } = parameter(id);
    const value = recipe[id];
    if (wire !== null && value !== null && isSent(id, value)) {
      setAt(task, wire.split("."), value);
    }
  }
  return { ...task, taskUUID };
}

function isSent(id: ParameterId, value: WireValue): boolean {
  if (Array.isArray(value)) {
    return value.length > 0;
  }
  // A mode that is sent wins over `checkContent` at the service: saying "none" would switch off a check that was
  // asked for. Not saying it means the same where none was.
  return !(id === "safety.mode" && value === "none");
}

function setAt(object: Record<string, WireValue>, path: readonly string[], value: WireValue): void {
  const [name, ...rest] = path;
  if (name === undefined) {
    return;
  }
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const inner = { ...(object[name] as WireObject | undefined) };
  setAt(inner, rest, value);
  object[name] = inner;
}

/** The parameter that a path in the service's errors speaks of (`providerSettings.ideogram.styleType`, `styleType`). */
export function parameterAt(path: string): ParameterId | "size" | undefined {
  const plain = path.replace(/\[\d+\]/g, "");
  if (plain === "width" || plain === "height") {
    return "size";
  }
  return parameterIds.find((id) => {
    const { wire } = parameter(id);
    return wire === plain || id === plain || (wire?.endsWith(`.${plain}`) ?? false);
  });
}
