import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import type { RemixReport } from "../../../src/editor/remixImage.ts";
import { outputSettings } from "../../../src/editor/settings.ts";
import { defaultOutput } from "../../../src/engine/output.ts";
import type { Provenance } from "../../../src/engine/provenance.ts";
import { sidecarText } from "../../../src/engine/sidecar.ts";
import { embedProvenance } from "../../../src/platform/metadata/provenance.ts";
import { paidProvenance } from "../../fixtures/provenances.ts";
import { folderWith, onlyPng, sample, withSettings } from "./workspace.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A local preview of `hero.png`, as it is written when it is saved. */
function provenanceOf(source: Uint8Array, more: Partial<Provenance> = {}): Provenance {
  return {
    ...paidProvenance,
    provider: "local",
    model: null,
    source: { path: "hero.png", hash: sha256(source) },
    recipe: { positivePrompt: "deep teal", numberResults: 1, size: "1024x768", outputFormat: "JPG" },
    ...more,
  };
}

async function folderWithResult(more: Partial<Provenance> = {}) {
  const source = onlyPng();
  const result = await embedProvenance(source, "PNG", provenanceOf(source, more), "full");
  const folder = folderWith({ "hero.png": source, "hero.remix-1.png": result });
  return { folder, picture: vscode.Uri.file(path.join(folder, "hero.remix-1.png")) };
}

const quietly = { confirm: false };
const showRecipe = (uri: vscode.Uri) =>
  vscode.commands.executeCommand<vscode.Uri | undefined>("imageRemix.showRecipe", uri, undefined, quietly);
const remixAgain = (uri: vscode.Uri) =>
  vscode.commands.executeCommand<RemixReport>("imageRemix.remixAgain", uri, [uri], quietly);

