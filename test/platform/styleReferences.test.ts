import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStyleReference } from "../../src/platform/styleReferences.ts";

const root = mkdtempSync(path.join(os.tmpdir(), "image-remix-styles-"));
const base = path.join(root, "work");
beforeAll(() => {
  mkdirSync(path.join(base, "looks"), { recursive: true });
  mkdirSync(path.join(root, "work-2"));
  writeFileSync(path.join(base, "looks", "a.png"), "inside");
  writeFileSync(path.join(root, "work-2", "secret.png"), "outside");
  symlinkSync(path.join(root, "work-2"), path.join(base, "link"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("what lies in the folder is read", async () => {
  expect(Buffer.from(await readStyleReference("looks/a.png", base)).toString()).toBe("inside");
});

test.each([
  ["../work-2/secret.png", /leads out/],
  ["link/secret.png", /leads out/],
  [path.join(root, "work-2", "secret.png"), /not a path below/],
  ["gone.png", /cannot be read/],
  ["looks", /cannot be read/],
  ["file:///etc/passwd", /cannot be read/],
])("%s is refused by name", async (reference, message) => {
  const refused = readStyleReference(reference, base);
  await expect(refused).rejects.toMatchObject({ code: "invalidRecipe" });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toThrow(reference);
});

test("without a folder there are no relative paths", async () => {
  await expect(readStyleReference("looks/a.png", null)).rejects.toThrow(/not a path below/);
});
