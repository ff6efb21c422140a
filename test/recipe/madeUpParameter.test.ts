/** One entry in the declaration must be enough: a made-up parameter is added to a copy, and nothing else is. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const scratch = path.join(root, "out", "made-up");
let copy = "";

/** A module of the copy, in the types of the original. */
const load = <Module>(file: string): Promise<Module> => import(/* @vite-ignore */ path.join(copy, file));

beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  copy = mkdtempSync(path.join(scratch, "copy-"));
  for (const file of ["src/recipe", "src/engine", "src/editor/commandTable.ts", "test/generated.ts"]) {
    cpSync(path.join(root, file), path.join(copy, file), { recursive: true });
  }
  const declaration = path.join(copy, "src/recipe/parameters.ts");
  const before = readFileSync(declaration, "utf8");
  const after = before.replace(
    "export const parameters = {",
    `export const parameters = {
  "glow.halo": {
    ...creative,
    kind: "integer",
    minimum: 3,
    maximum: 9,
    default: 4,
    wire: "providerSettings.ideogram.glow.halo",
    description: "How much it glows.",
  },`,
  );
  expect(after).not.toBe(before);
  writeFileSync(declaration, after);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test("it is in the settings, the preset's schema and the README's table", async () => {
  const { contributes, parameterTable } = await load<typeof import("../generated.ts")>("test/generated.ts");
  const expected = { type: "integer", minimum: 3, maximum: 9, markdownDescription: "How much it glows." };
  const manifest = contributes();
  expect(manifest).toHaveProperty(["configuration", "properties", "imageRemix.glow.halo"], {
    ...expected,
    default: 4,
    scope: "resource",
    order: expect.any(Number),
  });
  const preset = ["configuration", "properties", "imageRemix.presets", "additionalProperties", "properties"];
  expect(manifest).toHaveProperty([...preset, "glow.halo"], expected);
  expect(parameterTable()).toContain(
    "| `glow.halo` | How much it glows. | a whole number from 3 to 9 | `4` |",
  );
});

test("it is validated, has its default, and is sent at its place", async () => {
  const { readValues, defaultRecipe } =
    await load<typeof import("../../src/recipe/recipe.ts")>("src/recipe/recipe.ts");
  expect(readValues({ "glow.halo": 9 })).toEqual({ values: { "glow.halo": 9 }, problems: [] });
  expect(readValues({ "glow.halo": 10 }).problems).toMatchObject([{ key: "glow.halo" }]);
  expect(defaultRecipe).toHaveProperty(["glow.halo"], 4);
  const { wireTask } = await load<typeof import("../../src/recipe/wire.ts")>("src/recipe/wire.ts");
  const task = wireTask({
    taskUUID: "b4c5e6d7-0000-4000-8000-000000000000",
    model: "ideogram:1@2",
    size: { width: 1024, height: 1024 },
    outputFormat: "PNG",
    referenceImages: ["x"],
    recipe: { ...defaultRecipe, positivePrompt: "teal" },
  });
  expect(task).toHaveProperty("providerSettings.ideogram.glow.halo", 4);
});

test("it is in the form and in the record that travels in a picture", async () => {
  const { formFields } = await load<typeof import("../../src/recipe/form.ts")>("src/recipe/form.ts");
  expect(formFields()).toContainEqual(expect.objectContaining({ id: "glow.halo" }));
  const { recipeRecord } = await load<typeof import("../../src/recipe/record.ts")>("src/recipe/record.ts");
  const { defaultRecipe } = await load<typeof import("../../src/recipe/recipe.ts")>("src/recipe/recipe.ts");
  expect(recipeRecord(defaultRecipe)).toHaveProperty(["glow.halo"], 4);
});
