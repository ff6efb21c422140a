import { describe, expect, it } from "vitest";
import { CanonicalPaths } from "../../src/engine/canonicalPaths.ts";
import type { OpenTask } from "../../src/engine/journal.ts";
import { defaultOutput, type OutputOptions } from "../../src/engine/output.ts";
import { type Plan, type PlanOptions, planFor, type Seen, type Wanted } from "../../src/engine/plan.ts";
import { planDocument, planSummary } from "../../src/engine/planDocument.ts";
import { Planning, type PlanningParts } from "../../src/engine/planning.ts";
import type { ImageFacts } from "../../src/engine/ports.ts";
import { resolveRecipe } from "../../src/engine/resolve.ts";
import type { Survey } from "../../src/engine/survey.ts";
import { planOf as taskPlanOf } from "../../src/engine/task.ts";
import { folderWalker } from "../../src/platform/folderWalk.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { paidProvenance } from "../fixtures/provenances.ts";

const facts: ImageFacts = { width: 1600, height: 800, format: "png", hasAlpha: false };

const asWritten = new CanonicalPaths(async (path) => path);

interface Pictured {
  readonly file: string;
  readonly facts?: Partial<ImageFacts>;
  readonly recipe?: Readonly<Record<string, unknown>>;
  readonly output?: Partial<OutputOptions>;
}

function wantedOf({ file, recipe = {}, output = {} }: Pictured): Wanted {
  const source = sourceFile(`/shop/${file}`);
  const request = {
    source,
    recipe: resolveRecipe([], { recipe: { positivePrompt: "deep teal", ...recipe } }),
    output: { ...defaultOutput, ...output },
  };
  return { request, recipeHash: "r".repeat(64), model: "ideogram:1@2", place: source.folder };
}

const surveyOf = (hash: string, more: Partial<ImageFacts> = {}): Survey => ({
  hash,
  provenance: null,
  facts: { ...facts, ...more },
  problem: null,
});

const result = (source: string): Survey => ({
  ...surveyOf("0"),
  provenance: { ...paidProvenance, source: { path: "x.png", hash: source }, recipeHash: "r".repeat(64) },
});

function planOf(
  pictures: readonly Pictured[],
  others: Readonly<Record<string, Survey>> = {},
  options: Partial<PlanOptions> = {},
  openTasks: readonly OpenTask[] = [],
  kept: readonly Survey[] = [],
): Plan {
  const surveys = new Map(pictures.map((one) => [`/shop/${one.file}`, surveyOf(one.file, one.facts)]));
  for (const [name, survey] of Object.entries(others)) {
    surveys.set(`/shop/${name}`, survey);
  }
  const entries = [...surveys.keys()].map((path) => ({ name: path.slice("/shop/".length), path }));
  const places = new Map([["/shop", entries]]);
  const seen: Seen = { surveys, places, history: new Map(), openTasks, kept, paths: asWritten };
  const all = {
    provider: "runware",
    estimate: () => 0.06,
    onlyOutdated: false,
    now: new Date(0),
    ...options,
  } as const;
  return { ...planFor(pictures.map(wantedOf), seen, all), skipped: [] };
}

function planningOf(surveys: ReadonlyMap<string, Survey>, changes: Partial<PlanningParts> = {}): Planning {
  const parts: PlanningParts = {
    walker: folderWalker(),
    history: { results: async () => new Map(), madeSince: async () => [], add: async () => undefined },
    openTasks: async () => [],
    toSource: sourceFile,
    canonicalPath: async (path) => path,
    survey: async (path) => surveys.get(path) ?? surveyOf("other"),
    entries: async () => [],
    kept: async () => [],
    place: ({ base }) => base,
    referenceHash: async () => "",
    ...changes,
  };
  return new Planning(parts, new AbortController().signal);
}

const area = { left: 0, top: 0, width: 1600, height: 800 };
const submission = {
  taskUUID: "t",
  model: "ideogram:1@2",
  endpoint: "https://api.runware.ai/v1",
  source: "/shop/a.png",
  destination: "/shop",
  sourceSha256: "",
  size: { width: 1280, height: 720 },
  fitting: { source: area, target: area, loss: 0 },
  outputFormat: "PNG",
  request: {},
} as const;

