import { expect, test } from "vitest";
import { CanonicalPaths } from "../../src/engine/canonicalPaths.ts";

test("looks only for paths that may be those of one file, and for each once", async () => {
  const asked: string[] = [];
  const paths = new CanonicalPaths(async (path) => {
    asked.push(path);
    return path.replace("/link/", "/shop/").toLowerCase();
  });
  const others = ["/link/A.png", "/link/c.png"];
  await paths.learn(["/shop/a.png", "/shop/b.png"], others);
  await paths.learn(["/shop/a.png"], others);
  expect(asked).toEqual(["/shop/a.png", "/link/A.png"]);
  expect(paths.areSame("/shop/a.png", "/link/A.png")).toBe(true);
  expect(paths.areSame("/shop/a.png", "/shop/b.png")).toBe(false);
  expect(paths.areSame("/shop/b.png", "/link/b.png")).toBe(false);
  expect(paths.areSame("/shop/b.png", "/shop/b.png")).toBe(true);
});