describe("Show Recipe", () => {
  it("opens a read-only document with the recipe, where it came from, and buttons", async () => {
    const { folder, picture } = await folderWithResult();
    const uri = await showRecipe(picture);
    assert.ok(uri);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), uri.toString());
    assert.equal(editor.document.languageId, "markdown");
    const text = editor.document.getText();
    assert.match(text, /^# Recipe of `hero\.remix-1\.png`\n\n\*\*Local preview\*\*/);
    assert.match(text, /deep teal/);
    assert.match(text, /2\. from `hero\.png`, unchanged since/);
    assert.doesNotMatch(text, new RegExp(folder.replaceAll("\\", "\\\\")));
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));

    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      uri,
      10,
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["Remix Again", "Save as Preset…", "Use in Panel", "Open Picture", "Compare with Source"],
    );
  });

  it("says it anew when the source has changed or is gone", async () => {
    const { folder, picture } = await folderWithResult();
    await showRecipe(picture);
    writeFileSync(path.join(folder, "hero.png"), sample("oat-crunch.jpg"));
    const changed = vscode.workspace.onDidChangeTextDocument;
    const again = new Promise<string>((resolve) => {
      const subscription = changed(({ document }) => {
        if (document.getText().includes("**changed since**")) {
          subscription.dispose();
          resolve(document.getText());
        }
      });
    });
    await showRecipe(picture);
    await again;
    rmSync(path.join(folder, "hero.png"));
    const other = vscode.Uri.file(path.join(folder, "copy.png"));
    await vscode.workspace.fs.copy(picture, other);
    await showRecipe(other);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? "", /from `hero\.png`, \*\*gone\*\*/);
  });

  it("shows a chain of three, past what was moved and up to what is missing, and leads to the source", async () => {
    const hero = onlyPng();
    const made = (from: string, bytes: Uint8Array) =>
      embedProvenance(
        sample("tea-tin.png"),
        "PNG",
        {
          ...provenanceOf(bytes, { taskUUID: from.replaceAll(/[^a-z]/g, "-") }),
          source: { path: from, hash: sha256(bytes) },
        },
        "full",
      );
    const first = await made("hero.png", hero);
    const second = await made("../one/first.png", first);
    const third = await made("../two/second.png", second);
    const files = { "one/hero.png": hero, "one/first.png": first, "moved/second.png": second };
    const folder = folderWith({ ...files, "three/third.png": third });
    const file = (name: string) => path.join(folder, name);
    const uri = await showRecipe(vscode.Uri.file(file("three/third.png")));
    assert.ok(uri);
    const steps = async (document: vscode.TextDocument) =>
      document
        .getText()
        .split("\n")
        .filter((line) => /^\d\. /.test(line))
        .map((line) => line.replace(/, SHA-256 `[0-9a-f]{12}…`/, ""));
    const short = vscode.workspace.asRelativePath(file("moved/second.png"));
    assert.deepEqual(await steps(await vscode.workspace.openTextDocument(uri)), [
      "1. `third.png`",
      `2. from \`../two/second.png\`, **now** \`${short}\`, unchanged since`,
      "3. from `../one/first.png`, unchanged since",
      "4. from `hero.png`, unchanged since. The original: it carries no recipe",
    ]);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      uri,
      10,
    );
    const compare = lenses.find(({ command }) => command?.title === "Compare with Source")?.command;
    const compared: unknown = compare?.arguments?.[0];
    assert.ok(compared instanceof vscode.Uri);
    assert.equal(compared.fsPath, file("moved/second.png"));

    rmSync(file("one/first.png"));
    const other = vscode.Uri.file(file("three/copy.png"));
    await vscode.workspace.fs.copy(vscode.Uri.file(file("three/third.png")), other);
    await showRecipe(other);
    const text = vscode.window.activeTextEditor?.document;
    assert.ok(text);
    assert.deepEqual((await steps(text)).slice(2), ["3. from `../one/first.png`, **gone**"]);
  });

  it("asks the file beside a picture that has lost its metadata, and shows nothing for one without a recipe", async () => {
    const source = sample("tea-tin.png");
    const folder = folderWith({ "hero.png": source, "notes.txt": Buffer.from("x") });
    const picture = vscode.Uri.file(path.join(folder, "hero.png"));
    assert.equal(await showRecipe(picture), undefined);
    assert.equal(await showRecipe(vscode.Uri.file(path.join(folder, "notes.txt"))), undefined);
    assert.equal(await showRecipe(vscode.Uri.file(path.join(folder, "gone.png"))), undefined);
    writeFileSync(`${picture.fsPath}.json`, sidecarText(provenanceOf(source), "full"));
    assert.ok(await showRecipe(picture));
  });

  it("takes the picture in the active editor", async () => {
    const { picture } = await folderWithResult();
    await vscode.commands.executeCommand("vscode.open", picture);
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>("imageRemix.showRecipe");
    assert.equal(uri?.path, `${picture.path}.recipe.md`);
  });
});

