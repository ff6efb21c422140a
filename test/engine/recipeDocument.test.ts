import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ancestor } from "../../src/engine/lineage.ts";
import { recipeDocument } from "../../src/engine/recipeDocument.ts";
import { resolveRecipe } from "../../src/engine/resolve.ts";
import { sameRecipe } from "../../src/engine/sameRecipe.ts";
import { anyProvenance, awkwardText, paidProvenance } from "../fixtures/provenances.ts";

const source: Ancestor = {
  relative: "../pictures/tea-tin.png",
  path: "/work/pictures/tea-tin.png",
  hash: "a".repeat(64),
  state: "same",
  provenance: undefined,
};

const short = (path: string) => path.replace("/work/", "");

test("the document of a paid picture", () => {
  const name = "tea-tin.remix-1.png";
  expect(
    recipeDocument({ name, provenance: paidProvenance, ancestors: [source], short }),
  ).toMatchInlineSnapshot(`
    "# Recipe of \`tea-tin.remix-1.png\`

    Drawn by Ideogram 1.0 Remix (\`ideogram:1@2\`) on Runware.

    - Made: 2026-11-22 09:30:00 UTC
    - Cost: $0.06
    - Preset: \`Winter gift edition\`

    ## Recipe

    positivePrompt:

    \`\`\`text
    deep forest green and warm cream
    \`\`\`

    - size: \`auto\`
    - remixStrength: \`45\`
    - styleReferenceImages: \`styles/linen.png\`
    - safety.checkContent: \`false\`

    The same recipe makes a new variation, not this picture again: the model takes no seed.

    ## Where it came from

    1. \`tea-tin.remix-1.png\`
    2. from \`../pictures/tea-tin.png\`, unchanged since, SHA-256 \`aaaaaaaaaaaa…\`. The original: it carries no recipe

    ## Record

    - Task: \`3f2b1c9e-6a0d-4c1f-9b7e-2d5a8c4e1f60\`
    - Picture: \`b7e4d2a1-0c3f-4e5a-8d6b-9f1e2c3a4b5d\`
    - Seed: \`18446744073709551615\`
    - Recipe hash: \`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\`
    "
  `);
});

test("a local preview says that it is one, and that it was free", () => {
  const provenance = { ...paidProvenance, provider: "local", model: null, cost: null } as const;
  const text = recipeDocument({ name: "a.png", provenance, ancestors: [], short });
  expect(text).toContain("**Local preview**");
  expect(text).toContain("- Cost: free");
  expect(text).not.toMatch(/Ideogram|Runware/);
});

test("a cost that nobody reported is not called free, and a flag is shown", () => {
  const text = recipeDocument({
    name: "a.png",
    provenance: { ...paidProvenance, cost: null, flagged: true, recipe: null },
    ancestors: [],
    short,
  });
  expect(text).toContain("- Cost: not reported");
  expect(text).toContain("found this picture unsafe");
  expect(text).toContain("carries its marking only");
});

test.each([
  ["moved", "**now** `pictures/tea-tin.png`, unchanged since"],
  ["changed", "**changed since**"],
  ["gone", "**gone**"],
  ["unreadable", "**cannot be read**"],
  ["outside", "outside this workspace"],
] as const)("a source that is %s is said to be", (state, words) => {
  const text = recipeDocument({
    name: "a.png",
    provenance: paidProvenance,
    ancestors: [{ ...source, state }],
    short,
  });
  expect(text).toContain(`2. from \`../pictures/tea-tin.png\`, ${words}`);
  expect(text.includes("The original")).toBe(state === "changed" || state === "moved");
});

test("nothing in a picture's file can become markup", () => {
  const hostile = fc.oneof(
    awkwardText(200),
    fc.constantFrom(
      "[click](command:workbench.action.quit)",
      "```\n[out](command:x)\n```",
      "`` ` ```` `",
      "`[x](command:x)",
      "a\n\n# heading\n![](https://example.com/x.png)",
      "<img src=x onerror=alert(1)>",
    ),
  );
  fc.assert(
    fc.property(anyProvenance, hostile, hostile, (any, one, other) => {
      const provenance = {
        ...any,
        preset: one,
        source: { ...any.source, path: other },
        recipe: { positivePrompt: one, negativePrompt: other, styleReferenceImages: ["", one, "", other] },
      };
      const text = recipeDocument({
        name: other.replaceAll("/", ""),
        provenance,
        ancestors: [{ ...source, relative: one }],
        short,
      });
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/);
      const outside = withoutCode(text);
      for (const markup of ["](", "<img", "command:", "https:", "heading"]) {
        expect(outside).not.toContain(markup);
      }
    }),
  );
});

/** What is left of Markdown without its code: blocks first, then spans, by the rules of CommonMark. */
function withoutCode(text: string): string {
  const blocks: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    if (fence !== undefined) {
      fence = line === fence ? undefined : fence;
    } else if (/^`{3,}text$/.test(line)) {
      fence = line.slice(0, -4);
    } else {
      blocks.push(line);
    }
  }
  expect(fence).toBeUndefined();
  return blocks.map((line) => line.replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "")).join("\n");
}

test("the same recipe leaves nothing to the settings of today", () => {
  const values = { negativePrompt: "blue", outputQuality: 50, numberResults: 4 };
  const layers = [
    { origin: "user", base: null, values, presets: { p: { magicPrompt: "ON" } }, defaultPreset: "p" },
  ] as const;
  const recipe = sameRecipe(paidProvenance, "a.png");
  const resolved = resolveRecipe(layers, { preset: "", recipe });
  expect(resolved.values).toMatchObject({
    ...paidProvenance.recipe,
    negativePrompt: null,
    outputQuality: 95,
    numberResults: 1,
    magicPrompt: "AUTO",
  });
  expect(resolved.preset).toBeNull();
  expect(() => sameRecipe({ ...paidProvenance, recipe: null }, "a.png")).toThrow(
    "a.png carries its marking only",
  );
});
