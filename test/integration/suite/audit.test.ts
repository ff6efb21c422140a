import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import sharp from "sharp";
import * as vscode from "vscode";
import { embedProvenance } from "../../../src/platform/metadata/provenance.ts";
import { emptyFile, gitLfsPointer, notAnImage, smallPng } from "../../fixtures/pictures.ts";
import { paidProvenance } from "../../fixtures/provenances.ts";
import { buttonsOf, closeEditors, press, until } from "./plans.ts";
import { folderWith, newFolder, remix, sample, withSettings } from "./workspace.ts";

async function audit(...folders: readonly string[]): Promise<vscode.TextDocument> {
  const uris = folders.map((folder) => vscode.Uri.file(folder));
  const uri = await vscode.commands.executeCommand<vscode.Uri>("imageRemix.auditPictures", uris[0], uris, {
    confirm: false,
  });
  return vscode.workspace.openTextDocument(uri);
}

const nameIn = (file: string) => vscode.workspace.asRelativePath(file);

/** The row about a file, cell by cell, without its name. */
function rowOf(document: vscode.TextDocument, file: string): readonly string[] | undefined {
  const start = `| \`${nameIn(file)}\` `;
  const line = document
    .getText()
    .split("\n")
    .find((text) => text.startsWith(start));
  return line
    ?.split(" | ")
    .slice(1)
    .map((cell) => cell.replace(/\|$/, "").trim());
}

/** Loses all metadata, as a picture does that is "optimised". */
async function stripped(file: string): Promise<void> {
  writeFileSync(file, await sharp(readFileSync(file)).png().toBuffer());
}

const foreign = async () => {
  const type = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" e:DigitalSourceType="${type}" xmp:CreatorTool="Fox [x](command:y) | 2"/></rdf:RDF></x:xmpmeta>`;
  return sharp(smallPng()).withXmp(xmp).jpeg().toBuffer();
};

