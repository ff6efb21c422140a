import { field, isList, isObject, type Json, type JsonObject } from "../json.ts";
import type { Answer } from "./backend.ts";

/** A reply before it becomes JSON. */
export interface Envelope {
  /** HTTP status. */
  readonly status: number;
  readonly data: readonly JsonObject[];
  readonly errors: readonly JsonObject[];
}

/**
 * One envelope for the answers to all tasks of a request. A request of which anything succeeded is 200
 * (https://runware.ai/docs/platform/errors: tasks beside a failed one can succeed).
 */
export function envelopeOf(answers: readonly Answer[]): Envelope {
  const data = answers.flatMap(({ items }) => items);
  const refusals = answers.flatMap((answer) => answer.refusals);
  const [first] = refusals;
  return {
    status: data.length > 0 || first === undefined ? 200 : first.status,
    data,
    errors: refusals.map(({ error }) => error),
  };
}

/** `{data}`, `{errors}` or both. */
export function bodyOf({ data, errors }: Envelope): JsonObject {
  return {
    ...(data.length > 0 || errors.length === 0 ? { data } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  };
}

/** A result that a body carries. */
export interface CarriedPicture {
  readonly taskUUID: string;
  readonly imageUUID: string;
  /** The picture itself, decoded from whatever Base64 the body has; undefined where only its address is there. */
  readonly bytes: Buffer | undefined;
}

/** The results in a body, whatever a fault has made of it. */
export function picturesIn(body: Json): readonly CarriedPicture[] {
  const data = isObject(body) ? field(body, "data") : undefined;
  const items = isList(data) ? data : [data ?? null];
  return items.flatMap((item) => {
    if (!isObject(item)) {
      return [];
    }
    const { taskUUID, imageUUID, imageURL, imageBase64Data, imageDataURI } = item;
    const encoded = imageBase64Data ?? imageDataURI;
    const bytes = typeof encoded === "string" ? decoded(encoded) : undefined;
    return typeof imageUUID === "string" && (encoded !== undefined || imageURL !== undefined)
      ? [{ taskUUID: String(taskUUID), imageUUID, bytes }]
      : [];
  });
}

/** Node decodes both alphabets and passes over white space. */
function decoded(text: string): Buffer {
  return Buffer.from(text.replace(/^data:[^,]*,/, ""), "base64");
}
