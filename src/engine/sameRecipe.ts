import { parameter, parameterIds } from "../recipe/parameters.ts";
import { RemixFailure } from "./failure.ts";
import type { Provenance } from "./provenance.ts";

/**
 * The recipe of a picture as the values of a call: what was unset is said to be unset, so that no setting of today
 * mixes in.
 *
 * @param name what to call the picture in the message
 * @throws RemixFailure `invalidRecipe` for a picture that carries only its marking
 */
export function sameRecipe({ recipe }: Provenance, name: string): Readonly<Record<string, unknown>> {
  if (recipe === null) {
    const message = `${name} carries its marking only (imageRemix.output.metadata), without the recipe. Remix its source instead.`;
    throw new RemixFailure("invalidRecipe", message);
  }
  const ids = parameterIds.filter((id) => parameter(id).group === "recipe");
  const unset = ids.map((id) => [id, parameter(id).default] as const);
  return { ...Object.fromEntries(unset), ...recipe };
}
