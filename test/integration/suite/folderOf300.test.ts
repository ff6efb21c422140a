import assert from "node:assert/strict";
import { readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import sharp from "sharp";
import * as vscode from "vscode";
import type { RemixReport } from "../../../src/editor/remixImage.ts";
import { sourceExtensions } from "../../../src/engine/names.ts";
import { embedProvenance } from "../../../src/platform/metadata/provenance.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import {
  animatedGif,
  avif,
  bmp,
  emptyFile,
  gitLfsPointer,
  headerBomb,
  htmlNamedPng,
  hugeFlatPng,
  notAnImage,
  smallPng,
  svg,
  svgWithText,
  tiff,
  truncatedJpeg,
  wide,
} from "../../fixtures/pictures.ts";
import { paidProvenance } from "../../fixtures/provenances.ts";
import { closeEditors, press, shownPlan } from "./plans.ts";
import { folderWith, withSettings } from "./workspace.ts";

/** A small picture of each of the ten formats, by extension. */
async function pictures(): Promise<Readonly<Record<(typeof sourceExtensions)[number], Buffer>>> {
  const png = smallPng();
  const jpeg = await sharp(png).jpeg().toBuffer();
  const tif = await tiff();
  return {
    png,
    jpg: jpeg,
    jpeg,
    webp: await sharp(png).webp().toBuffer(),
    avif: await avif(),
    gif: await animatedGif(),
    tif,
    tiff: tif,
    bmp: bmp(),
    svg: svg(),
  };
}

/** `count` files called like the first argument, whose `#` is their number; their bytes take turns. */
function many(pattern: string, count: number, bytes: readonly Uint8Array[]): [string, Uint8Array][] {
  return Array.from({ length: count }, (_, n) => [
    pattern.replace("#", String(n)),
    bytes[n % bytes.length] ?? new Uint8Array(),
  ]);
}

/** Three hundred pictures, by what is to become of them. */
async function threeHundred() {
  const all = await pictures();
  const png = all.png;
  const result = await embedProvenance(png, "PNG", paidProvenance, "full");
  const toDo = sourceExtensions.flatMap((extension) =>
    many(`${extension}/good #.${extension}`, 6, [all[extension]]),
  );
  return {
    toDo,
    ignored: many("draft-#.gif", 60, [all.gif]),
    results: [...many("old/named-#.png", 60, [result]), ...many("hero.remix-#.png", 59, [png])],
    excluded: [...many("private/own-#.webp", 1, [all.webp]), ...many("x/y/secret-#.jpg", 19, [all.jpg])],
    hidden: many("thumbnail-#.bmp", 10, [all.bmp]),
    broken: [
      ...many("broken-#.png", 20, [notAnImage(), emptyFile(), gitLfsPointer(), htmlNamedPng()]),
      ...many("lettering-#.svg", 1, [svgWithText()]),
    ],
    huge: many("huge-#.png", 4, [hugeFlatPng(), headerBomb(), wide()]),
    truncated: many("cut-#.jpg", 1, [await truncatedJpeg()]),
  };
}

