import { defaultOutput } from "../../../src/engine/output.ts";
import type { RemixTask } from "../../../src/engine/ports.ts";
import { fitInto } from "../../../src/engine/size.ts";
import type { Size } from "../../../src/recipe/models.ts";
import { defaultRecipe, type PartialRecipe } from "../../../src/recipe/recipe.ts";

/** A task of the size of its source; what the recipe is not given is the default. */
export function withDefaults(recipe: PartialRecipe, size: Size): RemixTask {
  return {
    taskUUID: "5f0c1b51-6a5a-4b53-9e0e-0f4a4b1d9a10",
    source: { path: "/work/a.png", folder: "/work", stem: "a", extension: ".png", name: "a.png" },
    recipe: { ...defaultRecipe, ...recipe },
    positivePrompt: recipe.positivePrompt ?? "something new",
    size,
    fitting: fitInto(size, size, "crop"),
    outputFormat: "PNG",
    sourceSha256: "",
    preset: null,
    output: defaultOutput,
    referenceBase: "/work",
  };
}
