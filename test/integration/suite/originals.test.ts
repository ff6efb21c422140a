import assert from "node:assert/strict";
import { mkdirSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import type { RemixReport } from "../../../src/editor/remixImage.ts";
import { closeEditors, press, shownPlan, until } from "./plans.ts";
import { folderWith, onlyPng, remix, sample, withSettings } from "./workspace.ts";

type Asked = { readonly message: string; readonly buttons: readonly string[] };

/** Answers modal questions for the time that `use` takes, as a user who presses the button with such a title. */
async function answering<T>(title: RegExp, use: () => Promise<T>): Promise<{ result: T; asked: Asked[] }> {
  const asked: Asked[] = [];
  const shown = vscode.window.showInformationMessage;
  const answer = async (message: string, ...rest: readonly unknown[]) => {
    const buttons = rest.filter((item) => typeof item === "string");
    if (rest.some((item) => typeof item === "object" && item !== null && "modal" in item)) {
      asked.push({ message, buttons });
      return buttons.find((button) => title.test(button));
    }
    return undefined;
  };
  Object.assign(vscode.window, { showInformationMessage: answer });
  try {
    return { result: await use(), asked };
  } finally {
    Object.assign(vscode.window, { showInformationMessage: shown });
  }
}

const options = { provider: "local", recipe: { positivePrompt: "deep teal" } };

async function call(command: string, files: readonly string[], more = {}): Promise<RemixReport> {
  const uris = files.map((file) => vscode.Uri.file(file));
  return vscode.commands.executeCommand<RemixReport>(`imageRemix.${command}`, uris[0], uris, {
    ...options,
    ...more,
  });
}

const ask = (files: readonly string[]) => call("remixImage", files);
const sources = ({ saved }: RemixReport) => saved.map(({ source }) => path.basename(source.fsPath)).sort();

/** A folder with `hero.png`, `tin.png`, and a remix of a remix of the first. */
async function chain() {
  const folder = folderWith({ "hero.png": onlyPng(), "tin.png": sample("tea-tin.png") });
  const file = (name: string) => path.join(folder, name);
  await remix([file("hero.png")], options);
  await remix([file("hero.remix-1.png")], options);
  return { folder, file };
}

describe("a source that is itself a remix", function () {
  this.timeout(90_000);

  it("has its original offered, which is remixed in its place", async () => {
    const { file } = await chain();
    const { result, asked } = await answering(/^Remix hero\.png$/, () =>
      ask([file("hero.remix-1.remix-1.png")]),
    );
    assert.deepEqual(asked, [
      {
        message: "hero.remix-1.remix-1.png is itself a remix of hero.png.",
        buttons: ["Remix hero.png", "Remix hero.remix-1.remix-1.png"],
      },
    ]);
    assert.deepEqual(sources(result), ["hero.png"]);
    assert.deepEqual(result.failed, []);
  });

  it("is remixed itself where that is wanted, and nobody is asked about it again", async () => {
    const { file } = await chain();
    const remixed = () => answering(/^Remix hero\.remix-1\.png$/, () => ask([file("hero.remix-1.png")]));
    const first = await remixed();
    assert.deepEqual(sources(first.result), ["hero.remix-1.png"]);
    assert.equal(first.asked.length, 1);
    const second = await remixed();
    assert.deepEqual(sources(second.result), ["hero.remix-1.png"]);
    assert.deepEqual(second.asked, []);
  });

  it("is asked about once for several, and an original that several come from is remixed once", async () => {
    const { file } = await chain();
    const chosen = ["hero.remix-1.png", "hero.remix-1.remix-1.png", "tin.png"].map(file);
    const { result, asked } = await answering(/^Remix the Originals$/, () => ask(chosen));
    assert.deepEqual(
      asked.map(({ message }) => message),
      ["2 of 3 pictures are themselves remixes."],
    );
    assert.deepEqual(sources(result), ["hero.png", "tin.png"]);
  });

  it("makes nothing where the question is not answered", async () => {
    const { folder, file } = await chain();
    const before = readdirSync(folder);
    const { result } = await answering(/^None$/, () => ask([file("hero.remix-1.png")]));
    assert.deepEqual(
      result.failed.map(({ code }) => code),
      ["cancelled"],
    );
    assert.deepEqual(readdirSync(folder), before);
  });

  it("is not asked about by code, nor where there is no original to offer", async () => {
    const { file } = await chain();
    const chosen = [file("hero.remix-1.png")];
    const never = async (run: () => Promise<RemixReport>, expected: string) => {
      const { result, asked } = await answering(/./, run);
      assert.deepEqual(asked, []);
      assert.deepEqual(sources(result), [expected]);
    };
    await never(() => call("remixImage", chosen, { confirm: false }), "hero.remix-1.png");
    await never(() => ask([file("tin.png")]), "tin.png");
    await never(
      () => call("remixAgain", [file("hero.remix-1.remix-1.png")], { recipe: {} }),
      "hero.remix-1.png",
    );
    await withSettings({ exclude: ["**/hero.png"] }, () => never(() => ask(chosen), "hero.remix-1.png"));
    renameSync(file("hero.png"), file("other.png"));
    await never(() => ask(chosen), "hero.remix-1.png");
  });

  it("is named in a folder's plan, which its original can be taken into", async () => {
    const { folder, file } = await chain();
    mkdirSync(file("sub"));
    renameSync(file("tin.png"), file("sub/tin.png"));
    const running = call("remixFolder", [file("sub"), file("hero.remix-1.remix-1.png")]);
    const plan = await shownPlan();
    const name = (of: string) => vscode.workspace.asRelativePath(path.join(folder, of));
    assert.match(plan.getText(), /## Remixes of remixes \(1\)/);
    assert.ok(
      plan
        .getText()
        .includes(`- \`${name("hero.remix-1.remix-1.png")}\` is itself a remix of \`${name("hero.png")}\``),
    );
    await press(plan, /^Use Originals \(1\)$/);
    const second = await until(() => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown?.uri.toString() === plan.uri.toString() ? undefined : shown;
    });
    assert.doesNotMatch(second.getText(), /itself a remix/);
    await press(second, /^Run \(2\)$/);
    const report = await running;
    assert.deepEqual(sources(report), ["hero.png", "tin.png"]);
    assert.deepEqual(report.failed, []);
    await closeEditors();
  });
});