describe("a result in its source's place", () => {
  const from = (path: string): Survey => ({
    ...surveyOf("0"),
    provenance: { ...paidProvenance, source: { path, hash: "a".repeat(64) } },
  });

  it("is a source, and the plan says what it is", async () => {
    const surveys = new Map([
      ["/shop/a.png", from("a.png")],
      ["/shop/a.remix-1.png", from("a.png")],
    ]);
    const planning = planningOf(surveys);
    const { sources, skipped } = await planning.sort([...surveys.keys()], new Set());
    expect(sources.map(({ name }) => name)).toEqual(["a.png"]);
    expect(skipped).toEqual([
      { path: "/shop/a.remix-1.png", isFolder: false, reason: "a result, by its metadata" },
    ]);
    const requests = sources.map((file) => ({ ...wantedOf({ file: "a.png" }).request, source: file }));
    const options = {
      provider: "runware",
      estimate: () => 0.06,
      onlyOutdated: true,
      now: new Date(0),
    } as const;
    // What the user has accepted is no reason to buy it once more.
    const accepted = requests.map((request) => ({ ...wantedOf({ file: "a.png" }), request }));
    const unchanged = accepted.map((one) => ({ ...one, recipeHash: paidProvenance.recipeHash }));
    const seen = {
      surveys,
      places: new Map(),
      history: new Map(),
      openTasks: [],
      kept: [],
      paths: asWritten,
    };
    expect(planFor(unchanged, seen, options)).toMatchObject({ items: [], upToDate: [{ preset: null }] });
    const { items } = await planning.plan(requests, "ideogram:1@2", options);
    expect(items.map(({ warnings }) => warnings)).toEqual([
      ["is a result that took its source's place: it is remixed once more"],
    ]);
  });
});

describe("a plan", () => {
  it("tells size, loss, names and price of each source", () => {
    const { items, price } = planOf([
      { file: "a.png", recipe: { numberResults: 2 } },
      { file: "b.jpg", facts: { format: "jpeg", width: 1024, height: 1024 } },
    ]);
    expect(items.map(({ names, format, price: usd }) => ({ names, format, usd }))).toEqual([
      { names: ["a.remix-1.png", "a.remix-2.png"], format: "PNG", usd: 0.12 },
      { names: ["b.remix-1.jpg"], format: "JPG", usd: 0.06 },
    ]);
    expect(items[0]?.size).toMatchObject({ width: 1280, height: 720 });
    expect(items[0]?.loss).toBeCloseTo(1 / 9);
    expect(items[1]?.loss).toBe(0);
    expect(price).toBeCloseTo(0.18);
  });

  it("gives no name twice, and none that is taken", () => {
    const recipe = { outputFormat: "PNG" };
    const { items } = planOf(
      [
        { file: "a.png", recipe },
        { file: "a.jpg", recipe },
      ],
      { "a.remix-1.png": result("other") },
    );
    expect(items.flatMap(({ names }) => names)).toEqual(["a.remix-2.png", "a.remix-3.png"]);
  });

  it("warns of transparency that is lost and of results that are there", () => {
    const hasAlpha = { hasAlpha: true };
    const { items } = planOf(
      [
        { file: "a.png", facts: hasAlpha, recipe: { outputFormat: "JPG" } },
        { file: "b.png", facts: hasAlpha },
        { file: "c.png", facts: hasAlpha, output: { alpha: "keep" } },
      ],
      { "x.png": result("c.png") },
    );
    expect(items.map(({ warnings }) => warnings)).toEqual([
      ["transparency is lost: JPEG has none"],
      ["transparency is dropped (imageRemix.output.alpha)"],
      ["has an up-to-date result already"],
    ]);
  });

  it("leaves alone what is up to date, and asks for no more than is missing", () => {
    const recipe = { numberResults: 3 };
    const others = {
      "r1.png": result("a.png"),
      "r2.png": result("b.png"),
      "c.remix-1.png": surveyOf("edited"),
    };
    const plan = planOf(
      [{ file: "a.png" }, { file: "b.png", recipe }, { file: "c.png" }, { file: "d.png" }],
      others,
      { onlyOutdated: true },
    );
    expect(plan.upToDate.map(({ source }) => source.name)).toEqual(["a.png"]);
    expect(plan.unknown.map(({ source }) => source.name)).toEqual(["c.png"]);
    expect(
      plan.items.map(
        ({
          request: {
            source,
            recipe: { values },
          },
        }) => [source.name, values.numberResults],
      ),
    ).toEqual([
      ["b.png", 2],
      ["d.png", 1],
    ]);
    expect(planSummary(plan, true)).toBe("up to date: 1, to do: 2, unknown: 1 · 3 results, about $0.18");
  });

  it("leaves alone what is being made of the same source with the same recipe", () => {
    const [a] = planOf([{ file: "a.png", recipe: { numberResults: 2 } }]).items;
    if (a === undefined) {
      throw new Error("nothing planned");
    }
    const plan = taskPlanOf(a.request, "t", "batch", 0.06);
    const open = (submission: OpenTask["submission"]): OpenTask => ({
      taskUUID: "t",
      time: "",
      plan,
      submission,
      isAccepted: false,
      received: [],
      staged: [],
      saved: [],
    });
    const sent = (sourceSha256: string) => open({ ...submission, sourceSha256 });
    const outdated = { onlyOutdated: true };
    const pictures = [{ file: "a.png" }, { file: "b.png" }];
    const underWay = (task: OpenTask) =>
      planOf(pictures, {}, outdated, [task]).underWay.map(({ source }) => source.name);
    expect(underWay(open(null))).toEqual(["a.png"]);
    expect(underWay(sent("a.png"))).toEqual(["a.png"]);
    expect(underWay(sent("as it was before"))).toEqual([]);
    expect(
      planOf([{ file: "a.png", recipe: { remixStrength: 9 } }], {}, outdated, [open(null)]).underWay,
    ).toEqual([]);
    expect(planOf(pictures, {}, { ...outdated, provider: "local" }, [open(null)]).underWay).toEqual([]);
  });

  it("leaves alone of what a paid result is kept in storage, and says how it comes to its place", () => {
    const pictures = [{ file: "a.png" }, { file: "b.png" }];
    const plan = planOf(pictures, {}, { onlyOutdated: true }, [], [result("a.png")]);
    expect(plan.underWay.map(({ source }) => source.name)).toEqual(["a.png"]);
    expect(plan.items.map(({ request }) => request.source.name)).toEqual(["b.png"]);
    // Whoever asks for more of it gets more.
    expect(planOf(pictures, {}, {}, [], [result("a.png")]).items).toHaveLength(2);
  });

  it("knows what is being made of the same source by another path", async () => {
    const { request } = wantedOf({ file: "a.png" });
    const plan = { ...taskPlanOf(request, "t", "batch", 0.06), source: "/link/a.png" };
    const nothing = { submission: null, isAccepted: false, received: [], staged: [], saved: [] };
    const planning = planningOf(new Map([["/shop/a.png", surveyOf("a.png")]]), {
      openTasks: async () => [{ taskUUID: "t", time: "", plan, ...nothing }],
      canonicalPath: async (path) => path.replace("/link/", "/shop/"),
    });
    await planning.sort(["/shop/a.png"], new Set());
    const options = {
      provider: "runware",
      estimate: () => 0.06,
      onlyOutdated: true,
      now: new Date(0),
    } as const;
    const { items, underWay } = await planning.plan([request], "ideogram:1@2", options);
    expect([items, underWay.map(({ source }) => source.path)]).toEqual([[], ["/shop/a.png"]]);
  });

  it("fails the sources alone that cannot be planned", () => {
    const { items, failed } = planOf([
      { file: "a.png", recipe: { positivePrompt: null } },
      { file: "b.png" },
    ]);
    expect(items).toHaveLength(1);
    expect(failed.map(({ source, failure }) => [source.name, failure.code])).toEqual([
      ["a.png", "promptRequired"],
    ]);
  });
});

