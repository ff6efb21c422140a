/** Where pictures came from, followed over real files. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lineage, originalOf } from "../../../src/engine/lineage.ts";
import { isRelativePath } from "../../../src/engine/relativePath.ts";
import { sidecarText } from "../../../src/engine/sidecar.ts";
import { pictureReader, relativeSourcePath } from "../../../src/platform/metadata/pictureReader.ts";
import { embedProvenance } from "../../../src/platform/metadata/provenance.ts";
import { pictureFacts } from "../../../src/platform/pictures/sources.ts";
import { sha256Hex } from "../../../src/recipe/hash.ts";
import { smallPng, transparentPng } from "../../fixtures/pictures.ts";
import { paidProvenance } from "../../fixtures/provenances.ts";

let folder = "";
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "image-remix-lineage-")));
  mkdirSync(path.join(folder, "out"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const reader = pictureReader({
  factsOf: pictureFacts,
  roots: () => [folder],
  findByName: async (name) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => path.basename(file) === name)
      .map((file) => path.join(folder, file)),
});

/** Writes a picture that says that it was made from `source`, as that is now. */
async function remixed(name: string, source: string, hash: string): Promise<Uint8Array> {
  const provenance = { ...paidProvenance, source: { path: source, hash } };
  const bytes = await embedProvenance(transparentPng(), "PNG", provenance, "full");
  writeFileSync(path.join(folder, name), bytes);
  return bytes;
}

const states = async (name: string) => {
  const { provenance } = await reader.read(path.join(folder, name));
  const found = await lineage(path.join(folder, name), provenance ?? paidProvenance, reader);
  return found.map(({ relative, state }) => [relative, state]);
};

test("a picture's sources are followed to the original, and what became of them is known", async () => {
  writeFileSync(path.join(folder, "original.png"), smallPng());
  const first = await remixed("out/first.png", "../original.png", await sha256Hex(smallPng()));
  await remixed("second.png", "out/first.png", await sha256Hex(first));
  expect(await states("second.png")).toEqual([
    ["out/first.png", "same"],
    ["../original.png", "same"],
  ]);
  writeFileSync(path.join(folder, "original.png"), transparentPng());
  expect(await states("second.png")).toEqual([
    ["out/first.png", "same"],
    ["../original.png", "changed"],
  ]);
  rmSync(path.join(folder, "original.png"));
  expect((await states("second.png"))[1]).toEqual(["../original.png", "gone"]);
  writeFileSync(path.join(folder, "original.png"), smallPng().subarray(0, 40));
  expect((await states("second.png"))[1]).toEqual(["../original.png", "unreadable"]);
});

test("pictures that name each other, or somewhere else, come to an end", async () => {
  await remixed("a.png", "b.png", "0".repeat(64));
  await remixed("b.png", "a.png", "0".repeat(64));
  expect(await states("a.png")).toEqual([
    ["b.png", "changed"],
    ["a.png", "changed"],
  ]);
  for (const elsewhere of ["../../etc/passwd", "../elsewhere.png", "out/notes.txt"]) {
    await remixed("c.png", elsewhere, "0".repeat(64));
    expect(await states("c.png")).toEqual([[elsewhere, "outside"]]);
  }
});

test("a picture that lost its metadata has its sidecar speak for it", async () => {
  writeFileSync(path.join(folder, "bare.png"), smallPng());
  expect(await reader.read(path.join(folder, "bare.png"))).toEqual({
    hash: await sha256Hex(smallPng()),
    provenance: undefined,
  });
  writeFileSync(path.join(folder, "bare.png.json"), sidecarText(paidProvenance, "full"));
  expect((await reader.read(path.join(folder, "bare.png"))).provenance).toEqual(paidProvenance);
  await expect(reader.read(path.join(folder, "none.png"))).rejects.toThrow("none.png is gone.");
});

test("a source is named relative to its result, never absolutely", () => {
  const at = (...names: string[]) => path.join(folder, ...names);
  expect(relativeSourcePath(folder, at("hero.png"))).toBe("hero.png");
  expect(relativeSourcePath(at("out", "new"), at("hero.png"))).toBe("../../hero.png");
  for (const name of ["a:b.png", "\\\\host\\share.png", "http:x.png", "..png"]) {
    const relative = relativeSourcePath(folder, at(name));
    expect(isRelativePath(relative)).toBe(true);
    expect(path.resolve(folder, relative)).toBe(at(name));
  }
});

/** `third` was made from `second`, that from `first`, and that from `hero`, each in a folder of its own. */
async function chainOfThree() {
  const at = (name: string) => path.join(folder, name);
  for (const name of ["one", "two", "three", "elsewhere"]) {
    rmSync(at(name), { recursive: true, force: true });
    mkdirSync(at(name));
  }
  writeFileSync(at("one/hero.png"), smallPng());
  const first = await remixed("one/first.png", "hero.png", await sha256Hex(smallPng()));
  const second = await remixed("two/second.png", "../one/first.png", await sha256Hex(first));
  await remixed("three/third.png", "../two/second.png", await sha256Hex(second));
  const original = async (name: string) =>
    originalOf(at(name), (await reader.read(at(name))).provenance, reader);
  return { at, original };
}

test("a chain of three is followed past what was moved, and ends at what is missing", async () => {
  const { at } = await chainOfThree();
  renameSync(at("two/second.png"), at("elsewhere/second.png"));
  expect(await states("three/third.png")).toEqual([
    ["../two/second.png", "moved"],
    ["../one/first.png", "same"],
    ["hero.png", "same"],
  ]);
  // Another picture of that name is not taken for it.
  writeFileSync(at("elsewhere/first.png"), transparentPng());
  rmSync(at("one/first.png"));
  expect(await states("three/third.png")).toEqual([
    ["../two/second.png", "moved"],
    ["../one/first.png", "gone"],
  ]);
  const moved = at("elsewhere/third.png");
  renameSync(at("three/third.png"), moved);
  rmSync(at("elsewhere/second.png"));
  expect(await states("elsewhere/third.png")).toEqual([["../two/second.png", "gone"]]);
});

test("the original is at the end of the chain, where every link is what it was", async () => {
  const { at, original } = await chainOfThree();
  expect(await original("one/hero.png")).toBeUndefined();
  for (const name of ["one/first.png", "two/second.png", "three/third.png"]) {
    expect(await original(name)).toBe(at("one/hero.png"));
  }
  renameSync(at("one/hero.png"), at("elsewhere/hero.png"));
  expect(await original("three/third.png")).toBe(at("elsewhere/hero.png"));
  writeFileSync(at("one/hero.png"), transparentPng());
  expect(await original("three/third.png"), "what is in its place now is another picture").toBeUndefined();
  renameSync(at("elsewhere/hero.png"), at("one/hero.png"));
  rmSync(at("two/second.png"));
  expect(await original("three/third.png"), "a link is missing").toBeUndefined();
  expect(await original("one/first.png")).toBe(at("one/hero.png"));
});

test("pictures that name each other, or themselves, have no original", async () => {
  const { at, original } = await chainOfThree();
  await remixed("one/first.png", "first.png", "0".repeat(64));
  expect(await original("one/first.png")).toBeUndefined();
  rmSync(at("one/hero.png"));
  expect(await original("two/second.png")).toBeUndefined();
});
