import { expect, test } from "vitest";
import { formFields } from "../../src/recipe/form.ts";
import { parameter, parameterIds } from "../../src/recipe/parameters.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { recipeHash, recipeRecord } from "../../src/recipe/record.ts";

const recipe = { ...defaultRecipe, positivePrompt: "teal" };

test("the record holds what is set, and nothing of delivery", () => {
  expect(recipeRecord(recipe)).toMatchObject({ positivePrompt: "teal", remixStrength: 50, fit: "crop" });
  expect(recipeRecord(recipe)).not.toHaveProperty("negativePrompt");
  expect(recipeRecord({ ...recipe, webhookURL: "https://example.com/?secret" })).not.toHaveProperty(
    "webhookURL",
  );
});

test("the hash follows creative parameters and no others", async () => {
  const before = await recipeHash(recipe, []);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(await recipeHash({ ...recipe, numberResults: 4, outputQuality: 50, ttl: 60 }, [])).toBe(before);
  const others = await Promise.all([
    recipeHash({ ...recipe, positivePrompt: "gold" }, []),
    recipeHash({ ...recipe, fit: "pad" }, []),
    recipeHash({ ...recipe, remixStrength: 51 }, []),
    recipeHash(recipe, ["ab"]),
    recipeHash(recipe, ["cd"]),
  ]);
  expect(new Set([before, ...others]).size).toBe(6);
  expect(await recipeHash({ ...recipe, styleReferenceImages: ["moved.png"] }, ["ab"])).toBe(others[3]);
});

test("the form offers each parameter of the recipe", () => {
  const ids = parameterIds.filter((id) => parameter(id).group === "recipe");
  expect(formFields().map(({ id }) => id)).toEqual(ids);
});
