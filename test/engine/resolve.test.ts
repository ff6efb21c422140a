import { describe, expect, test } from "vitest";
import { InvalidRecipe, resolveRecipe, type SettingsLayer } from "../../src/engine/resolve.ts";

function layer(origin: SettingsLayer["origin"], parts: Partial<SettingsLayer>): SettingsLayer {
  return { origin, base: null, values: {}, presets: undefined, defaultPreset: undefined, ...parts };
}

function problemOf(layers: readonly SettingsLayer[], asked = {}): InvalidRecipe {
  try {
    resolveRecipe(layers, asked);
  } catch (error) {
    if (error instanceof InvalidRecipe) {
      return error;
    }
    throw error;
  }
  throw new Error("the recipe was accepted");
}

test("without any settings the defaults hold, and there is no prompt", () => {
  const { values, origins, preset } = resolveRecipe([]);
  expect(values).toMatchObject({ positivePrompt: null, remixStrength: 50, size: "auto", includeCost: true });
  expect(new Set(Object.values(origins))).toEqual(new Set(["default"]));
  expect(preset).toBeNull();
});

test("a stronger layer wins value by value, and each value knows where it came from", () => {
  const { values, origins } = resolveRecipe(
    [
      layer("user", { values: { positivePrompt: "from user", remixStrength: 10, magicPrompt: "ON" } }),
      layer("workspace", { values: { positivePrompt: "from workspace", remixStrength: 20 } }),
      layer("folder", { values: { positivePrompt: "from folder" }, presets: { loud: { fit: "pad" } } }),
    ],
    { preset: "loud", recipe: { numberResults: 2 } },
  );
  expect(values).toMatchObject({
    positivePrompt: "from folder",
    remixStrength: 20,
    magicPrompt: "ON",
    fit: "pad",
    numberResults: 2,
  });
  expect(origins).toMatchObject({
    positivePrompt: "folder",
    remixStrength: "workspace",
    magicPrompt: "user",
    fit: "preset",
    numberResults: "call",
    styleType: "default",
  });
});

test("a preset of the same name in a stronger layer replaces the weaker whole", () => {
  const { values } = resolveRecipe(
    [
      layer("user", { presets: { brand: { positivePrompt: "weak", remixStrength: 90 } } }),
      layer("workspace", { presets: { brand: { positivePrompt: "strong" } } }),
    ],
    { preset: "brand" },
  );
  expect(values).toMatchObject({ positivePrompt: "strong", remixStrength: 50 });
});

test("the default preset is used where none is asked for; an empty name switches it off", () => {
  const user = layer("user", { defaultPreset: "Light retouch" });
  expect(resolveRecipe([user]).preset).toBe("Light retouch");
  expect(resolveRecipe([user, layer("workspace", { defaultPreset: "" })]).preset).toBeNull();
});

test("a repository cannot say where results go", () => {
  const layers = [layer("workspace", { values: { webhookURL: "https://attacker.example/" } })];
  expect(problemOf(layers).message).toMatch(/webhookURL in the workspace settings is not a parameter/);
  expect(resolveRecipe([layer("user", { values: { ttl: 60 } })]).values.ttl).toBe(60);
});

describe("what is wrong is named, with its layer and what is allowed", () => {
  test.each([
    [
      "a value out of range",
      [layer("workspace", { values: { remixStrength: 101 } })],
      {},
      /imageRemix\.remixStrength in the workspace settings .* whole number from 1 to 100/,
      "imageRemix.remixStrength",
    ],
    [
      "a wrong type",
      [layer("user", { values: { numberResults: "3" } })],
      {},
      /imageRemix\.numberResults in the user settings .* from 1 to 20/,
      "imageRemix.numberResults",
    ],
    [
      "an empty prompt",
      [layer("folder", { values: { positivePrompt: "  " } })],
      {},
      /imageRemix\.positivePrompt in the folder settings .* 1 to 2000 characters/,
      "imageRemix.positivePrompt",
    ],
    [
      "an unknown key in a preset",
      [layer("workspace", { presets: { brand: { strength: 3 } } })],
      { preset: "brand" },
      /strength in preset "brand" of the workspace settings is not a parameter/,
      "imageRemix.presets",
    ],
    [
      "a delivery parameter in a preset",
      [layer("workspace", { presets: { brand: { uploadEndpoint: "https://attacker.example/" } } })],
      { preset: "brand" },
      /uploadEndpoint in preset "brand"/,
      "imageRemix.presets",
    ],
    [
      "__proto__ in a preset",
      [layer("workspace", { presets: { brand: JSON.parse('{"__proto__": {"fit": "pad"}}') } })],
      { preset: "brand" },
      /__proto__ in preset "brand"/,
      "imageRemix.presets",
    ],
    [
      "an unknown default preset",
      [layer("workspace", { defaultPreset: "nope" })],
      {},
      /no preset "nope", which the workspace settings ask for. Allowed: .*Light retouch/,
      "imageRemix.defaultPreset",
    ],
    [
      "an unknown preset in a call",
      [],
      { preset: "nope" },
      /no preset "nope", which the call asks for/,
      null,
    ],
    [
      "an unknown parameter in a call",
      [],
      { recipe: { seed: 3 } },
      /seed in the call is not a parameter/,
      null,
    ],
    [
      "presets that are a list",
      [layer("workspace", { presets: [] })],
      {},
      /imageRemix\.presets in the workspace settings is not valid/,
      "imageRemix.presets",
    ],
  ] as const)("%s", (_what, layers, asked, message, setting) => {
    const problem = problemOf(layers, asked);
    expect(problem.message).toMatch(message);
    expect(problem.setting).toBe(setting);
    expect(problem.code).toBe("invalidRecipe");
  });
});

test("the prompt is measured in code points, trimmed", () => {
  const prompt = `  ${"🎨".repeat(2000)}  `;
  expect(resolveRecipe([], { recipe: { positivePrompt: prompt } }).values.positivePrompt).toBe(prompt.trim());
  expect(problemOf([], { recipe: { positivePrompt: "🎨".repeat(2001) } }).message).toMatch(/positivePrompt/);
});

test("style references start from the folder whose settings name them, be it by a preset", () => {
  const references = { styleReferenceImages: ["look.png"] };
  const workspace = layer("workspace", { base: "/work", presets: { brand: references } });
  const folder = layer("folder", { base: "/work/shop", values: references });
  expect(resolveRecipe([workspace, folder]).referenceBase).toBe("/work/shop");
  expect(resolveRecipe([workspace, folder], { preset: "brand" }).referenceBase).toBe("/work");
  expect(resolveRecipe([workspace, folder], { recipe: references }).referenceBase).toBe("/work/shop");
  expect(resolveRecipe([layer("user", { values: references })]).referenceBase).toBeNull();
});
