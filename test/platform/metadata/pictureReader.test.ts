/** Where pictures came from, followed over real files. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lineage } from "../../../src/engine/lineage.ts";
import { isRelativePath } from "../../../src/engine/relativePath.ts";
import { sidecarText } from "../../../src/engine/sidecar.ts";
import { pictureReader, relativeSourcePath } from "../../../src/platform/metadata/pictureReader.ts";
import { embedProvenance, readProvenance } from "../../../src/platform/metadata/provenance.ts";
import { sourceReader } from "../../../src/platform/sourceFiles.ts";
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
  sources: sourceReader,
  provenanceOf: readProvenance,
  roots: () => [folder],
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