describe("Remix Folder on 300 pictures of ten formats", function () {
  this.timeout(240_000);

  it("names each exclusion, does nothing when it is cancelled, and then exactly what it planned", async () => {
    const files = await threeHundred();
    const folder = folderWith({
      ...Object.fromEntries(Object.values(files).flat()),
      ".gitignore": Buffer.from("draft-*\n"),
    });
    for (let n = 0; n < 5; n++) {
      symlinkSync(path.join(folder, "png/good 0.png"), path.join(folder, `linked-${n}.png`));
    }
    const count = Object.values(files).flat().length + 5;
    assert.equal(count, 300);
    const emulator = await startEmulator();
    const user = vscode.workspace.getConfiguration("imageRemix");
    process.env["RUNWARE_API_KEY"] = emulator.key;
    await user.update("runware.endpoint", emulator.url, vscode.ConfigurationTarget.Global);
    const hide = vscode.workspace.getConfiguration("files");
    await hide.update("exclude", { "**/thumbnail-*": true }, vscode.ConfigurationTarget.Workspace);
    const call = async (more: Readonly<Record<string, unknown>> = {}): Promise<RemixReport> => {
      const uri = vscode.Uri.file(folder);
      const options = { provider: "runware", ...more };
      return vscode.commands.executeCommand<RemixReport>("imageRemix.remixFolder", uri, [uri], options);
    };
    try {
      await withSettings({ exclude: ["**/private", "**/secret-*.jpg"] }, async () => {
        const unconfirmed = await call({ confirm: false });
        assert.equal(unconfirmed.failed.filter(({ code }) => code === "needsConfirmation").length, 61);
        assert.match(unconfirmed.failed.at(-1)?.message ?? "", /61 images → 61 results cost about \$3\.66/);

        const cancelled = call();
        const plan = await shownPlan();
        const text = plan.getText();
        // Of an excluded folder, the folder is named.
        const named = Object.entries(files).flatMap(([, list]) => list.map(([name]) => name));
        const missing = named.filter((name) => !text.includes(name) && !name.startsWith("private/"));
        assert.deepEqual(missing, []);
        assert.match(text, /private\/`: `imageRemix\.exclude`: `\*\*\/private`/);
        assert.match(text, /secret-3\.jpg`: `imageRemix\.exclude`: `\*\*\/secret-\*\.jpg`/);
        assert.match(text, /draft-7\.gif`: `\S*\.gitignore`: `draft-\*`/);
        assert.match(text, /thumbnail-9\.bmp`: `files\.exclude`: `\*\*\/thumbnail-\*`/);
        assert.match(text, /named-59\.png`: a result, by its metadata/);
        assert.match(text, /hero\.remix-58\.png`: a result, by its name/);
        assert.match(text, /linked-4\.png`: a link, which is not followed/);
        assert.match(text, /huge-0\.png`: huge-0\.png is too large: 16000 × 16000 pixels/);
        assert.match(text, /broken-2\.png is a Git LFS pointer/);
        assert.match(text, /lettering-0\.svg is an SVG with lettering/);
        assert.match(text, /to do: 61, cannot be remixed: 25, left out: 214 · 61 results, about \$3\.66/);
        await press(plan, /^Cancel$/);
        assert.deepEqual((await cancelled).saved, []);
        assert.deepEqual(emulator.ledger.requests("imageInference"), []);
        await closeEditors();

        const before = new Set(readdirSync(folder, { recursive: true, encoding: "utf8" }));
        const running = call();
        const again = await shownPlan();
        const planned = [...again.getText().matchAll(/\| `([^`]+)` +\| [\d.]+ +\|/g)].map(([, name]) => name);
        assert.equal(planned.length, 61);
        await press(again, /^Run \(61\)$/);
        const { saved, failed, cost } = await running;
        assert.equal(saved.length, 60);
        assert.equal(cost.toFixed(2), "3.60");
        assert.equal(failed.filter(({ source }) => source.fsPath.includes("cut-0")).length, 1);
        const sent = emulator.ledger.requests("imageInference").flatMap(({ tasks }) => tasks);
        assert.equal(sent.length, 60);
        const after = readdirSync(folder, { recursive: true, encoding: "utf8" });
        const fresh = after.filter((name) => !before.has(name)).map((name) => path.basename(name));
        const unmade = planned.filter((name) => name?.startsWith("cut-0") !== true);
        assert.deepEqual(fresh.sort(), unmade.sort());
        await closeEditors();
      });
    } finally {
      await hide.update("exclude", undefined, vscode.ConfigurationTarget.Workspace);
      await user.update("runware.endpoint", undefined, vscode.ConfigurationTarget.Global);
      delete process.env["RUNWARE_API_KEY"];
      await emulator.close();
    }
  });
});
