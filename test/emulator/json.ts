/** What can be written as JSON here: beyond plain JSON, integers of any size. */
export type Json = string | number | bigint | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Field `name` of `value`, whatever it is. */
export function field(value: JsonObject, name: string): Json | undefined {
  return value[name];
}

/** Field `name` of `value`, if that is text. */
export function textField(value: JsonObject, name: string): string | undefined {
  const text = value[name];
  return typeof text === "string" ? text : undefined;
}

/** Parses JSON; undefined where `text` is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Writes JSON. `JSON.stringify` refuses bigint, and seeds beyond 2^53 must stand in the reply with all their
 * digits, as they do in Runware's own samples.
 */
export function writeJson(value: Json): string {
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (isList(value)) {
    return `[${value.map(writeJson).join(",")}]`;
  }
  if (isObject(value)) {
    const fields = Object.entries(value).flatMap(([name, field]) =>
      field === undefined ? [] : [`${JSON.stringify(name)}:${writeJson(field)}`],
    );
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** `Array.isArray` that also narrows readonly arrays. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