describe("Remix Again with the Same Recipe", () => {
  it("makes a new variation of the source, beside it, by the recipe alone", async () => {
    const { folder, picture } = await folderWithResult();
    const { saved, failed } = await remixAgain(picture);
    assert.deepEqual(failed, []);
    assert.equal(saved[0]?.source.fsPath, path.join(folder, "hero.png"));
    assert.equal(saved[0]?.provider, "local");
    assert.deepEqual(readdirSync(folder).sort(), ["hero.png", "hero.remix-1.jpg", "hero.remix-1.png"]);
  });

  it("makes the same once for several pictures of one source by one recipe", async () => {
    const { folder, picture } = await folderWithResult();
    const other = vscode.Uri.file(path.join(folder, "hero.remix-2.png"));
    await vscode.workspace.fs.copy(picture, other);
    const report = await vscode.commands.executeCommand<RemixReport>(
      "imageRemix.remixAgain",
      picture,
      [picture, other],
      quietly,
    );
    assert.deepEqual(report.failed, []);
    assert.equal(report.saved.length, 1);
  });

  it("works on a source that has changed, and explains one that is gone or elsewhere", async () => {
    const { folder, picture } = await folderWithResult();
    writeFileSync(path.join(folder, "hero.png"), sample("oat-crunch.jpg"));
    assert.equal((await remixAgain(picture)).saved.length, 1);
    rmSync(path.join(folder, "hero.png"));
    const [gone] = (await remixAgain(picture)).failed;
    assert.equal(gone?.code, "sourceGone");
    assert.match(gone.message, /hero\.remix-1\.png was made from hero\.png, which is gone\. Restore/);

    const elsewhere = await folderWithResult({ source: { path: "../../../hero.png", hash: "0".repeat(64) } });
    const [outside] = (await remixAgain(elsewhere.picture)).failed;
    assert.match(outside?.message ?? "", /outside this workspace/);
  });

  it("explains a picture that carries no recipe, or its marking only", async () => {
    const { folder, picture } = await folderWithResult({ recipe: null });
    const [marking] = (await remixAgain(picture)).failed;
    assert.equal(marking?.code, "invalidRecipe");
    assert.match(marking.message, /carries its marking only/);
    const [none] = (await remixAgain(vscode.Uri.file(path.join(folder, "hero.png")))).failed;
    assert.match(none?.message ?? "", /hero\.png carries no recipe/);
  });

  it("does what it can of many, and says what is wrong with a recipe", async () => {
    const good = await folderWithResult();
    const wrong = await folderWithResult({ recipe: { positivePrompt: "x", remixStrength: 400 } });
    const both = [good.picture, wrong.picture];
    const report = await vscode.commands.executeCommand<RemixReport>(
      "imageRemix.remixAgain",
      both[0],
      both,
      quietly,
    );
    assert.equal(report.saved.length, 1);
    assert.match(report.failed[0]?.message ?? "", /remixStrength in the call is not valid/);
  });
});

describe("Remix Again with several recipes", () => {
  it("asks for the price of all together, and sends nothing without an answer", async () => {
    // Five pictures are below the limit of $0.50, ten are not. Nothing listens at the address.
    const paid = (positivePrompt: string) =>
      folderWithResult({ provider: "runware", recipe: { positivePrompt, numberResults: 5 } });
    const pictures = [(await paid("one")).picture, (await paid("two")).picture];
    const configuration = vscode.workspace.getConfiguration("imageRemix");
    const user = vscode.ConfigurationTarget.Global;
    process.env["RUNWARE_API_KEY"] = "not-a-key";
    try {
      await configuration.update("runware.endpoint", "http://127.0.0.1:9/v1", user);
      const report = await vscode.commands.executeCommand<RemixReport>(
        "imageRemix.remixAgain",
        pictures[0],
        pictures,
        quietly,
      );
      assert.deepEqual(report.saved, []);
      assert.deepEqual(
        report.failed.map(({ source, code }) => [source.fsPath, code]),
        pictures.map(({ fsPath }) => [path.join(path.dirname(fsPath), "hero.png"), "needsConfirmation"]),
      );
      assert.match(report.failed[0]?.message ?? "", /2 images → 10 results cost about \$0\.60/);
    } finally {
      await configuration.update("runware.endpoint", undefined, user);
      delete process.env["RUNWARE_API_KEY"];
    }
  });
});

describe("the output settings", () => {
  const here = () => outputSettings(vscode.workspace.workspaceFolders?.[0]);

  it("come from the strongest layer, and have defaults", async () => {
    assert.deepEqual(here(), defaultOutput);
    await withSettings({ "output.metadata": "marking", "output.sidecar": true }, async () => {
      assert.deepEqual(here(), { ...defaultOutput, metadata: "marking", sidecar: true });
    });
  });

  it("are refused by name when they are not valid", async () => {
    await withSettings({ "output.metadata": "all" }, async () => {
      assert.throws(here, {
        code: "invalidRecipe",
        message:
          "imageRemix.output.metadata in the workspace settings is not valid. Allowed: one of full, marking, none.",
      });
    });
  });
});
