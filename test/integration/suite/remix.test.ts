import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import sharp from "sharp";
import * as vscode from "vscode";
import type { RemixReport } from "../../../src/editor/remixImage.ts";
import {
  animatedGif,
  avif,
  cmykJpeg,
  orientedJpeg,
  sixteenBitPng,
  svg,
  tiff,
  transparentPng,
  twelveMegapixelJpeg,
} from "../../fixtures/pictures.ts";
import { folderWith, newFolder, remix, sample, withSettings } from "./workspace.ts";

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("Remix Image", () => {
  it("writes a remix beside the source and leaves the source alone", async () => {
    const source = sample("tea-tin.png");
    const folder = folderWith({ "hero.png": source });
    const report = await remix([path.join(folder, "hero.png")]);

    assert.deepEqual(report.failed, []);
    assert.equal(report.cost, 0);
    const [saved] = report.saved;
    assert.ok(saved);
    assert.equal(saved.output.fsPath, path.join(folder, "hero.remix-1.png"));
    assert.equal(saved.source.fsPath, path.join(folder, "hero.png"));
    assert.equal(saved.provider, "local");
    assert.match(saved.taskUUID, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(readdirSync(folder).sort(), ["hero.png", "hero.remix-1.png"]);
    assert.equal(hash(readFileSync(path.join(folder, "hero.png"))), hash(source));

    const output = readFileSync(saved.output.fsPath);
    const { width, height, format } = await sharp(output).metadata();
    // 1600 × 800 is 2:1; 16:9 loses least of it.
    assert.deepEqual({ width, height, format }, { width: 1280, height: 720, format: "png" });
    const expected = await sharp(source).resize(width, height).removeAlpha().raw().toBuffer();
    const drawn = await sharp(output).removeAlpha().raw().toBuffer();
    const changed = expected.reduce((sum, value, index) => sum + Math.abs(value - (drawn[index] ?? 0)), 0);
    assert.ok(changed / expected.length > 5, "the remix hardly differs from its source");
  });

  it("takes the next free name, and overwrites nothing", async () => {
    const mine = Buffer.from("not yours");
    const folder = folderWith({ "hero.png": sample("tea-tin.png"), "hero.remix-2.png": mine });
    const file = path.join(folder, "hero.png");
    const outputs = [];
    for (let time = 0; time < 3; time++) {
      const { saved } = await remix([file]);
      outputs.push(path.basename(saved[0]?.output.fsPath ?? ""));
    }
    assert.deepEqual(outputs, ["hero.remix-1.png", "hero.remix-3.png", "hero.remix-4.png"]);
    assert.deepEqual(readFileSync(path.join(folder, "hero.remix-2.png")), mine);
  });

  it("never gives two runs at once the same name", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    const file = path.join(folder, "hero.png");
    const reports = await Promise.all([remix([file]), remix([file]), remix([file])]);
    const outputs = new Set(reports.flatMap(({ saved }) => saved.map(({ output }) => output.fsPath)));
    assert.equal(outputs.size, 3);
  });

  it("remixes many, each in its own format and with its own spelling of the extension", async () => {
    const folder = folderWith({
      "a.png": sample("tea-tin.png"),
      "b.jpeg": sample("oat-crunch.jpg"),
      "c.webp": sample("vesna.webp"),
      "d.JPG": sample("doree-box.jpg"),
    });
    const { saved, failed } = await remix(
      ["a.png", "b.jpeg", "c.webp", "d.JPG"].map((f) => path.join(folder, f)),
    );
    assert.deepEqual(failed, []);
    const formats: Record<string, string | undefined> = {};
    for (const { output } of saved) {
      formats[path.basename(output.fsPath)] = (await sharp(readFileSync(output.fsPath)).metadata()).format;
    }
    assert.deepEqual(formats, {
      "a.remix-1.png": "png",
      "b.remix-1.jpeg": "jpeg",
      "c.remix-1.webp": "webp",
      "d.remix-1.JPG": "jpeg",
    });
  });

  it("takes a folder for the pictures in it, without its own results", async () => {
    const folder = folderWith({
      "a.png": sample("tea-tin.png"),
      "a.remix-1.png": sample("tea-tin.png"),
      "notes.txt": Buffer.from("x"),
      "deeper/b.png": sample("tea-tin.png"),
    });
    const { saved, failed } = await remix([folder, path.join(folder, "a.png")]);
    assert.deepEqual(failed, []);
    assert.deepEqual(
      saved.map(({ output }) => path.basename(output.fsPath)),
      ["a.remix-2.png"],
    );
  });

  it("draws as many different results as asked for", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    const { saved } = await remix([path.join(folder, "hero.png")], { recipe: { numberResults: 3 } });
    const hashes = new Set(saved.map(({ output }) => hash(readFileSync(output.fsPath))));
    assert.equal(hashes.size, 3);
    assert.equal(new Set(saved.map(({ taskUUID }) => taskUUID)).size, 1);
    assert.equal(new Set(saved.map(({ seed }) => seed)).size, 3);
  });

  it("remixes each source with each of several presets", async () => {
    const folder = folderWith({ "a.png": sample("tea-tin.png"), "b.png": sample("tea-tin.png") });
    const files = ["a.png", "b.png"].map((name) => path.join(folder, name));
    const { saved } = await remix(files, { preset: ["Winter gift edition", "Quiet luxury"] });
    assert.equal(saved.length, 4);
    assert.equal(new Set(saved.map(({ output }) => hash(readFileSync(output.fsPath)))).size, 4);
  });

  it("turns a sideways photo upright before it chooses the size", async () => {
    const folder = folderWith({ "photo.jpg": await orientedJpeg(6) });
    const upright = await sharp(readFileSync(path.join(folder, "photo.jpg")))
      .autoOrient()
      .toBuffer();
    const expected = await sharp(upright).metadata();
    const { saved } = await remix([path.join(folder, "photo.jpg")]);
    const drawn = await sharp(readFileSync(saved[0]?.output.fsPath ?? "")).metadata();
    assert.equal(drawn.width > drawn.height, expected.width > expected.height);
    assert.equal(drawn.orientation ?? 1, 1);
  });

  it("keeps everything with fit: pad, and cuts the padding back off", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    const recipe = { fit: "pad", size: "1024x1024" };
    const { saved } = await remix([path.join(folder, "hero.png")], { recipe });
    const { width, height } = await sharp(readFileSync(saved[0]?.output.fsPath ?? "")).metadata();
    assert.deepEqual({ width, height }, { width: 1024, height: 512 });
  });

  it("takes CMYK, transparency and twelve megapixels", async () => {
    const folder = folderWith({
      "cmyk.jpg": await cmykJpeg(),
      "clear.png": await transparentPng(),
      "large.jpg": await twelveMegapixelJpeg(),
    });
    const { saved, failed } = await remix([folder]);
    assert.deepEqual(failed, []);
    assert.equal(saved.length, 3);
    for (const { output } of saved) {
      assert.equal((await sharp(readFileSync(output.fsPath)).metadata()).space, "srgb");
    }
  });

  it("reads AVIF, GIF, TIFF, 16-bit PNG and SVG, and writes them as PNG", async () => {
    const folder = folderWith({
      "a.avif": await avif(),
      "b.gif": await animatedGif(),
      "c.tiff": await tiff(),
      "d.png": await sixteenBitPng(),
      "e.svg": await svg(),
    });
    const { saved, failed } = await remix([folder]);
    assert.deepEqual(failed, []);
    assert.deepEqual(
      saved.map(({ output }) => path.basename(output.fsPath)).sort(),
      ["a", "b", "c", "d", "e"].map((stem) => `${stem}.remix-1.png`),
    );
    for (const { output } of saved) {
      const { pages = 1, format } = await sharp(readFileSync(output.fsPath)).metadata();
      assert.deepEqual({ pages, format }, { pages: 1, format: "png" });
    }
  });

  it("fails for nothing but its arguments, and asks nothing when it may not", async () => {
    const none = await vscode.commands.executeCommand("imageRemix.remixImage", undefined, undefined, {
      confirm: false,
    });
    assert.deepEqual(none, { saved: [], failed: [], cost: 0 });
    await assert.rejects(
      async () =>
        vscode.commands.executeCommand("imageRemix.remixImage", "hero.png", undefined, { confirm: false }),
      /takes a Uri/,
    );
    const remote = vscode.Uri.parse("https://example.com/hero.png");
    const report = await vscode.commands.executeCommand<RemixReport>(
      "imageRemix.remixImage",
      remote,
      undefined,
      {
        confirm: false,
      },
    );
    assert.equal(report.failed[0]?.code, "notAnImage");
  });

  it("marks off what was cancelled, keeps what was saved, and settles", async () => {
    const folder = newFolder();
    const picture = sample("tea-tin.png");
    const files = Array.from({ length: 8 }, (_, n) => path.join(folder, `${n}.png`));
    for (const file of files) {
      writeFileSync(file, picture);
    }
    const running = remix(files, { recipe: { numberResults: 20 } });
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, "*.remix-*.png"),
    );
    try {
      await new Promise((resolve) => watcher.onDidCreate(resolve));
      await vscode.commands.executeCommand("notifications.focusToasts");
      await vscode.commands.executeCommand("notification.acceptPrimaryAction");
      const { saved, failed } = await running;
      assert.ok(saved.length >= 1 && saved.length < 160, `${saved.length} saved`);
      assert.ok(failed.length >= 1);
      assert.deepEqual([...new Set(failed.map(({ code }) => code))], ["cancelled"]);
      const onDisk = readdirSync(folder).filter((name) => name.includes(".remix-"));
      assert.equal(onDisk.length, saved.length);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith(".tmp")),
        [],
      );
    } finally {
      watcher.dispose();
    }
    const after = await remix([files[0] ?? ""]);
    assert.equal(after.saved.length, 1, "the next run finds a working image worker");
  });

  it("rejects options that do not exist, and only those", async () => {
    await assert.rejects(remix([newFolder()], { presets: "x" }), /presets/);
    const report = await remix([path.join(newFolder(), "gone.png")], { preset: "nope" });
    assert.deepEqual(
      report.failed.map(({ code }) => code),
      ["invalidRecipe"],
    );
  });
});

describe("the recipe in settings", () => {
  it("asks nothing and fails as promptRequired when code calls without a prompt", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    const report = await withSettings({ positivePrompt: null }, () => remix([path.join(folder, "hero.png")]));
    assert.deepEqual(report.saved, []);
    assert.equal(report.failed[0]?.code, "promptRequired");
    assert.match(report.failed[0]?.message ?? "", /hero\.png.*imageRemix\.positivePrompt/);
  });

  it("names an illegal value, the file it stands in and what is allowed", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    const report = await withSettings({ remixStrength: 400 }, () => remix([path.join(folder, "hero.png")]));
    assert.equal(report.failed[0]?.code, "invalidRecipe");
    assert.match(
      report.failed[0]?.message ?? "",
      /imageRemix\.remixStrength in the workspace settings is not valid\. Allowed: a whole number from 1 to 100\./,
    );
    assert.deepEqual(readdirSync(folder), ["hero.png"]);
  });
});
