import { expect, test } from "vitest";
import { groupViews, historyViews, runView, type Showing } from "../../src/editor/panel/resultsView.ts";
import type { PanelResult, PanelRun, PanelTask } from "../../src/editor/panel/services.ts";

const showing: Showing = {
  toSource: (path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const [stem = ""] = name.split(".");
    return { path, name, stem, extension: ".png", folder: path.slice(0, path.lastIndexOf("/")) };
  },
  uri: (path, version) => `webview:${path}${version === undefined ? "" : `?${version}`}`,
  folder: (path) => path.slice(1),
};

const task = (source: string, change: Partial<PanelTask>): PanelTask => ({
  id: source,
  source,
  state: "waiting",
  percent: null,
  started: null,
  ended: null,
  cost: null,
  expected: 2,
  outputs: [],
  headline: null,
  detail: null,
  actions: [],
  ...change,
});

test("a run counts what is saved and what is being drawn, and has a slot for each result", () => {
  const run: PanelRun = {
    id: "run1",
    title: "Winter",
    provider: "runware",
    started: 1,
    ended: null,
    isRecovered: false,
    left: null,
    money: { spent: 0, inAir: 0, notSent: 0 },
    recipe: [],
    tasks: [
      task("/a/one.png", { state: "saved", outputs: ["/a/one.remix-1.png", "/a/one.remix-2.png"] }),
      task("/a/two.png", { state: "drawing", outputs: ["/a/two.remix-1.png"] }),
      task("/b/three.png", {}),
    ],
  };
  const view = runView(run, showing);
  expect(view.results).toEqual({ total: 6, saved: 3, inAir: 1 });
  expect(
    view.tasks.map(({ name, folder, uri, slots }) => [name, folder, uri, slots.map((slot) => slot.uri)]),
  ).toEqual([
    [
      "one.png",
      "a",
      "webview:/a/one.png",
      ["webview:/a/one.remix-1.png?/a/one.png", "webview:/a/one.remix-2.png?/a/one.png"],
    ],
    ["two.png", "a", "webview:/a/two.png", ["webview:/a/two.remix-1.png?/a/two.png", null]],
    ["three.png", "b", "webview:/b/three.png", [null, null]],
  ]);
  expect(JSON.stringify(view)).not.toContain('"source"');
});

const result = (id: string, source: string, change: Partial<PanelResult> = {}): PanelResult => ({
  id,
  source,
  original: source,
  path: `${source}.${id}`,
  name: `${id}.png`,
  decision: "undecided",
  provider: "local",
  flagged: false,
  cost: null,
  seed: null,
  model: null,
  size: { width: 8, height: 4 },
  used: null,
  file: "PNG",
  prompt: "",
  recipe: "",
  ...change,
});

test("results are grouped by source, in the order of their first result", () => {
  const kept = { decision: "replaced", original: "/storage/kept.png" } as const;
  const groups = groupViews(
    [result("r1", "/a/one.png"), result("r2", "/b/two.png", kept), result("r3", "/a/one.png")],
    showing,
  );
  expect(
    groups.map(({ name, uri, replaced, results }) => [name, uri, replaced, results.map(({ id }) => id)]),
  ).toEqual([
    ["one.png", "webview:/a/one.png", false, ["r1", "r3"]],
    ["two.png", "webview:/storage/kept.png", true, ["r2"]],
  ]);
  expect(groups[0]?.results[1]?.uri).toBe("webview:/a/one.png.r3?r3");
});

test("of results of one source that was replaced between them each lies over what it was made from", () => {
  const [group] = groupViews(
    [
      result("r1", "/a/one.png", { original: "/storage/kept.png" }),
      result("r2", "/a/one.png", { original: "/storage/kept.png" }),
      result("r3", "/a/one.png"),
    ],
    showing,
  );
  expect(group?.uri).toBe("webview:/storage/kept.png");
  expect(group?.results.map(({ original }) => original)).toEqual([null, null, "webview:/a/one.png"]);
});

test("history shows its pictures by address", () => {
  const entry = {
    id: "h",
    time: 1,
    title: "",
    prompt: "",
    provider: "local",
    results: 1,
    cost: null,
  } as const;
  const [view] = historyViews([{ ...entry, pictures: [{ id: "r1", path: "/a/one.png" }] }], showing);
  expect(view).toEqual({ ...entry, thumbnails: ["webview:/a/one.png?r1"] });
});

test("a name that is given again, to another picture, has another address", () => {
  const [before, after] = ["0b2f4d9e-6a2c-4a55-9c39-0a4c5a4f7a11", "7d1f4d9e-6a2c-4a55-9c39-0a4c5a4f7a22"];
  const shown = (id: string) =>
    groupViews([result(`${id}-one_png`, "/a/one.png", { path: "/a/one.remix-1.png" })], showing)[0]
      ?.results[0]?.uri;
  expect(shown(before)).toBe(`webview:/a/one.remix-1.png?${before}`);
  expect(shown(after)).toBe(`webview:/a/one.remix-1.png?${after}`);
});
