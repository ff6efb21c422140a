import assert from "node:assert/strict";
import { appendFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import type { RemixReport } from "../../../src/editor/remixImage.ts";
import { csvOf } from "../../../src/editor/spending.ts";
import { buttonsOf, closeEditors, press, shownPlan } from "./plans.ts";
import { folderWith, remix, sample, withSettings } from "./workspace.ts";

type Options = Readonly<Record<string, unknown>>;

async function call(command: string, folder: string, options: Options = {}): Promise<RemixReport> {
  const all = { provider: "local", confirm: false, ...options };
  const uri = vscode.Uri.file(folder);
  return vscode.commands.executeCommand<RemixReport>(`imageRemix.${command}`, uri, [uri], all);
}

const outdated = (folder: string, options?: Options) => call("remixOutdated", folder, options);

/** Names of the sources of which something was made, sorted. */
const made = ({ saved }: RemixReport) => saved.map(({ source }) => path.basename(source.fsPath)).sort();

const three = () => ({
  "a.png": sample("tea-tin.png"),
  "b.jpg": sample("oat-crunch.jpg"),
  "deeper/c.webp": sample("vesna.webp"),
});

describe("Remix Images Without an Up-to-Date Result", function () {
  this.timeout(60_000);

  it("does nothing the second time, and one task after one source has changed", async () => {
    const folder = folderWith(three());
    assert.deepEqual(made(await outdated(folder)), ["a.png", "b.jpg", "c.webp"]);
    assert.deepEqual(await outdated(folder), { saved: [], failed: [], cost: 0 });
    writeFileSync(path.join(folder, "b.jpg"), sample("doree-box.jpg"));
    assert.deepEqual(made(await outdated(folder)), ["b.jpg"]);
    assert.deepEqual(made(await outdated(folder)), []);
    assert.ok(readdirSync(folder).includes("b.remix-1.jpg"), "the old result stays");
    assert.ok(readdirSync(folder).includes("b.remix-2.jpg"));
  });

  it("does all again after the recipe has changed, and only what is missing", async () => {
    const folder = folderWith({ "a.png": sample("tea-tin.png") });
    await outdated(folder);
    await withSettings({ remixStrength: 80 }, async () => {
      assert.deepEqual(made(await outdated(folder)), ["a.png"]);
      assert.deepEqual(made(await outdated(folder)), []);
      assert.deepEqual(made(await outdated(folder, { recipe: { numberResults: 3 } })), ["a.png", "a.png"]);
      assert.deepEqual(made(await outdated(folder, { recipe: { numberResults: 2, outputQuality: 50 } })), []);
    });
    assert.deepEqual(made(await outdated(folder)), []);
  });

  it("finds results by their content where they carry no metadata, in a folder of their own that Git ignores", async () => {
    const folder = folderWith({ "a.png": sample("tea-tin.png"), ".gitignore": Buffer.from("/results\n") });
    await withSettings({ "output.metadata": "none", "output.folder": "results" }, async () => {
      assert.deepEqual(made(await outdated(folder)), ["a.png"]);
      assert.deepEqual(readdirSync(path.join(folder, "results")), ["a.remix-1.png"]);
      assert.deepEqual(made(await outdated(folder)), []);
      const result = path.join(folder, "results/a.remix-1.png");
      appendFileSync(result, "edited");
      assert.deepEqual(
        made(await outdated(folder)),
        [],
        "an edited result is neither replaced nor done anew",
      );
      rmSync(result);
      assert.deepEqual(made(await outdated(folder)), ["a.png"]);
    });
  });

  it("counts a result that Remix Image made, and takes presets one by one", async () => {
    const folder = folderWith({ "a.png": sample("tea-tin.png") });
    await remix([path.join(folder, "a.png")], { preset: "Quiet luxury" });
    const preset = ["Quiet luxury", "Winter gift edition"];
    assert.equal((await outdated(folder, { preset })).saved.length, 1);
    assert.equal((await outdated(folder, { preset })).saved.length, 0);
  });

  it("says what is up to date and what nobody knows", async () => {
    const folder = folderWith({ ...three(), "b.remix-1.jpg": sample("doree-box.jpg") });
    await remix([path.join(folder, "a.png")]);
    const running = outdated(folder, { confirm: true });
    const plan = await shownPlan();
    assert.match(
      plan.getText(),
      /\*\*up to date: 1, to do: 1, unknown: 1, left out: 2 · 1 result, free local preview\*\*/,
    );
    assert.match(plan.getText(), /## Unknown \(1\)[^#]*b\.jpg/);
    await press(plan, /^Run \(1\)$/);
    assert.deepEqual(made(await running), ["c.webp"]);
    await closeEditors();
  });
});

describe("Remix Folder", function () {
  this.timeout(60_000);

  it("shows a plan, does nothing when it is cancelled or closed, and does the plan when it is run", async () => {
    const folder = folderWith({
      ...three(),
      ".gitignore": Buffer.from("draft.png\n"),
      "draft.png": sample("tea-tin.png"),
      "broken.png": Buffer.from("not a picture"),
      "a.remix-1.png": sample("tea-tin.png"),
      "private/d.png": sample("tea-tin.png"),
      "photo.remix-9.txt": Buffer.from("x"),
    });
    const before = readdirSync(folder, { recursive: true });
    await withSettings({ exclude: ["**/private"] }, async () => {
      for (const end of [(plan: vscode.TextDocument) => press(plan, /^Cancel$/), closeEditors]) {
        const running = call("remixFolder", folder, { confirm: true });
        await end(await shownPlan());
        const { saved, failed } = await running;
        assert.deepEqual(saved, []);
        assert.deepEqual(failed.map(({ code }) => code).sort(), ["cancelled", "cancelled", "cancelled"]);
        await closeEditors();
      }
      assert.deepEqual(readdirSync(folder, { recursive: true }), before);

      const running = call("remixFolder", folder, { confirm: true });
      const plan = await shownPlan();
      const text = plan.getText();
      assert.match(text, /a\.png` *\| 1600×800 *\| 1280×720 *\| +11 % *\| `a\.remix-2\.png`/);
      assert.match(text, /draft\.png`: `\S*\.gitignore`: `draft\.png`/);
      assert.match(text, /private\/`: `imageRemix\.exclude`: `\*\*\/private`/);
      assert.match(text, /a\.remix-1\.png`: a result, by its name/);
      assert.match(text, /## Cannot be remixed \(1\)\s+- `\S*broken\.png`: broken\.png is not a picture/);
      assert.match(text, /free local preview/);
      await press(plan, /^Run \(3\)$/);
      const report = await running;
      assert.deepEqual(made(report), ["a.png", "b.jpg", "c.webp"]);
      assert.deepEqual(
        report.failed.map(({ code }) => code),
        ["notAnImage"],
      );
      assert.deepEqual(await buttonsOf(plan), []);
      await closeEditors();
    });
  });

  it("never sends what is excluded, however it is asked", async () => {
    const folder = folderWith({ "private/d.png": sample("tea-tin.png") });
    await withSettings({ exclude: ["**/private"] }, async () => {
      const { saved, failed } = await remix([path.join(folder, "private/d.png")]);
      assert.deepEqual(saved, []);
      assert.equal(failed[0]?.code, "excluded");
      assert.match(failed[0].message, /d\.png is never sent \(imageRemix\.exclude: \*\*\/private\)/);
    });
    await withSettings({ exclude: "private" }, async () => {
      assert.equal((await call("remixFolder", folder)).failed[0]?.code, "invalidRecipe");
    });
  });

  it("runs without a document for code, and fails for nothing but its arguments", async () => {
    const folder = folderWith(three());
    const { saved, failed } = await call("remixFolder", folder);
    assert.deepEqual(failed, []);
    assert.equal(saved.length, 3);
    const gone = await call("remixFolder", path.join(folder, "gone"));
    assert.equal(gone.failed[0]?.code, "sourceGone");
    await assert.rejects(call("remixFolder", folder, { presets: "x" }), /presets/);
  });
});

describe("Show Spending", () => {
  it("exports rows that spreadsheets take for what they are", () => {
    const charge = {
      version: 1,
      time: "2026-11-22T09:30:00.000Z",
      taskUUID: "t",
      imageUUID: "i",
      model: "ideogram:1@2",
      renderingSpeed: "DEFAULT",
      preset: '=cmd|"x", y',
      source: "/shop/a,b.png",
      cost: null,
      estimate: 0.06,
    } as const;
    assert.equal(
      csvOf([charge]),
      "time,source,preset,model,renderingSpeed,estimate,cost,taskUUID,imageUUID\r\n" +
        `2026-11-22T09:30:00.000Z,"/shop/a,b.png","'=cmd|""x"", y",ideogram:1@2,DEFAULT,0.06,,t,i\r\n`,
    );
  });

  it("opens a document with buttons", async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>("imageRemix.showSpending");
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /# Image Remix: spending[\s\S]*today · \$\d+\.\d\d this month/);
    assert.deepEqual(
      (await buttonsOf(document)).map(({ title }) => title),
      ["Export CSV…", "Open Budget Settings"],
    );
    await closeEditors();
  });
});
