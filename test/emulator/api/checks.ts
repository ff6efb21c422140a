import { isList, isObject, type Json, type JsonObject } from "../json.ts";
import { type Refusal, refuse } from "../refusal.ts";

/** Looks at one value of a request; an empty list means that it is fine. */
export type Check = (value: Json, path: string) => readonly Refusal[];

/**
 * The names of error codes for wrong values are only partly known; `invalid` and `missing` with the parameter's
 * name behind them is the pattern that Runware's SDK recognises
 * (https://github.com/Runware/runware-typescript/blob/main/src/errors.ts).
 */
function invalid(
  path: string,
  rule: string,
  type: string,
  more: { min?: number; max?: number } = {},
): Refusal {
  return refuse(`invalid${codeName(path)}`, `Invalid value for '${path}': ${rule}.`, {
    parameter: path,
    type,
    ...more,
  });
}

function codeName(path: string): string {
  const name = path.replace(/\[\d+\]$/, "").slice(path.lastIndexOf(".") + 1);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A whole number from `min` to `max` inclusive. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? []
      : [invalid(path, `an integer from ${min} to ${max} is expected`, "integer", { min, max })];
}

/** `min` to `max` characters. The units are not documented; these are Unicode code points. */
export function text(min: number, max: number): Check {
  return (value, path) => {
    if (typeof value !== "string") {
      return [invalid(path, "text is expected", "string")];
    }
    const { length } = [...value];
    const message = `'${path}' must have ${min} to ${max} characters; it has ${length}.`;
    return length >= min && length <= max && value.trim() !== ""
      ? []
      : [refuse(`invalid${codeName(path)}Length`, message, { parameter: path, type: "string", min, max })];
  };
}

/** One of `values`, spelled exactly so. */
export function oneOf(...values: readonly string[]): Check {
  return (value, path) =>
    typeof value === "string" && values.includes(value)
      ? []
      : [invalid(path, `one of '${values.join("', '")}' is expected`, "string")];
}

export const flag: Check = (value, path) =>
  typeof value === "boolean" ? [] : [invalid(path, "true or false is expected", "boolean")];

/** Any text that is not empty. */
export const nonEmpty: Check = (value, path) =>
  typeof value === "string" && value !== "" ? [] : [invalid(path, "text is expected", "string")];

/** An absolute address: https, or http to this machine for tests. */
export const uri: Check = (value, path) => {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))
    ? []
    : [invalid(path, "an https address is expected", "string")];
};

export function isLoopback(hostname: string): boolean {
  return hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost";
}

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const taskUUID: Check = (value) =>
  typeof value === "string" && uuidV4.test(value)
    ? []
    : [refuse("invalidTaskUUID", "'taskUUID' must be a UUID v4.", { parameter: "taskUUID", type: "UUIDv4" })];

/** `min` to `max` values that each pass `check`. */
export function list(check: Check, min: number, max: number): Check {
  return (value, path) => {
    if (!isList(value)) {
      return [invalid(path, "a list is expected", "array")];
    }
    if (value.length < min || value.length > max) {
      const count = min === max ? `exactly ${min}` : `${min} to ${max}`;
      const message = `'${path}' takes ${count} images; ${value.length} were sent.`;
      return [refuse(`invalid${codeName(path)}Count`, message, { parameter: path, type: "array", min, max })];
    }
    return value.flatMap((item, index) => check(item, `${path}[${index}]`));
  };
}

/** An object that has every field of `required`, may have those of `optional`, and no others. */
export function record(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const known = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (value, path) => {
    if (!isObject(value)) {
      return [invalid(path, "an object is expected", "object")];
    }
    return [...missing(value, path), ...wrong(value, path)];
  };

  function missing(value: JsonObject, path: string): Refusal[] {
    return Object.keys(required)
      .filter((name) => value[name] === undefined)
      .map((name) => {
        const full = join(path, name);
        return refuse(`missing${codeName(full)}`, `'${full}' is required.`, { parameter: full });
      });
  }

  function wrong(value: JsonObject, path: string): Refusal[] {
    return Object.entries(value).flatMap(([name, field]) => {
      const full = join(path, name);
      const check = known.get(name);
      if (check === undefined) {
        return [refuse("unsupportedParameter", `Unsupported parameter '${full}'.`, { parameter: full })];
      }
      return field === undefined ? [] : check(field, full);
    });
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
