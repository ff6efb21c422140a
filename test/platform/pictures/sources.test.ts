/** Whatever is done with a source is done with the bytes that its hash was taken of, wherever they come from by then. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fitInto } from "../../../src/engine/size.ts";
import { sameBytes } from "../../../src/platform/pictures/keptSources.ts";
import { prepareUploadOnce } from "../../../src/platform/pictures/preparedUploads.ts";
import { detailOfSource, inspectSource } from "../../../src/platform/pictures/sources.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "image-remix-sources-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const size = { width: 64, height: 48 };
const plain = (background: string) =>
  sharp({ create: { ...size, channels: 3, background } })
    .png()
    .toBuffer();
const [red, blue] = [await plain("red"), await plain("blue")];
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** Reads as many other sources as it takes for none from before to be kept. */
async function forget(): Promise<void> {
  for (const name of ["1", "2", "3"]) {
    await inspectSource(write(`other${name}.png`, await plain("grey")));
  }
}

const colourOf = async (bytes: Uint8Array) => [...(await sharp(bytes).raw().toBuffer()).subarray(0, 3)];
const prepare = (file: string, sha256: string) =>
  prepareUploadOnce({ file, sha256 }, fitInto(size, size, "crop"), size, { maxPixels: 4_194_304 });

test("facts and hash are those of the file as it is now", async () => {
  const file = write("hero.png", red);
  const facts = { ...size, format: "png", hasAlpha: false };
  expect(await inspectSource(file)).toEqual({ ...facts, sha256: hash(red) });
  writeFileSync(file, blue);
  expect(await inspectSource(file)).toEqual({ ...facts, sha256: hash(blue) });
});

test("what was read is what is prepared, though the file has changed since", async () => {
  const file = write("hero.png", red);
  const { sha256 } = await inspectSource(file);
  writeFileSync(file, blue);
  expect(hash(await sameBytes({ file, sha256 }))).toBe(sha256);
  expect(await colourOf((await prepare(file, sha256)).bytes)).toEqual([255, 0, 0]);
});

test("what is no longer kept is read again, where it is still the same", async () => {
  const file = write("hero.png", blue);
  const { sha256 } = await inspectSource(file);
  await forget();
  expect(hash(await sameBytes({ file, sha256 }))).toBe(sha256);
  expect((await detailOfSource({ file, sha256 })).across).toHaveLength(160);
});

test("other bytes, at the same time and of the same length, are never taken for it", async () => {
  const file = write("hero.png", red);
  const { sha256 } = await inspectSource(file);
  await forget();
  const other = Buffer.from(red).fill(0, red.length - 4);
  writeFileSync(file, other);
  utimesSync(file, 1, 1);
  const changed = { code: "sourceGone", retryable: true, message: expect.stringMatching(/^has changed/) };
  await expect(sameBytes({ file, sha256 })).rejects.toMatchObject(changed);
  await expect(detailOfSource({ file, sha256 })).rejects.toMatchObject(changed);
  const size = { width: 32, height: 24 };
  const odd = prepareUploadOnce({ file, sha256 }, fitInto(size, size, "crop"), size, {
    maxPixels: 1_000_000,
  });
  await expect(odd).rejects.toMatchObject(changed);
});

test("a file that is gone, empty, or no picture is told without its name", async () => {
  await expect(inspectSource(path.join(folder, "none.png"))).rejects.toMatchObject({
    code: "sourceGone",
    message: "is gone. Restore the file, then try again.",
  });
  const messages = ["", "version https://git-lfs.github.com/spec/v1", "<!doctype html>"].map((text, index) =>
    inspectSource(write(`${index}.png`, Buffer.from(text))).catch(({ message }: Error) => message),
  );
  expect(await Promise.all(messages)).toEqual([
    expect.stringMatching(/^is empty\./),
    expect.stringMatching(/^is a Git LFS pointer/),
    expect.stringMatching(/^is a web page/),
  ]);
});
