import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { ResultMemory } from "../../../src/editor/panel/resultMemory.ts";
import { SessionResults } from "../../../src/editor/panel/sessionResults.ts";
import { Review } from "../../../src/editor/review.ts";
import { defaultOutput } from "../../../src/engine/output.ts";
import { resolveRecipe } from "../../../src/engine/resolve.ts";
import { BinFolder } from "../../../src/platform/bin.ts";
import { nodeFiles } from "../../../src/platform/files.ts";
import { readProvenance } from "../../../src/platform/metadata/provenance.ts";
import { PendingFiles } from "../../../src/platform/pendingFiles.ts";
import { convert } from "../../../src/platform/pictures/convert.ts";
import { inspect } from "../../../src/platform/pictures/header.ts";
import { fileReplacer } from "../../../src/platform/replacedFiles.ts";
import { resultWriter } from "../../../src/platform/resultFiles.ts";
import { sourceFile } from "../../../src/platform/sourceFiles.ts";
import { Memory, newFolder, onlyPng, unasked } from "./workspace.ts";

const quietly = { confirm: false } as const;

describe("decisions in the panel", () => {
  let storage = "";
  let log: vscode.LogOutputChannel;
  const open: { dispose(): void }[] = [];
  before(() => {
    storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-decisions-"));
    log = vscode.window.createOutputChannel("Image Remix decisions test", { log: true });
  });
  afterEach(() => {
    for (const one of open.splice(0)) {
      one.dispose();
    }
  });
  after(() => {
    log.dispose();
    rmSync(storage, { recursive: true, force: true });
  });

  function openReview(): Review {
    const pending = new PendingFiles(storage);
    const review = new Review({
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
    open.push(review);
    return review;
  }

  /** A window's results. Its questions are answered with yes, and what fails is counted. */
  function openResults(memory: vscode.Memento = new Memory(), review = openReview()) {
    const failures: unknown[] = [];
    const told = async <T>(work: Promise<T>, otherwise: T) =>
      work.catch((error: unknown) => {
        failures.push(error);
        return otherwise;
      });
    const results = new SessionResults({
      toSource: sourceFile,
      inspect: async (source) => inspect(readFileSync(source.path)),
      review: {
        entries: () => review.entries(),
        pathOf: (entry) => review.pathOf(entry),
        replacements: () => review.replacements(),
        replaceSource: (source, result) =>
          told(review.replaceSource(source, result, { ...quietly, replace: true }), undefined),
        undoReplace: (source, options) => told(review.undoReplace(source, { ...options, ...quietly }), false),
        discard: (items) => told(review.discard(items, quietly), []),
        restore: (entry) => told(review.restore(entry, quietly), undefined),
        holds: (file, sha256) => review.holds(file, sha256),
        onDidChange: review.onDidChange,
      },
      memory: new ResultMemory(memory),
      found: { isReading: false, read: () => undefined },
    });
    open.push(results);
    return { results, review, failures };
  }

  /** A run that has saved `count` results of one source, which is in a folder of its own. */
  function run(count: number) {
    const folder = newFolder();
    const source = sourceFile(path.join(folder, "hero.png"));
    writeFileSync(source.path, onlyPng());
    const request = {
      source,
      recipe: resolveRecipe([], { recipe: { positivePrompt: "teal" } }),
      output: defaultOutput,
    };
    const saved = Array.from({ length: count }, (_, index) => {
      const output = path.join(folder, `hero.remix-${index + 1}.png`);
      writeFileSync(output, onlyPng());
      const facts = { imageUUID: null, seed: null, cost: 0.06, flagged: false, model: "ideogram:1@2" };
      return { source, output, provider: "runware", taskUUID: randomUUID(), ...facts } as const;
    });
    const task = {
      taskUUID: randomUUID(),
      request,
      source,
      provider: "runware",
      state: "saved",
      asked: count,
      saved,
      failed: [],
      started: new Date(),
      ended: new Date(),
    } as const;
    return { id: randomUUID(), started: new Date(Date.now() - 1000), price: 0.06, tasks: [task] };
  }

  const shown = (results: SessionResults) => results.shown.map(({ decision }) => decision);
  const idOf = (results: SessionResults, index: number) => results.shown[index]?.id ?? "";
  async function until(isSo: () => boolean): Promise<void> {
    for (let left = 200; left > 0 && !isSo(); left--) {
      await setTimeout(20);
    }
    assert.ok(isSo());
  }

  function withRun(count: number) {
    const window = openResults();
    const one = run(count);
    window.results.take(one);
    window.results.follow([one.id]);
    const source = one.tasks[0]?.source.path ?? "";
    return { ...window, one, source, bytes: readFileSync(source) };
  }

  it("takes back what was done before, where a discarded result has been restored by hand", async () => {
    const { results, failures } = withRun(2);
    const [first, second] = [idOf(results, 0), idOf(results, 1)];
    await results.decide([first], "keep");
    await results.decide([second], "discard");
    await results.decide([second], "restore");
    await until(() => results.undoable === "Kept hero.remix-1.png");
    await results.undo();
    assert.deepEqual(shown(results), ["undecided", "undecided"]);
    assert.equal(results.undoable, null);
    assert.deepEqual(failures, []);
  });

  it("shows only the last of two replacements as one, and takes them back one after the other", async () => {
    const { results, source, bytes } = withRun(2);
    const [first, second] = [idOf(results, 0), idOf(results, 1)];
    const made = readFileSync(results.shown[0]?.path ?? "");
    await results.decide([first], "keep");
    await results.replaceSource(first);
    await results.replaceSource(second);
    assert.deepEqual(shown(results), ["kept", "replaced"]);
    const originals = results.shown.map(({ original }) => readFileSync(original));
    assert.deepEqual(originals, [bytes, bytes]);
    await results.undo();
    assert.deepEqual(readFileSync(source), made);
    assert.deepEqual(shown(results), ["replaced", "undecided"]);
    assert.deepEqual(readFileSync(results.shown[1]?.original ?? ""), bytes);
    await results.undo();
    assert.deepEqual(readFileSync(source), bytes);
    assert.deepEqual(shown(results), ["kept", "undecided"]);
    assert.deepEqual(
      results.shown.map(({ original }) => original),
      [source, source],
    );
    await results.undo();
    assert.deepEqual(shown(results), ["undecided", "undecided"]);
  });

  it("does not undo an older replacement where the last has been undone elsewhere, unless asked once", async () => {
    const { results, review, source, bytes } = withRun(2);
    const made = readFileSync(results.shown[0]?.path ?? "");
    await results.replaceSource(idOf(results, 0));
    await results.decide([idOf(results, 1)], "keep");
    await results.replaceSource(idOf(results, 1));
    await review.undoReplace(source, quietly);
    await until(() => shown(results)[0] === "replaced");
    // What the notification has undone was kept before, and is so again.
    assert.deepEqual(shown(results), ["replaced", "kept"]);
    await results.undo();
    assert.deepEqual(readFileSync(source), made);
    assert.deepEqual(shown(results), ["replaced", "undecided"]);
    await results.undo();
    assert.deepEqual(readFileSync(source), bytes);
  });

  it("keeps a step that failed, to be tried again, and lets go of one that can never be", async () => {
    const { results, failures, source } = withRun(2);
    const [first, second] = [idOf(results, 0), idOf(results, 1)];
    await results.decide([second], "keep");
    const folder = path.dirname(source);
    await results.decide([first], "discard");
    const away = `${folder}-away`;
    await vscode.workspace.fs.rename(vscode.Uri.file(folder), vscode.Uri.file(away));
    await results.undo();
    assert.equal(failures.length, 1);
    assert.equal(results.undoable, "Discarded hero.remix-1.png");
    await vscode.workspace.fs.rename(vscode.Uri.file(away), vscode.Uri.file(folder));
    await results.undo();
    assert.deepEqual(shown(results), ["undecided", "kept"]);
    await results.replaceSource(first);
    writeFileSync(source, onlyPng());
    await results.undo();
    assert.equal(failures.length, 2);
    assert.equal(results.undoable, "Kept hero.remix-2.png");
  });

  it("finds what another window has restored, and lets go of what is gone for good", async () => {
    const { results, source } = withRun(2);
    const other = openReview();
    await results.decide([idOf(results, 0)], "keep");
    await results.decide([idOf(results, 0), idOf(results, 1)], "discard");
    const entries = (await other.entries()).filter(
      ({ origin }) => path.dirname(origin) === path.dirname(source),
    );
    const [one, two] = entries;
    assert.ok(one && two);
    await other.restore(one, quietly);
    await new BinFolder(storage, nodeFiles, new PendingFiles(storage)).remove([two]);
    results.look();
    await until(() => results.shown.length === 1);
    assert.deepEqual(shown(results), ["kept"]);
    assert.equal(results.shown[0]?.path, one.origin);
  });

  it("does not swap what was chosen from the history, and shows the run that Review names", async () => {
    const { results, one } = withRun(1);
    const later = run(2);
    results.take({ ...later, tasks: [] });
    results.follow([later.id]);
    results.open([one.id], true);
    results.take(later);
    results.follow([later.id]);
    assert.equal(results.shown.length, 1);
    const last = run(1);
    results.follow([last.id]);
    results.take(last);
    assert.deepEqual(
      results.shown.map(({ source }) => source),
      [one.tasks[0]?.source.path],
    );
    results.open([later.id, last.id], false);
    assert.equal(results.shown.length, 3);
  });

  it("looks at the same run in the next window, and knows model and size of its results", async () => {
    const memory = new Memory();
    const { results } = openResults(memory);
    const [one, two] = [run(1), run(2)];
    results.take(one);
    results.take(two);
    results.open([one.id], true);
    assert.equal(results.shown[0]?.size, null);
    await until(() => results.shown[0]?.size !== null);
    await setTimeout(400);
    const next = openResults(memory).results;
    assert.deepEqual(
      next.shown.map(({ source, model }) => [source, model]),
      [[one.tasks[0]?.source.path, "Ideogram 1.0 Remix"]],
    );
    assert.deepEqual(next.shown[0]?.size, results.shown[0]?.size);
  });
});