describe("the plan's document", () => {
  it("reads as text, and nobody's words become markup", () => {
    const prompt = "# x\n[a](b) `c` | d";
    const plan = planOf([{ file: "a|b.png", recipe: { positivePrompt: prompt } }]);
    const skipped = [{ path: "/shop/d`r.png", isFolder: false, reason: ".gitignore: <b>" }];
    const words = {
      title: "shop",
      onlyOutdated: false,
      basis: "An estimate.",
      short: (path: string) => path,
    };
    expect(planDocument({ ...plan, skipped }, words)).toMatchInlineSnapshot(`
      "# Plan: remix \`shop\`

      **to do: 1, left out: 1 · 1 result, about $0.06**

      An estimate. Only finished results are charged. Names are the first that are free now; no file is ever replaced.

      ## To do (1)

      | Source           | Pixels   | Drawn    | Cut off | Results            |  USD | Remarks |
      | ---------------- | -------- | -------- | ------: | ------------------ | ---: | ------- |
      | \`/shop/a\\|b.png\` | 1600×800 | 1280×720 |    11 % | \`a\\|b.remix-1.png\` | 0.06 |         |

      ## Recipes (1)

      - Settings: \`\`# x\\u{a}[a](b) \`c\` | d\`\`, strength 50, style AUTO

      ## Left out (1)

      - \`\`/shop/d\`r.png\`\`: \`.gitignore\`: \`<b>\`
      "
    `);
  });
});