describe("Audit AI Pictures", function () {
  this.timeout(120_000);

  it("tells how each picture is marked, and which have lost it", async () => {
    const folder = folderWith({
      "hero.png": sample("tea-tin.png"),
      "shop/fox.jpg": await foreign(),
      "other/old.remix-4.png": smallPng(),
    });
    const file = (name: string) => path.join(folder, name);
    const options = { preset: "Quiet luxury" };
    await remix([file("hero.png")], options);
    await remix([file("hero.png")], options);
    await withSettings({ "output.metadata": "marking" }, () => remix([file("hero.png")]));
    await withSettings({ "output.metadata": "none" }, async () => {
      await remix([file("hero.png")], options);
      await remix([file("hero.png")]);
    });
    await withSettings({ "output.metadata": "none", "output.sidecar": true }, () =>
      remix([file("hero.png")]),
    );
    await stripped(file("hero.remix-2.png"));
    mkdirSync(file("moved"));
    renameSync(file("hero.remix-5.png"), file("moved/bought.png"));

    const document = await audit(folder);
    const row = (name: string) => rowOf(document, file(name));
    const source = `\`${nameIn(file("hero.png"))}\``;
    const local = ["local preview", ""];
    assert.deepEqual(row("hero.remix-1.png")?.slice(0, 3), ["full", ...local]);
    assert.equal(row("hero.remix-1.png")?.[3], "preset `Quiet luxury`");
    assert.match(row("hero.remix-1.png")?.[4] ?? "", /^\d{4}-\d\d-\d\d$/);
    assert.equal(row("hero.remix-1.png")?.[5], source);
    assert.deepEqual(row("hero.remix-2.png")?.slice(0, 3), ["**lost**: changed since", ...local]);
    assert.equal(row("hero.remix-2.png")?.[3], "preset `Quiet luxury`", "by the history");
    assert.match(row("moved/bought.png")?.[3] ?? "", /^`.{39}…`$/, "its prompt, by the history");
    assert.equal(row("hero.remix-2.png")?.[5], source);
    assert.deepEqual(row("hero.remix-3.png")?.slice(0, 4), ["marking", ...local, ""]);
    assert.deepEqual(row("hero.remix-4.png")?.slice(0, 3), ["not marked", ...local]);
    assert.deepEqual(row("moved/bought.png")?.[0], "not marked");
    assert.deepEqual(row("hero.remix-6.png")?.slice(0, 3), ["beside it", ...local]);
    assert.deepEqual(row("shop/fox.jpg")?.slice(0, 2), ["foreign: trainedAlgorithmicMedia", "another tool"]);
    assert.deepEqual(row("other/old.remix-4.png")?.[0], "unknown");
    assert.equal(row("hero.png"), undefined);
    assert.match(
      document.getText(),
      /\*\*9 pictures looked at · lost: 1, unknown: 1, not marked: 2, beside it: 1, marking: 1, full: 1, foreign: 1\*\*/,
    );
    await closeEditors();
  });

  it("leads from a picture's name to the picture, and from nothing else anywhere", async () => {
    const bytes = await embedProvenance(smallPng(), "PNG", paidProvenance, "full");
    const names = ["tin (1) [x] `|` .remix-1.png", "shop/fox.jpg"];
    const folder = folderWith({ [names[0] ?? ""]: bytes, [names[1] ?? ""]: await foreign() });
    const document = await audit(folder);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      document.uri,
      10,
    );
    assert.deepEqual(
      links.map(({ target }) => target?.fsPath),
      names.map((name) => path.join(folder, name)),
    );
    assert.deepEqual(
      links.map(({ range }) => document.getText(range)),
      [`\`\`${nameIn(folder)}/tin (1) [x] \`\\|\` .remix-1.png\`\``, `\`${nameIn(folder)}/shop/fox.jpg\``],
    );
    assert.equal(document.languageId, "markdown");
    await closeEditors();
  });

  it("is saved as Markdown whose links lead to the pictures from where it lies, or as CSV", async () => {
    const bytes = await embedProvenance(smallPng(), "PNG", paidProvenance, "full");
    const folder = folderWith({ "a b/tin (1).png": bytes });
    const document = await audit(folder);
    const save = vscode.window.showSaveDialog;
    const saved: vscode.Uri[] = [];
    try {
      for (const name of ["docs/audit.md", "docs/audit.CSV"]) {
        const target = vscode.Uri.file(path.join(folder, name));
        Object.assign(vscode.window, { showSaveDialog: async () => target });
        await press(document, /^Save as Markdown or CSV…$/);
        await until(() =>
          vscode.window.activeTextEditor?.document.uri.path === target.path ? true : undefined,
        );
        saved.push(target);
      }
    } finally {
      Object.assign(vscode.window, { showSaveDialog: save });
    }
    const [markdown = "", csv = ""] = saved.map(({ fsPath }) => readFileSync(fsPath, "utf8"));
    assert.match(markdown, /^\[1\]: \.\.\/a%20b\/tin%20%281%29\.png$/m);
    assert.match(markdown, /^\| \[`\S+ b\/tin \(1\)\.png`\]\[1\] \| full /m);
    assert.ok(!markdown.includes(folder), "nothing of this machine");
    const target = saved[0] ?? document.uri;
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      target,
      10,
    );
    assert.ok(
      links.some(({ target: to }) => to?.path.endsWith("/a b/tin (1).png")),
      "VS Code finds the picture",
    );
    assert.match(
      csv,
      /^picture,marking,note,drawnBy,model,preset,prompt,date,source\r\n\S+ b\/tin \(1\)\.png,full,/,
    );
    await closeEditors();
  });

  it("goes on past what cannot be read, counts what it leaves out, and takes several folders", async () => {
    const bytes = await embedProvenance(smallPng(), "PNG", paidProvenance, "full");
    const one = folderWith({
      "broken.png": notAnImage(),
      "cut.png": bytes.subarray(0, 60),
      "empty.webp": emptyFile(),
      "pointer.jpg": gitLfsPointer(),
      ".gitignore": Buffer.from("draft-*\n/out\n"),
      "draft-1.png": bytes,
      "draft-2.png": bytes,
      "out/x.png": bytes,
      "private/own.png": bytes,
      "notes.txt": bytes,
    });
    symlinkSync(path.join(one, "private/own.png"), path.join(one, "linked.png"));
    const two = folderWith({ "a.png": bytes, "b.png": smallPng() });
    await withSettings({ exclude: ["**/private"] }, async () => {
      const document = await audit(one, two, path.join(newFolder(), "gone"));
      const text = document.getText();
      assert.match(text, /\*\*3 pictures looked at · full: 2 · cannot be read: 5, left out: 4\*\*/);
      assert.equal(rowOf(document, path.join(one, "private/own.png"))?.[0], "full", "nothing is sent");
      assert.equal(rowOf(document, path.join(two, "a.png"))?.[0], "full");
      for (const name of ["broken.png", "cut.png", "empty.webp", "pointer.jpg"]) {
        assert.match(text, new RegExp(`- \`\\S+/${name}\`: ${name} is `));
      }
      assert.match(text, /gone`: gone is gone\./);
      assert.match(text, /- 2 pictures: `\S*\.gitignore`: `draft-\*`/);
      assert.match(text, /- 1 folder: `\S*\.gitignore`: `\/out`/);
      assert.match(text, /- 1 picture: a link, which is not followed/);
    });
    await closeEditors();
  });

  it("reads 400 pictures, says the same again, and changes none", async () => {
    const marked = await embedProvenance(smallPng(), "PNG", paidProvenance, "full");
    const [plain, fox] = [smallPng(), await foreign()];
    const files = Array.from({ length: 400 }, (_, n): [string, Uint8Array] => {
      const folder = `set ${n % 7}`;
      return n % 4 === 0
        ? [`${folder}/m${n}.png`, marked]
        : [`${folder}/p${n}.${n % 4 === 1 ? "jpg" : "png"}`, n % 4 === 1 ? fox : plain];
    });
    const folder = folderWith(Object.fromEntries(files));
    const document = await audit(folder);
    assert.match(document.getText(), /\*\*400 pictures looked at · full: 100, foreign: 100\*\*/);
    await press(document, /^Look Again$/);
    const again = await until(() => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown?.uri.toString() === document.uri.toString() ? undefined : shown;
    });
    const rows = (text: string) => text.split("\n").filter((line) => line.startsWith("|"));
    assert.deepEqual(rows(again.getText()), rows(document.getText()));
    for (const [name, bytes] of files) {
      assert.ok(readFileSync(path.join(folder, name)).equals(bytes), name);
    }
    await closeEditors();
  });

  it("has buttons, and refuses options that do not exist", async () => {
    const document = await audit(folderWith({ "a.png": smallPng() }));
    assert.match(document.getText(), /1 picture looked at · none marked/);
    const titles = (await buttonsOf(document)).map(({ title }) => title);
    assert.deepEqual(titles, ["Open Preview", "Save as Markdown or CSV…", "Look Again"]);
    const call = vscode.commands.executeCommand("imageRemix.auditPictures", document.uri, [], { x: 1 });
    await assert.rejects(async () => call, /does not understand these options: x/);
    await closeEditors();
  });
});
