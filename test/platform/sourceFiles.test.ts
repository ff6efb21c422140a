import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/platform/files.ts";
import { canonicalPath } from "../../src/platform/sourceFiles.ts";

const root = realpathSync.native(mkdtempSync(path.join(os.tmpdir(), "image-remix-sources-")));
const folder = path.join(root, "shop");
const link = path.join(root, "link");
beforeAll(() => {
  mkdirSync(path.join(folder, "deep"), { recursive: true });
  symlinkSync(folder, link, "junction");
  writeFileSync(path.join(folder, "a.png"), "");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("the canonical path of a source", () => {
  const canonical = canonicalPath(nodeFiles);

  test.each([
    ["of a file", ["shop", "a.png"], ["shop", "a.png"]],
    ["through a link", ["link", "a.png"], ["shop", "a.png"]],
    ["in a folder below a link", ["link", "deep", "b.png"], ["shop", "deep", "b.png"]],
    ["of a file that is gone", ["link", "gone.png"], ["shop", "gone.png"]],
    ["of a folder that is gone", ["gone", "a.png"], ["gone", "a.png"]],
  ])("is found %s", async (_, given, expected) => {
    expect(await canonical(path.join(root, ...given))).toBe(path.join(root, ...expected));
  });

  test("has the letters that are on disk", async () => {
    // As on a disk that does not tell capital letters from small ones.
    const realpath: unknown = async (file: string) => file.toLowerCase();
    const loose = canonicalPath({ ...nodeFiles, realpath: realpath as typeof nodeFiles.realpath });
    expect(await loose(path.resolve("/Shop/Hero.PNG"))).toBe(path.resolve("/shop/hero.png").toLowerCase());
  });

  test("keeps links to files apart: each has results of its own", async () => {
    const file = path.resolve("/shop/a.png");
    const realpath: unknown = async (given: string) => (given.endsWith(".png") ? file : given);
    const linked = canonicalPath({ realpath: realpath as typeof nodeFiles.realpath });
    const other = path.resolve("/shop/other.png");
    expect(await linked(other)).toBe(other);
    expect(await linked(path.resolve("/elsewhere/a.png"))).toBe(path.resolve("/elsewhere/a.png"));
  });
});
