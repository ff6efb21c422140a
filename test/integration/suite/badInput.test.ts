import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import {
  emptyFile,
  gitLfsPointer,
  headerBomb,
  htmlNamedPng,
  hugeFlatPng,
  notAnImage,
  svgWithText,
  truncatedJpeg,
  wide,
} from "../../fixtures/pictures.ts";
import { makeReadOnly } from "../../fixtures/readOnlyFolder.ts";
import { folderWith, remix, sample } from "./workspace.ts";

const truncatedWebp = () => sample("vesna.webp").subarray(0, 5000);

/** Each file that cannot be remixed: what it is, what it is called, the code and what the message must say. */
const cases: readonly (readonly [string, () => Buffer | Promise<Buffer>, string, RegExp])[] = [
  ["text.png", notAnImage, "notAnImage", /text\.png is not a picture that can be read.*Export it as PNG/],
  ["empty.png", emptyFile, "notAnImage", /empty\.png is empty.*Restore/],
  ["cut.jpg", truncatedJpeg, "notAnImage", /cut\.jpg is damaged or incomplete.*Restore/],
  ["cut.webp", truncatedWebp, "notAnImage", /cut\.webp is damaged or incomplete.*Restore/],
  ["wide.png", () => wide(30_000), "tooLarge", /wide\.png is too large: 30000 × 10 .*Scale it down/],
  ["flat.png", () => hugeFlatPng(16_000, 16_000), "tooLarge", /flat\.png is too large: 16000 × 16000/],
  ["bomb.png", headerBomb, "tooLarge", /bomb\.png is too large: 60000 × 60000/],
  ["lfs.png", gitLfsPointer, "notAnImage", /lfs\.png is a Git LFS pointer.*git lfs pull/],
  ["page.png", htmlNamedPng, "notAnImage", /page\.png is a web page/],
  ["words.svg", svgWithText, "notAnImage", /words\.svg is an SVG with lettering.*Export it as PNG/],
];

describe("bad input", () => {
  for (const [name, make, code, message] of cases) {
    it(`${name} is named, with what to do, and the others go on`, async () => {
      const folder = folderWith({ [name]: await make(), "good.png": sample("tea-tin.png") });
      const { saved, failed } = await remix([path.join(folder, name), path.join(folder, "good.png")]);
      assert.deepEqual(
        saved.map(({ output }) => path.basename(output.fsPath)),
        ["good.remix-1.png"],
      );
      assert.equal(failed.length, 1);
      assert.equal(failed[0]?.code, code);
      assert.match(failed[0]?.message ?? "", message);
      assert.equal(failed[0]?.source.fsPath, path.join(folder, name));
      assert.deepEqual(readdirSync(folder).sort(), [name, "good.png", "good.remix-1.png"].sort());
    });
  }

  it("a folder without pictures is named", async () => {
    const folder = folderWith({ "notes.txt": Buffer.from("x") });
    const { failed } = await remix([folder]);
    assert.equal(failed[0]?.code, "notAnImage");
    assert.ok(failed[0]?.message.includes(folder));
    assert.match(failed[0]?.message ?? "", /holds no pictures/);
  });

  it("a file deleted between click and run is named, and the others go on", async () => {
    const folder = folderWith({ "a.png": sample("tea-tin.png"), "b.png": sample("tea-tin.png") });
    const files = [path.join(folder, "a.png"), path.join(folder, "b.png")];
    const running = remix(files, { recipe: { numberResults: 2 } });
    rmSync(path.join(folder, "b.png"));
    const { saved, failed } = await running;
    assert.equal(saved.length, 2);
    assert.equal(failed[0]?.code, "sourceGone");
    assert.match(failed[0]?.message ?? "", /b\.png is gone\. Restore the file/);
  });

  it("a read-only folder is found before anything is drawn, and the others go on", async () => {
    const locked = folderWith({ "a.png": sample("tea-tin.png") });
    const open = folderWith({ "b.png": sample("tea-tin.png") });
    const readOnly = makeReadOnly(locked);
    try {
      const { saved, failed } = await remix([path.join(locked, "a.png"), path.join(open, "b.png")]);
      assert.equal(saved.length, 1);
      assert.equal(failed[0]?.code, "readOnly");
      assert.match(failed[0]?.message ?? "", /is read-only\. Make it writable/);
      assert.ok(failed[0]?.message.includes(locked));
    } finally {
      readOnly.release();
    }
  });

  it("a folder that goes while a picture is drawn leaves nothing behind", async () => {
    const folder = folderWith({ "a.png": sample("tea-tin.png") });
    const running = remix([path.join(folder, "a.png")], { recipe: { numberResults: 20 } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    rmSync(folder, { recursive: true, force: true });
    const { failed } = await running;
    assert.equal(failed.length, 1);
    assert.ok(["readOnly", "sourceGone"].includes(failed[0]?.code ?? ""), failed[0]?.message);
    assert.equal(existsSync(folder), false, "the folder is not made anew");
  });

  it("an extension that lies is no obstacle: the content decides", async () => {
    const folder = folderWith({ "really-a-jpeg.png": sample("oat-crunch.jpg") });
    await remix([path.join(folder, "really-a-jpeg.png")]);
    assert.deepEqual(readdirSync(folder).sort(), ["really-a-jpeg.png", "really-a-jpeg.remix-1.jpg"]);
  });
});
