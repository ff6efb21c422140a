import * as z from "zod/mini";
import type { Parameter } from "./parameterKinds.ts";
import { isParameterId, type ParameterId, parameter, parameterIds, type Recipe } from "./parameters.ts";

/** Some of the parameters, each with a legal value. */
export type PartialRecipe = Partial<Recipe>;

/** Number of Unicode code points in `text`, the unit in which prompts are measured here. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}

/** What values a parameter takes, in words that end a sentence: "1 to 2000 characters". */
export function allowedValues(declared: Parameter): string {
  switch (declared.kind) {
    case "text":
      return `${declared.minimum} to ${declared.maximum} characters`;
    case "integer":
      return declared.maximum === null
        ? `a whole number from ${declared.minimum}`
        : `a whole number from ${declared.minimum} to ${declared.maximum}`;
    case "choice":
      return `one of ${Object.keys(declared.values).join(", ")}`;
    case "flag":
      return "true or false";
    case "images":
      return `at most ${declared.maximum} workspace paths or https URLs`;
    case "url":
      return "an https URL";
  }
}

function schemaOf(declared: Parameter): z.ZodMiniType {
  switch (declared.kind) {
    case "text": {
      const fits = (text: string) => {
        const length = codePoints(text);
        return length >= declared.minimum && length <= declared.maximum;
      };
      return z.nullable(z.string().check(z.trim(), z.refine(fits)));
    }
    case "integer": {
      const maximum = declared.maximum ?? Number.MAX_SAFE_INTEGER;
      const integer = z.int().check(z.minimum(declared.minimum), z.maximum(maximum));
      return declared.default === null ? z.nullable(integer) : integer;
    }
    case "choice":
      return z.enum(Object.keys(declared.values));
    case "flag":
      return z.boolean();
    case "images": {
      const reference = z.string().check(z.trim(), z.minLength(1));
      return z.array(reference).check(z.maxLength(declared.maximum));
    }
    case "url":
      return z.nullable(z.url({ protocol: /^https$/ }));
  }
}

const schemas = new Map(parameterIds.map((id) => [id, schemaOf(parameter(id))]));

/** Why a value was refused. */
export interface ValueProblem {
  /** The key as it was written, known or not. */
  readonly key: string;
  /** What would be legal, to end a sentence with; null for a key that does not exist. */
  readonly allowed: string | null;
}

/** The outcome of reading values that somebody wrote. */
export interface ReadValues {
  readonly values: PartialRecipe;
  readonly problems: readonly ValueProblem[];
}

/**
 * Reads values from outside (settings, a preset, a caller) key by key, so that every wrong one is named.
 * Texts are trimmed. Values that are `undefined` count as not written.
 *
 * @param accept which parameters may be set here; others are reported as unknown
 */
export function readValues(
  written: Readonly<Record<string, unknown>>,
  accept: (id: ParameterId) => boolean = () => true,
): ReadValues {
  const values: Record<string, unknown> = {};
  const problems: ValueProblem[] = [];
  for (const [key, value] of Object.entries(written)) {
    if (value === undefined) {
      continue;
    }
    if (!isParameterId(key) || !accept(key)) {
      problems.push({ key, allowed: null });
      continue;
    }
    const parsed = schemas.get(key)?.safeParse(value);
    if (parsed?.success) {
      values[key] = parsed.data;
    } else {
      problems.push({ key, allowed: allowedValues(parameter(key)) });
    }
  }
  return { values: values as PartialRecipe, problems };
}

/** The values that hold where nobody sets any. */
export const defaultRecipe = Object.fromEntries(
  parameterIds.map((id) => [id, parameter(id).default]),
) as unknown as Recipe;
