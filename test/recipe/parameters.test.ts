import { expect, test } from "vitest";
import { builtInPresets } from "../../src/recipe/builtInPresets.ts";
import { type ParameterId, parameter, parameterIds } from "../../src/recipe/parameters.ts";
import { readValues } from "../../src/recipe/recipe.ts";

/** Legal boundary values and those just outside, for every parameter. */
function samples(id: ParameterId): {
  readonly legal: readonly unknown[];
  readonly illegal: readonly unknown[];
} {
  const declared = parameter(id);
  switch (declared.kind) {
    case "text":
      return {
        legal: [null, "x".repeat(declared.minimum), "x".repeat(declared.maximum)],
        illegal: ["", " ", "x".repeat(declared.maximum + 1), 3],
      };
    case "integer": {
      const { minimum, maximum } = declared;
      return {
        legal: maximum === null ? [minimum, null] : [minimum, maximum],
        illegal: [
          minimum - 1,
          minimum + 0.5,
          String(minimum),
          ...(maximum === null ? [] : [maximum + 1, null]),
        ],
      };
    }
    case "choice":
      return { legal: Object.keys(declared.values), illegal: ["", "other", null, 1] };
    case "flag":
      return { legal: [true, false], illegal: ["true", 1, null] };
    case "images":
      return {
        legal: [[], Array.from({ length: declared.maximum }, (_, n) => `${n}.png`)],
        illegal: [Array.from({ length: declared.maximum + 1 }, (_, n) => `${n}.png`), [""], "a.png", [1]],
      };
    case "url":
      return {
        legal: [null, "https://example.com/x?y=z"],
        illegal: ["http://example.com/", "example.com", ""],
      };
  }
}

test.each(parameterIds)("%s takes its legal boundaries and refuses what lies just outside", (id) => {
  const { legal, illegal } = samples(id);
  for (const value of [...legal, parameter(id).default]) {
    expect(readValues({ [id]: value }), String(value)).toEqual({ values: { [id]: value }, problems: [] });
  }
  for (const value of illegal) {
    const { values, problems } = readValues({ [id]: value });
    expect(values, String(value)).toEqual({});
    expect(problems.map(({ key }) => key)).toEqual([id]);
  }
});

test("built-in presets are legal recipes with a prompt", () => {
  expect(Object.keys(builtInPresets).length).toBeGreaterThanOrEqual(6);
  for (const preset of Object.values(builtInPresets)) {
    expect(readValues(preset, (id) => parameter(id).group === "recipe").problems).toEqual([]);
    expect(preset.positivePrompt).toBeTruthy();
  }
});
