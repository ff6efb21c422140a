import { expect, test } from "vitest";
import { type ComposeFacts, composeView } from "../../src/editor/panel/composeView.ts";
import {
  emptyDraft,
  readDraft,
  withEntries,
  withoutValue,
  withoutWritten,
  withSources,
  withValue,
} from "../../src/editor/panel/draft.ts";
import { placedFields } from "../../src/editor/panel/formLayout.ts";
import { roomWords } from "../../src/editor/roomWords.ts";
import type { SettingsLayer } from "../../src/engine/resolve.ts";
import { formFields } from "../../src/recipe/form.ts";
import { parameters } from "../../src/recipe/parameters.ts";

const layer = (
  origin: SettingsLayer["origin"],
  values: SettingsLayer["values"],
  more: Partial<SettingsLayer> = {},
) => ({
  origin,
  base: null,
  values,
  presets: undefined,
  defaultPreset: undefined,
  ...more,
});

const wide = {
  id: "source1",
  file: { path: "/a/wide.png", folder: "/a", stem: "wide", extension: ".png", name: "wide.png" },
  folder: "a",
  uri: "webview://wide.png",
  layers: [],
  facts: { width: 1600, height: 800, format: "png", hasAlpha: false },
  problem: null,
} as const;

const facts = (change: Partial<ComposeFacts> = {}): ComposeFacts => ({
  layers: [],
  preset: undefined,
  values: { positivePrompt: "teal" },
  sources: [{ ...wide, layers: change.layers ?? [] }],
  edit: 0,
  quote: (_images, orders) => ({
    estimate: orders.reduce((sum, { results }) => sum + results * 0.06, 0),
    block: null,
    hint: "",
  }),
  ...change,
});

const fieldOf = (id: string, change: Partial<ComposeFacts>) =>
  composeView(facts(change)).fields.find((field) => field.id === id);

test("what is being typed is shown with the space at its end, which the recipe does without", () => {
  const typed = { values: { positivePrompt: "red ", negativePrompt: "fog\n" } };
  expect(fieldOf("positivePrompt", typed)?.value).toBe("red ");
  expect(fieldOf("negativePrompt", typed)?.value).toBe("fog\n");
  expect(
    fieldOf("positivePrompt", { values: {}, layers: [layer("user", { positivePrompt: "red " })] })?.value,
  ).toBe("red");
});

