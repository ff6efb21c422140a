import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import sharp from "sharp";
import * as vscode from "vscode";
import { readSidecar } from "../../../src/engine/sidecar.ts";
import { readProvenance } from "../../../src/platform/metadata/provenance.ts";
import { folderWith, remix, sample, withSettings } from "./workspace.ts";

const recipe = { positivePrompt: "deep teal and gold", numberResults: 1 };
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => path.extname(name) !== "")
    .sort();

describe("a saved result", () => {
  it("carries where it came from, and the commands read it back", async () => {
    const source = sample("oat-crunch.jpg");
    const folder = folderWith({ "hero.jpg": source });
    const { saved } = await remix([path.join(folder, "hero.jpg")], { recipe, preset: "" });
    const [result] = saved;
    assert.ok(result);
    const provenance = await readProvenance(readFileSync(result.output.fsPath));
    assert.equal(provenance?.provider, "local");
    assert.equal(provenance?.taskUUID, result.taskUUID);
    assert.equal(provenance?.recipe?.["positivePrompt"], recipe.positivePrompt);
    assert.deepEqual(provenance?.source, {
      path: "hero.jpg",
      hash: createHash("sha256").update(source).digest("hex"),
    });
    const { xmp } = await sharp(result.output.fsPath).metadata();
    assert.match(String(xmp), /digitalsourcetype\/algorithmicallyEnhanced/);

    const shown = await vscode.commands.executeCommand<vscode.Uri>(
      "imageRemix.showRecipe",
      result.output,
      undefined,
      { confirm: false },
    );
    assert.match((await vscode.workspace.openTextDocument(shown)).getText(), /deep teal and gold/);
    const again = await vscode.commands.executeCommand<{ saved: unknown[] }>(
      "imageRemix.remixAgain",
      result.output,
      undefined,
      { confirm: false },
    );
    assert.equal(again.saved.length, 1);
    assert.deepEqual(filesIn(folder), ["hero.jpg", "hero.remix-1.jpg", "hero.remix-2.jpg"]);
  });

  it("tells only that and by whom it was made, or nothing, where that is wanted", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    for (const level of ["marking", "none"]) {
      await withSettings({ "output.metadata": level }, () =>
        remix([path.join(folder, "hero.png")], { recipe }),
      );
    }
    const [first, second] = ["hero.remix-1.png", "hero.remix-2.png"].map((name) =>
      readFileSync(path.join(folder, name)),
    );
    assert.ok(first && second);
    assert.equal((await readProvenance(first))?.recipe, null);
    assert.ok(!first.includes("deep teal"));
    assert.equal(await readProvenance(second), undefined);
  });

  it("goes where and is called as the settings say, with a file beside it", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    const settings = {
      "output.fileName": "{name} {preset} {size}",
      "output.folder": "ai/drafts",
      "output.sidecar": true,
      "output.metadata": "none",
    };
    await withSettings(settings, async () => {
      const options = { recipe: { ...recipe, size: "1024x768", numberResults: 2 }, preset: "" };
      const { saved, failed } = await remix([path.join(folder, "hero.png")], options);
      assert.deepEqual(failed, []);
      assert.equal(saved.length, 2);
    });
    const names = ["hero settings 1024x768-2.png", "hero settings 1024x768.png"];
    const places = names.flatMap((name) => [`ai/drafts/${name}`, `ai/drafts/${name}.json`]);
    assert.deepEqual(filesIn(folder), [...places.map(path.normalize), "hero.png"].sort());
    const [sidecar] = places.filter((name) => name.endsWith(".json"));
    const provenance = readSidecar(readFileSync(path.join(folder, sidecar ?? ""), "utf8"));
    assert.equal(provenance?.source.path, "../../hero.png");
  });

  it("has the source's exact pixels and transparency where that is wanted", async () => {
    const source = await sharp(sample("tea-tin.png"))
      .resize(301, 207, { fit: "fill" })
      .ensureAlpha(0.5)
      .png()
      .toBuffer();
    const folder = folderWith({ "hero.png": source });
    const settings = { "output.resize": "source", "output.alpha": "keep" };
    for (const fit of ["crop", "pad"]) {
      const { saved } = await withSettings(settings, () =>
        remix([path.join(folder, "hero.png")], { recipe: { ...recipe, fit, size: "1536x512" } }),
      );
      const picture = sharp(saved[0]?.output.fsPath);
      const { width, height } = await picture.metadata();
      assert.deepEqual([width, height], [301, 207]);
      const alpha = (await picture.stats()).channels[3];
      assert.ok(alpha && alpha.mean > 100 && alpha.mean < 160, `alpha ${alpha?.mean}`);
    }
  });

  it("is refused a name or a folder that leads elsewhere, by the setting's name", async () => {
    const folder = folderWith({ "hero.png": sample("tea-tin.png") });
    for (const [key, value] of [
      ["output.fileName", "../{name}"],
      ["output.folder", "../elsewhere"],
    ] as const) {
      const { saved, failed } = await withSettings({ [key]: value }, () =>
        remix([path.join(folder, "hero.png")], { recipe }),
      );
      assert.deepEqual(saved, []);
      assert.equal(failed[0]?.code, "invalidRecipe");
      assert.match(failed[0]?.message ?? "", new RegExp(`imageRemix\\.${key} in the workspace settings`));
    }
    assert.deepEqual(filesIn(folder), ["hero.png"]);
  });
});
