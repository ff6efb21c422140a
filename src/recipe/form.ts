import type { Parameter } from "./parameterKinds.ts";
import { type ParameterId, parameter, parameterIds } from "./parameters.ts";
import { allowedValues } from "./recipe.ts";

/** What a form needs to know to offer one parameter. It draws kinds of control and knows no parameter by name. */
export interface FormField {
  readonly id: ParameterId;
  readonly declared: Parameter;
  /** What is allowed, in words that end a sentence. */
  readonly allowed: string;
}

/** A field for each parameter of the recipe, in the order of their declaration. */
export function formFields(): readonly FormField[] {
  return parameterIds
    .filter((id) => parameter(id).group === "recipe")
    .map((id) => ({ id, declared: parameter(id), allowed: allowedValues(parameter(id)) }));
}
