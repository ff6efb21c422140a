import { expect, test } from "vitest";
import { sizeFor } from "../../src/engine/size.ts";
import { models, sizeChoices } from "../../src/recipe/models.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { wireTask } from "../../src/recipe/wire.ts";

const names = Object.keys(sizeChoices).filter((name) => name !== "auto");

test("the documented model has eleven sizes, and says which models are not verified", () => {
  expect(names).toHaveLength(11);
  const unverified = Object.entries(models).filter(([, { verified }]) => !verified);
  expect(unverified.map(([id]) => id)).toEqual(["ideogram:2@2", "ideogram:3@2", "ideogram:4@2"]);
});

test.each(names)("the size %s is sent as its width and height", (name) => {
  const size = sizeFor(name, { width: 10, height: 10 }, models["ideogram:1@2"].sizes);
  expect(size).toBeDefined();
  for (const outputFormat of ["JPG", "PNG", "WEBP"] as const) {
    const task = wireTask({
      taskUUID: "b4c5e6d7-0000-4000-8000-000000000000",
      model: "ideogram:1@2",
      size: size ?? { width: 0, height: 0 },
      outputFormat,
      referenceImages: ["x"],
      recipe: { ...defaultRecipe, positivePrompt: "teal" },
    });
    expect(task).toMatchObject({ outputFormat });
    expect(task).toHaveProperty("width", Number(name.split("x")[0]));
    expect(task).toHaveProperty("height", Number(name.split("x")[1]));
  }
});