test("every parameter of the recipe has its field, those without a layout under Advanced", () => {
  expect(
    placedFields()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(
    formFields()
      .map(({ id }) => id)
      .sort(),
  );
  const declared = { ...parameters.outputQuality, description: "How much it glows." };
  const [glow] = placedFields([{ id: "outputType", declared, allowed: "" }]);
  expect(glow).toMatchObject({
    label: "Output type",
    place: "part",
    part: "advanced",
    control: { kind: "number" },
  });
});

test("each value knows where it came from", () => {
  const layers = [
    layer("user", { remixStrength: 20, styleType: "ANIME" }),
    layer(
      "workspace",
      { remixStrength: 30 },
      { presets: { Mine: { styleType: "DESIGN" } }, defaultPreset: "Mine" },
    ),
  ];
  expect(fieldOf("remixStrength", { layers })).toMatchObject({
    value: 30,
    origin: "workspace",
    changed: false,
  });
  expect(fieldOf("styleType", { layers })).toMatchObject({ value: "DESIGN", origin: "from preset" });
  expect(fieldOf("styleType", { layers, preset: null })).toMatchObject({ value: "ANIME", origin: "user" });
  expect(fieldOf("magicPrompt", { layers })).toMatchObject({ value: "AUTO", origin: "" });
  const values = { remixStrength: 77 };
  expect(fieldOf("remixStrength", { layers, values })).toMatchObject({
    value: 77,
    origin: "changed here",
    changed: true,
  });
});

test("a wrong value is shown as it was written, marked with what is allowed, and blocks", () => {
  const layers = [layer("workspace", { outputQuality: 7 })];
  const view = composeView(facts({ layers, values: { positivePrompt: "teal", remixStrength: 140 } }));
  const problem = (id: string) => view.fields.find((field) => field.id === id)?.problem;
  expect(problem("remixStrength")).toEqual({
    text: "remixStrength is not valid. Allowed: a whole number from 1 to 100.",
    canOpen: false,
  });
  expect(problem("outputQuality")).toEqual({
    text: "imageRemix.outputQuality in the workspace settings is not valid. Allowed: a whole number from 20 to 99.",
    canOpen: true,
  });
  expect(view.block?.text).toContain("is not valid");
});

test("without a prompt nothing is remixed", () => {
  expect(composeView(facts({ values: {} })).block?.text).toContain("prompt");
  expect(composeView(facts()).block).toBeNull();
});

test("the plan says what is kept, what is lost, and what other sizes would lose", () => {
  const [source] = composeView(facts()).sources;
  expect(source?.plan).toMatchObject({
    target: { width: 1280, height: 720 },
    option: "1280x720",
    used: { top: 0, height: 1 },
    laid: { left: 0, top: 0, width: 1, height: 1 },
  });
  expect(source?.plan?.loss).toBeCloseTo(1 / 9);
  expect(source?.plan?.losses["1024x1024"]).toBeCloseTo(0.5);
  const padded = composeView(facts({ values: { positivePrompt: "x", fit: "pad" } })).sources[0]?.plan;
  expect(padded).toMatchObject({ loss: 0, used: { width: 1, height: 1 }, laid: { left: 0, width: 1 } });
});

test("the price counts readable pictures times results", () => {
  const broken = { ...wide, id: "source2", facts: null, problem: "is damaged" };
  const view = composeView(
    facts({ sources: [wide, broken], values: { positivePrompt: "x", numberResults: 3 } }),
  );
  expect(view.price).toMatchObject({ images: 1, results: 3 });
});

test("presets that are no presets block with the setting's name", () => {
  const layers = [layer("workspace", {}, { presets: 5 })];
  expect(composeView(facts({ layers })).block?.text).toContain("imageRemix.presets");
});

test("a draft survives; of one that does not parse what can be read does, and the rest is named", () => {
  const said: string[] = [];
  const warn = (what: string) => said.push(what);
  const draft = withSources(withValue(emptyDraft, "remixStrength", 5), ["/a.png", "/b.png", "/a.png"]);
  expect(readDraft(JSON.parse(JSON.stringify(draft)), warn)).toEqual({
    view: "compose",
    sources: ["/a.png", "/b.png"],
    cleared: [],
    values: { remixStrength: 5 },
  });
  expect(withoutValue(draft, "remixStrength").values).toEqual({});
  expect(readDraft(undefined, warn)).toEqual(emptyDraft);
  expect(said).toEqual([]);
  expect(readDraft({ ...draft, view: "elsewhere", cleared: [1] }, warn)).toEqual(draft);
  expect(said).toEqual([expect.stringMatching(/: view, cleared\.$/)]);
  expect(readDraft("draft", warn)).toEqual(emptyDraft);
  expect(said).toHaveLength(2);
});

test("each picture counts by the settings of its own folder", () => {
  const one = [layer("folder", { numberResults: 1 })];
  const four = [layer("folder", { numberResults: 4, renderingSpeed: "QUALITY" })];
  const sources = [
    { ...wide, layers: one },
    { ...wide, id: "source2", layers: four },
    { ...wide, id: "source3", layers: four },
  ];
  const asked: unknown[] = [];
  const view = composeView(
    facts({
      layers: one,
      sources,
      quote: (...given) => {
        asked.push(given);
        return { estimate: 1, block: null, hint: "" };
      },
    }),
  );
  expect(view.price).toEqual({ images: 3, results: 9, estimate: 1 });
  expect(asked).toEqual([
    [
      3,
      [
        { renderingSpeed: "DEFAULT", results: 1 },
        { renderingSpeed: "QUALITY", results: 8 },
      ],
    ],
  ]);
  const wrong = [layer("folder", { numberResults: 77 })];
  const blocked = composeView(facts({ layers: one, sources: [...sources, { ...wide, layers: wrong }] }));
  expect(blocked.block?.text).toContain("numberResults");
});

test("what is written into settings leaves the draft, except what a preset or another folder overrides", () => {
  const presets = { presets: { Winter: { positivePrompt: "snow" } }, defaultPreset: "Winter" };
  const written = { positivePrompt: "red fox", remixStrength: 40, styleType: "ANIME" };
  const before = { ...emptyDraft, values: { ...written, magicPrompt: "what" } };
  const here = [layer("workspace", written, presets)];
  const other = [layer("workspace", {}, presets), layer("folder", { ...written, styleType: "DESIGN" })];
  const after = withoutWritten(before, before, written, [here, other]);
  expect(after.values).toEqual({ positivePrompt: "red fox", styleType: "ANIME", magicPrompt: "what" });
  expect(fieldOf("positivePrompt", { layers: here, values: after.values })?.value).toBe("red fox");
  expect(withoutWritten(before, before, written, [[layer("workspace", written)]]).values).toEqual({
    magicPrompt: "what",
  });
});

test("what is typed, added or removed while settings are written stays", () => {
  const before = { ...emptyDraft, sources: ["/a.png"], values: { positivePrompt: "red", remixStrength: 40 } };
  const now = { ...before, sources: ["/b.png"], values: { ...before.values, positivePrompt: "red fox" } };
  const after = withoutWritten(now, before, before.values, [[layer("workspace", before.values)]]);
  expect(after).toEqual({ ...now, values: { positivePrompt: "red fox" } });
});

test("entries are added to those of a preset or settings, each once", () => {
  const layers = [layer("workspace", { styleReferenceImages: ["a.png", "b.png"] })];
  const draft = withEntries(emptyDraft, "styleReferenceImages", ["b.png", "c.png"], layers);
  expect(draft.values).toEqual({ styleReferenceImages: ["a.png", "b.png", "c.png"] });
  const again = withEntries(draft, "styleReferenceImages", ["d.png"], layers);
  expect(again.values).toEqual({ styleReferenceImages: ["a.png", "b.png", "c.png", "d.png"] });
});

test("a cap says what it still allows", () => {
  const cap = { whose: "Today's", limit: 10, left: 0.05 };
  expect(roomWords(cap, 3, 12)).toBe("Today's cap of $10.00 leaves room for 3 of 12 images");
  expect(roomWords(cap, 0, 12)).toBe("Today's cap of $10.00 leaves no room for any of these 12 images");
  expect(roomWords(cap, 0, 1)).toBe("Today's cap of $10.00 leaves no room for this image");
  expect(roomWords({ ...cap, left: -1 }, 0, 1)).toBe("Today's cap of $10.00 is used up");
});
