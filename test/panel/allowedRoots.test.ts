import fc from "fast-check";
import { expect, test } from "vitest";
import { grownRoots } from "../../src/editor/panel/allowedRoots.ts";

test("what was allowed stays allowed, and only what is new changes anything", () => {
  const first = grownRoots([], ["file:///work", "file:///bin"]);
  expect(first).toEqual(["file:///work", "file:///bin"]);
  const more = grownRoots(first, ["file:///work", "file:///usb"]);
  expect(more.toSorted()).toEqual(["file:///bin", "file:///usb", "file:///work"]);
  expect(grownRoots(more, ["file:///bin"])).toBe(more);
  expect(grownRoots(more, [])).toBe(more);
});

test("a folder in one that is allowed needs no allowance of its own, one with a similar name does", () => {
  const known = ["file:///work"];
  expect(grownRoots(known, ["file:///work/a/b"])).toBe(known);
  expect(grownRoots(known, ["file:///workshop"])).toEqual(["file:///work", "file:///workshop"]);
  expect(grownRoots(["file:///"], ["file:///anywhere"])).toEqual(["file:///"]);
});

test("where there are too many, those go that have not been wanted for longest", () => {
  const known = ["file:///1", "file:///2", "file:///3"];
  expect(grownRoots(known, ["file:///1", "file:///4"], 3)).toEqual(["file:///3", "file:///1", "file:///4"]);
  expect(grownRoots(known, ["file:///5", "file:///6"], 1)).toEqual(["file:///5", "file:///6"]);
});

test("whatever is wanted is allowed, once, and no more is kept than there is room for", () => {
  const folders = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map((n) => `file:///${n}`));
  fc.assert(
    fc.property(fc.array(folders), fc.integer({ min: 1, max: 12 }), (steps, most) => {
      let roots: readonly string[] = [];
      for (const wanted of steps) {
        roots = grownRoots(roots, wanted, most);
        expect(new Set(roots).size).toBe(roots.length);
        expect(wanted.filter((folder) => !roots.includes(folder))).toEqual([]);
        expect(roots.length).toBeLessThanOrEqual(Math.max(most, ...steps.map((step) => step.length)));
      }
    }),
  );
});
