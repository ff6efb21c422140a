import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BinEntry,
  binSize,
  lastReplacements,
  markdownImage,
  oldestToRemove,
  replacementFormat,
  restoredName,
  whyNotReplaceable,
} from "../../src/engine/review.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";

function entry(id: string, size: number, day = 1, more: Partial<BinEntry> = {}): BinEntry {
  return {
    id,
    time: new Date(Date.UTC(2026, 0, day)).toISOString(),
    why: "discarded",
    origin: `/pictures/${id}.png`,
    sha256: id.padStart(64, "0"),
    extension: ".png",
    size,
    isPaid: true,
    sidecar: null,
    replacedBy: null,
    ...more,
  };
}

test("content that several entries share counts once", () => {
  const shared = { sha256: "a".repeat(64) };
  expect(binSize([entry("1", 5, 1, shared), entry("2", 5, 2, shared), entry("3", 7)])).toBe(12);
});

test("a full bin is emptied from its oldest end, as little as makes room, and never for nothing", () => {
  const entries = fc.array(fc.tuple(fc.nat(50), fc.nat(300), fc.nat(5)));
  fc.assert(
    fc.property(entries, fc.nat(100), fc.integer({ min: 100, max: 200 }), (drawn, incoming, limit) => {
      const all = drawn.map(([size, day, content], index) =>
        entry(String(index), size, day, { sha256: `${content}f${size}`.padStart(64, "0") }),
      );
      const removed = oldestToRemove(all, incoming, limit) ?? [];
      const left = all.filter((one) => !removed.includes(one));
      expect(binSize(left) + incoming).toBeLessThanOrEqual(limit);
      expect(left.every(({ time }) => removed.every((gone) => gone.time <= time))).toBe(true);
      const lastRemoved = removed.at(-1);
      if (lastRemoved !== undefined) {
        expect(binSize([lastRemoved, ...left]) + incoming).toBeGreaterThan(limit);
      }
    }),
  );
});

test("what is larger than the bin finds no room in it", () => {
  expect(oldestToRemove([entry("1", 5)], 11, 10)).toBeUndefined();
});

test("the last replacement of each source can be undone, the newest first", () => {
  const replacedBy = { result: "/r.png", resultSha256: "b".repeat(64), sha256: "b".repeat(64) };
  const replaced = (id: string, origin: string) => entry(id, 1, 1, { why: "replaced", origin, replacedBy });
  const all = [replaced("1", "/a.png"), replaced("2", "/b.png"), replaced("3", "/a.png"), entry("4", 1)];
  expect(lastReplacements(all).map(({ id }) => id)).toEqual(["3", "2"]);
});

test.each([
  ["/p/hero.remix-4.png", ["hero.remix-4.png", "hero.remix-5.png", "hero.remix-6.png"]],
  ["/p/hero.png", ["hero.png", "hero-2.png", "hero-3.png"]],
  ["/p/hero", ["hero", "hero-2", "hero-3"]],
])("%s comes back as %j", (path, names) => {
  expect([1, 2, 3].map((n) => restoredName(sourceFile(path), n))).toEqual(names);
});

test("sources are replaced in the formats that can be written, and no others", () => {
  expect(["png", "jpeg", "webp"].map((format) => replacementFormat(format as "png"))).toEqual([
    "PNG",
    "JPG",
    "WEBP",
  ]);
  expect(replacementFormat("svg")).toBeUndefined();
  expect(whyNotReplaceable("svg")).toContain("made of pixels");
  expect(whyNotReplaceable("gif")).toContain("only PNG, JPEG and WebP can be written");
});

test("Markdown shows a picture whatever its name holds", () => {
  expect(markdownImage("hero.remix-1", "img/hero.remix-1.png")).toBe("![hero.remix-1](img/hero.remix-1.png)");
  expect(markdownImage("a [b] (c)", "ä b/a [b] (c).png")).toBe(
    "![a \\[b\\] (c)](%C3%A4%20b/a%20%5Bb%5D%20%28c%29.png)",
  );
});
