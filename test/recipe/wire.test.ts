import { expect, test } from "vitest";
import { type ParameterId, parameter, parameterIds, type Recipe } from "../../src/recipe/parameters.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { parameterAt, wireTask } from "../../src/recipe/wire.ts";

const taskUUID = "c66f635c-915f-4f27-8add-f02b6510a321";

function task(recipe: Partial<Recipe>) {
  return wireTask({
    taskUUID,
    model: "ideogram:1@2",
    size: { width: 1024, height: 768 },
    outputFormat: "WEBP",
    referenceImages: ["reference"],
    recipe: { ...defaultRecipe, ...recipe },
  });
}

/** Legal values of a parameter: boundaries, and every choice. */
function legal(id: ParameterId): readonly unknown[] {
  const declared = parameter(id);
  switch (declared.kind) {
    case "text":
      return ["x".repeat(declared.minimum), "🫖".repeat(declared.maximum)];
    case "integer":
      return [declared.minimum, declared.maximum ?? Number.MAX_SAFE_INTEGER];
    case "choice":
      return Object.keys(declared.values);
    case "flag":
      return [true, false];
    case "images":
      return [["a"], Array.from({ length: declared.maximum }, (_, n) => `https://example.com/${n}.png`)];
    case "url":
      return ["https://example.com/x?y=z"];
  }
}

/** The leaves of an object by their path; lists are leaves. */
function leaves(value: unknown, path = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { [path]: value };
  }
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => leaves(inner, path === "" ? name : `${path}.${name}`)),
  );
}

const always = {
  taskType: "imageInference",
  taskUUID,
  model: "ideogram:1@2",
  width: 1024,
  height: 768,
  "inputs.referenceImages": ["reference"],
  outputFormat: "WEBP",
};

/** What is sent where nothing is set, written down here to contradict the declaration. */
const usual = {
  ...always,
  "providerSettings.ideogram.styleType": "AUTO",
  "providerSettings.ideogram.remixStrength": 50,
  "providerSettings.ideogram.magicPrompt": "AUTO",
  "providerSettings.ideogram.renderingSpeed": "DEFAULT",
  numberResults: 1,
  outputQuality: 95,
  "safety.checkContent": false,
  outputType: "URL",
  deliveryMethod: "async",
  includeCost: true,
};

test("sends what is always needed, and what has a value, and nothing else", () => {
  expect(leaves(task({}))).toEqual(usual);
});

/** Where each parameter stands on https://runware.ai/docs/models/ideogram-1-0-remix. */
const paths: Readonly<Record<ParameterId, string | null>> = {
  positivePrompt: "positivePrompt",
  negativePrompt: "negativePrompt",
  size: null,
  fit: null,
  styleType: "providerSettings.ideogram.styleType",
  remixStrength: "providerSettings.ideogram.remixStrength",
  magicPrompt: "providerSettings.ideogram.magicPrompt",
  renderingSpeed: "providerSettings.ideogram.renderingSpeed",
  styleReferenceImages: "providerSettings.ideogram.styleReferenceImages",
  numberResults: "numberResults",
  outputFormat: null,
  outputQuality: "outputQuality",
  "safety.checkContent": "safety.checkContent",
  "safety.mode": "safety.mode",
  outputType: "outputType",
  deliveryMethod: "deliveryMethod",
  ttl: "ttl",
  includeCost: "includeCost",
  webhookURL: "webhookURL",
  uploadEndpoint: "uploadEndpoint",
};

test.each(parameterIds)("%s arrives at its path with every legal value", (id) => {
  const path = paths[id];
  for (const value of legal(id)) {
    const sent = leaves(task({ [id]: value }));
    const isSaid = path !== null && !(id === "safety.mode" && value === "none");
    expect(sent).toEqual(isSaid ? { ...usual, [path]: value } : usual);
  }
});

test("a check that is asked for is not switched off by a mode that is not", () => {
  expect(task({ "safety.checkContent": true })).toMatchObject({ safety: { checkContent: true } });
  expect(leaves(task({ "safety.checkContent": true }))).not.toHaveProperty(["safety.mode"]);
});

test("the service's names for fields lead back to parameters", () => {
  expect(parameterAt("providerSettings.ideogram.styleType")).toBe("styleType");
  expect(parameterAt("styleType")).toBe("styleType");
  expect(parameterAt("providerSettings.ideogram.styleReferenceImages[2]")).toBe("styleReferenceImages");
  expect(parameterAt("width")).toBe("size");
  expect(parameterAt("inputs.referenceImages")).toBeUndefined();
});
