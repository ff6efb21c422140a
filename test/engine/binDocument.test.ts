import { expect, test } from "vitest";
import { binDocument } from "../../src/engine/binDocument.ts";
import type { BinEntry } from "../../src/engine/review.ts";

const entry = (n: number, change: Partial<BinEntry> = {}): BinEntry => ({
  id: `e${n}`,
  time: new Date(2026, 10, 1, 12, n).toISOString(),
  origin: `/work/hero-${n}.png`,
  extension: ".png",
  sha256: String(n).padStart(64, "0"),
  size: 1_500_000,
  why: "discarded",
  isPaid: false,
  sidecar: null,
  replacedBy: null,
  ...change,
});

const short = (path: string) => path.replace("/work/", "");

test("every picture that would go is in it, with what is lost", () => {
  const many = Array.from({ length: 34 }, (_, n) => entry(n + 1));
  const text = binDocument([...many, entry(35, { isPaid: true }), entry(36, { why: "replaced" })], {
    name: "new.png",
    short,
  });
  expect(text).toContain("# Delete 36 pictures for good?");
  expect(text).toContain("**36 pictures · 54 MB**, the oldest in the bin, to make room for `new.png`.");
  const rows = text.split("\n").filter((line) => line.startsWith("| `hero-"));
  expect(rows).toHaveLength(36);
  expect(rows[34]).toMatch(/`hero-35\.png` +\| discarded, paid for +\| 2026-11-01 \| 1\.5 MB \|/);
  expect(rows[35]).toMatch(/\| replaced; can then no longer be undone \|/);
});

test("bytes that several have in common count once, and no name becomes markup", () => {
  const same = { sha256: "a".repeat(64) };
  const text = binDocument([entry(1, same), entry(2, { ...same, origin: "/work/a | `b`\n# c.png" })], {
    name: "[x](y)",
    short,
  });
  expect(text).toContain("**2 pictures · 1.5 MB**");
  expect(text.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(1);
  expect(text).toContain("`[x](y)`");
});
