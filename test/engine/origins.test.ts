import { describe, expect, it } from "vitest";
import { CanonicalPaths } from "../../src/engine/canonicalPaths.ts";
import { sourcesInHistory, tookItsSourcesPlace } from "../../src/engine/origins.ts";
import type { Survey } from "../../src/engine/survey.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { paidProvenance } from "../fixtures/provenances.ts";

describe("a result in its source's place", () => {
  const source = sourceFile("/shop/a.png");
  const made = {
    version: 1,
    time: "2026-11-22T09:30:00.000Z",
    sha256: "c".repeat(64),
    folder: "/shop/remixed",
    source: "/shop/a.png",
    sourceHash: "a".repeat(64),
    recipeHash: "b".repeat(64),
    provider: "runware",
    model: null,
    taskUUID: paidProvenance.taskUUID,
  } as const;
  const history = new Map([[made.sha256, made]]);
  const unmarked = (hash: string): Survey => ({ hash, provenance: null, facts: null, problem: null });
  const from = (path: string): Survey => ({
    ...unmarked("0"),
    provenance: { ...paidProvenance, source: { path, hash: "a".repeat(64) } },
  });

  const paths = new CanonicalPaths(async (path) => path.replace("/link/", "/shop/"));
  const linked = "/link/a.png";

  it.each([
    ["by its metadata", source, from("a.png"), new Map()],
    ["by its metadata, written in full", source, from("./a.png"), new Map()],
    ["by the history, whatever folder it was saved to", source, from("../a.png"), history],
    ["by its content, without metadata", source, unmarked(made.sha256), history],
    ["by the history, which knows it by another path", sourceFile(linked), unmarked(made.sha256), history],
  ])("is told %s", async (_, file, survey, known) => {
    await paths.learn([file.path], sourcesInHistory(survey, known));
    expect(tookItsSourcesPlace(file, survey, known, paths)).toBe(true);
  });

  it.each([
    ["beside its source", sourceFile("/shop/a.remix-1.png"), from("a.png"), history],
    ["in a folder below, of the same name", sourceFile("/shop/remixed/a.png"), from("../a.png"), history],
    ["somewhere else", sourceFile("/other/a.png"), unmarked(made.sha256), history],
  ])("is not a result %s", async (_, file, survey, known) => {
    await paths.learn([file.path], sourcesInHistory(survey, known));
    expect(tookItsSourcesPlace(file, survey, known, paths)).toBe(false);
  });
});
