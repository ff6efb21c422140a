import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { copyAsMarkdown, Review } from "../../../src/editor/review.ts";
import type { UndoReport } from "../../../src/editor/undoReplace.ts";
import { BinFolder } from "../../../src/platform/bin.ts";
import { nodeFiles } from "../../../src/platform/files.ts";
import { readProvenance } from "../../../src/platform/metadata/provenance.ts";
import { PendingFiles } from "../../../src/platform/pendingFiles.ts";
import { convert } from "../../../src/platform/pictures/convert.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { fileReplacer } from "../../../src/platform/replacedFiles.ts";
import { resultWriter } from "../../../src/platform/resultFiles.ts";
import { sourceFile } from "../../../src/platform/sourceFiles.ts";
import { folderWith, remix, sample, unasked } from "./workspace.ts";

const quietly = { confirm: false };
const recipe = { positivePrompt: "deep teal and gold", numberResults: 1 };

describe("deciding over results", () => {
  let storage = "";
  let log: vscode.LogOutputChannel;
  before(() => {
    storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-review-"));
    log = vscode.window.createOutputChannel("Image Remix test", { log: true });
  });
  after(() => {
    log.dispose();
    rmSync(storage, { recursive: true, force: true });
  });

  /** A window that has just been opened on the same storage. */
  function openReview(): Review {
    const pending = new PendingFiles(storage);
    return new Review({
      bin: new BinFolder(storage, nodeFiles, pending),
      files: fileReplacer(pending),
      results: resultWriter(pending, storage),
      inspect,
      convert,
      provenanceOf: readProvenance,
      toSource: sourceFile,
      now: () => new Date(),
      log,
      documents: unasked,
    });
  }

  /** A new folder with a source and a result of it. */
  async function remixed(
    name: string,
    bytes: Buffer,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<{ readonly source: string; readonly result: string }> {
    const source = path.join(folderWith({ [name]: bytes }), name);
    const { saved } = await remix([source], { recipe: { ...recipe, ...more }, preset: "" });
    assert.ok(saved[0]);
    return { source, result: saved[0].output.fsPath };
  }

  it("replaces nothing by code that has not asked", async () => {
    const bytes = sample("oat-crunch.jpg");
    const { source, result } = await remixed("hero.jpg", bytes);
    await assert.rejects(openReview().replaceSource(source, result, quietly), { code: "needsConfirmation" });
    assert.deepEqual(readFileSync(source), bytes);
  });

  it("replaces a source and takes it back in a later window", async () => {
    const bytes = sample("oat-crunch.jpg");
    const { source, result } = await remixed("hero.jpg", bytes);
    const review = openReview();
    let changes = 0;
    review.onDidChange(() => changes++);
    await review.replaceSource(source, result, { ...quietly, replace: true });
    assert.equal(changes, 1);
    assert.deepEqual(readFileSync(source), readFileSync(result));
    const later = openReview();
    assert.deepEqual(
      (await later.replacements()).map(({ origin }) => origin),
      [source],
    );
    assert.equal(await later.undoReplace(source, quietly), true);
    assert.deepEqual(readFileSync(source), bytes);
    assert.deepEqual(await later.replacements(), []);
    await assert.rejects(later.undoReplace(source, quietly), { code: "sourceGone" });
  });

  it("converts the result to the source's format and keeps where it came from", async () => {
    const { source, result } = await remixed("hero.jpg", sample("oat-crunch.jpg"), { outputFormat: "WEBP" });
    assert.equal(path.extname(result), ".webp");
    await openReview().replaceSource(source, result, { ...quietly, replace: true });
    const written = readFileSync(source);
    assert.equal((await inspect(written)).format, "jpeg");
    assert.equal((await readProvenance(written))?.recipe?.["positivePrompt"], recipe.positivePrompt);
  });

  it("refuses to take back what was changed since", async () => {
    const { source, result } = await remixed("hero.jpg", sample("oat-crunch.jpg"));
    await openReview().replaceSource(source, result, { ...quietly, replace: true });
    writeFileSync(source, sample("doree-box.jpg"));
    await assert.rejects(openReview().undoReplace(source, quietly), {
      code: "sourceGone",
      message: /has changed since/,
    });
    assert.deepEqual(readFileSync(source), sample("doree-box.jpg"));
  });

  it("discards a result and brings it back, under a free name where its own is taken", async () => {
    const { result } = await remixed("hero.jpg", sample("oat-crunch.jpg"));
    const bytes = readFileSync(result);
    const [entry] = await openReview().discard([{ path: result, isPaid: false }], quietly);
    assert.ok(entry);
    assert.equal(existsSync(result), false);
    assert.deepEqual(readFileSync(openReview().pathOf(entry)), bytes);
    writeFileSync(result, "taken");
    const restored = await openReview().restore(entry, quietly);
    assert.equal(restored, path.join(path.dirname(result), "hero.remix-2.jpg"));
    assert.deepEqual(readFileSync(restored), bytes);
    assert.equal(readFileSync(result, "utf8"), "taken");
  });

  it("asks, and by code fails, when the bin is full", async () => {
    const { result } = await remixed("hero.jpg", sample("oat-crunch.jpg"));
    const configuration = vscode.workspace.getConfiguration("imageRemix");
    await configuration.update("bin.maxMegabytes", 1, vscode.ConfigurationTarget.Global);
    try {
      const large = path.join(path.dirname(result), "large.png");
      writeFileSync(large, Buffer.alloc(1_500_000));
      await assert.rejects(openReview().discard([{ path: large, isPaid: true }], quietly), {
        code: "needsConfirmation",
        message: /no room in the bin.*large\.png needs 1\.5 MB/,
      });
      assert.ok(existsSync(large));
    } finally {
      await configuration.update("bin.maxMegabytes", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("copies results as Markdown", async () => {
    const { result } = await remixed("hero.jpg", sample("oat-crunch.jpg"));
    await copyAsMarkdown([result], sourceFile);
    const folder = path.basename(path.dirname(result));
    assert.equal(await vscode.env.clipboard.readText(), `![hero.remix-1](${folder}/hero.remix-1.jpg)`);
  });

  it("has a command that undoes by the same rules, on the window's own bin", async () => {
    const { source } = await remixed("hero.jpg", sample("oat-crunch.jpg"));
    const report = await vscode.commands.executeCommand<UndoReport>(
      "imageRemix.undoReplace",
      vscode.Uri.file(source),
      undefined,
      quietly,
    );
    assert.deepEqual(report.undone, []);
    assert.deepEqual(
      report.failed.map(({ code }) => code),
      ["sourceGone"],
    );
    assert.deepEqual(readdirSync(path.dirname(source)).sort(), ["hero.jpg", "hero.remix-1.jpg"]);
    await assert.rejects(
      Promise.resolve(
        vscode.commands.executeCommand("imageRemix.undoReplace", vscode.Uri.file(source), undefined, {
          x: 1,
        }),
      ),
    );
  });
});
