import { appendFileSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { foundResult, type NewResult, savedResult, standingOf } from "../../src/engine/history.ts";
import type { BinEntry } from "../../src/engine/review.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { HistoryFile } from "../../src/platform/historyFile.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { remove } from "../engine/reviewBench.ts";
import { paidProvenance } from "../fixtures/provenances.ts";

let storage = "";
beforeEach(() => {
  storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-history-"));
});
afterEach(() => remove(storage));

/** A window that opens now. */
const history = () => new HistoryFile(path.join(storage, "workspace"), nodeFiles);

function saved(run: string, n: number, day = 1, cost: number | null = 0.06): NewResult {
  const result = {
    source: sourceFile("/p/hero.png"),
    output: `/p/hero.remix-${n}.png`,
    provider: "runware",
    taskUUID: `task-${run}`,
    imageUUID: `image-${run}-${n}`,
    seed: "7",
    cost,
    flagged: false,
  } as const;
  const values = { ...defaultRecipe, positivePrompt: "deep teal", webhookURL: "https://secret.example" };
  return savedResult(result, { values, preset: null }, run, new Date(Date.UTC(2026, 0, day)));
}

test("a workspace without results has no history", async () => {
  expect(await history().runs()).toEqual([]);
});

test("results of earlier sessions are there, by run, the newest first", async () => {
  const first = history();
  await first.add([saved("a", 1), saved("a", 2)]);
  await first.add([saved("b", 3, 2, null)]);
  const runs = await history().runs();
  expect(runs).toEqual(await first.runs());
  expect(
    runs.map(({ id, title, prompt, cost, results }) => [id, title, prompt, cost, results.length]),
  ).toEqual([
    ["b", "Remix", "deep teal", null, 1],
    ["a", "Remix", "deep teal", 0.12, 2],
  ]);
  expect(JSON.stringify(runs)).not.toContain("secret");
});

test("what was decided survives, and a result counts once", async () => {
  const result = saved("a", 1);
  await history().add([result]);
  await history().keep(result.id, true);
  await history().add([result]);
  await history().move(result.id, "/p/hero.remix-9.png");
  appendFileSync(path.join(storage, "workspace", "history.jsonl"), '{"version":1,"kind":"kept","id":"ima');
  const [run] = await history().runs();
  expect(run?.results).toEqual([{ ...result, isKept: true, output: "/p/hero.remix-9.png" }]);
});

test("a picture that was found is the same result as the one that was saved", async () => {
  const found = foundResult(sourceFile("/p/tea.remix-1.png"), "/p/tea.png", paidProvenance);
  expect(found).toMatchObject({
    id: paidProvenance.imageUUID,
    run: paidProvenance.taskUUID,
    source: "/p/tea.png",
  });
  await history().add([found]);
  await history().add([{ ...found, run: "another" }]);
  expect((await history().runs()).map(({ id }) => id)).toEqual([paidProvenance.taskUUID]);
});

describe("what has become of a result", () => {
  const result = { ...saved("a", 1), isKept: false };
  const entry: BinEntry = {
    id: "1",
    time: "2026-01-01T00:00:00.000Z",
    why: "discarded",
    origin: result.output,
    sha256: "a".repeat(64),
    extension: ".png",
    size: 1,
    isPaid: true,
    sidecar: null,
    replacedBy: null,
  };
  const replacedBy = { result: result.output, resultSha256: entry.sha256, sha256: entry.sha256 };
  const replaced: BinEntry = { ...entry, why: "replaced", origin: result.source, replacedBy };

  test("follows from what is there", () => {
    expect(standingOf(result, true, []).decision).toBe("undecided");
    expect(standingOf({ ...result, isKept: true }, true, []).decision).toBe("kept");
    expect(standingOf(result, false, []).decision).toBe("gone");
    expect(standingOf(result, false, [entry])).toEqual({ decision: "discarded", entry });
    expect(standingOf(result, true, [replaced]).decision).toBe("replaced");
  });

  test("is undecided while a copy lies in the bin and the file is still there", () => {
    expect(standingOf(result, true, [entry]).decision).toBe("undecided");
  });

  test("is no longer `replaced` when another has replaced the source since", () => {
    const other = { ...replaced, id: "2", replacedBy: { ...replacedBy, result: "/p/hero.remix-2.png" } };
    expect(standingOf(result, true, [replaced, other]).decision).toBe("undecided");
  });
});
