import { describe, expect, it } from "vitest";
import { type AuditRow, auditRow, type Known, sortedRows } from "../../src/engine/audit.ts";
import type { Made } from "../../src/engine/history.ts";
import type { Inspected, Marking } from "../../src/engine/marking.ts";
import type { Provenance } from "../../src/engine/provenance.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { paidProvenance } from "../fixtures/provenances.ts";

const hash = "1".repeat(64);

const made: Made = {
  version: 1,
  time: "2026-11-22T09:30:00.000Z",
  sha256: hash,
  folder: "/shop",
  source: "/shop/hero.png",
  sourceHash: "a".repeat(64),
  recipeHash: "b".repeat(64),
  provider: "runware",
  model: "ideogram:1@2",
  taskUUID: "t",
  preset: "Winter",
  prompt: "midnight blue",
};

interface Case {
  readonly name?: string;
  readonly marking?: Partial<Marking>;
  readonly found?: Partial<Inspected>;
  /** Whether the history knows the picture by its content, by its place, or not. */
  readonly known?: "content" | "place";
}

function row({ name = "photo.png", marking = {}, found = {}, known }: Case): AuditRow | undefined {
  const none: Marking = { provenance: null, sourceType: null, tool: null, prompt: null };
  const inspected: Inspected = {
    hash: known === "place" ? "2".repeat(64) : hash,
    marking: { ...none, ...marking },
    credentials: "none",
    sidecar: null,
    ...found,
  };
  const all: Known = {
    results: new Map(known === undefined ? [] : [[hash, made]]),
    places: new Map(known === "place" ? [[`/shop/${name}`, hash]] : []),
    sourceOf: (_, relative) => (relative.startsWith("../..") ? undefined : `/pictures/${relative}`),
  };
  return auditRow(sourceFile(`/shop/${name}`), inspected, all);
}

const sourceType = "compositeWithTrainedAlgorithmicMedia" as const;
const marked = (more: Partial<Provenance> = {}) => ({
  sourceType,
  provenance: { ...paidProvenance, source: { path: "hero.png", hash }, ...more },
});

const ours = { provider: "runware", model: "ideogram:1@2" } as const;
const remembered = { ...ours, preset: "Winter", prompt: "midnight blue", source: "/shop/hero.png" };
const nobody = { provider: null, model: null, preset: null, prompt: null, time: null, source: null };

describe("a picture", () => {
  it.each<[string, Case, Partial<AuditRow>]>([
    [
      "with all of our metadata",
      { marking: marked() },
      {
        state: "full",
        ...ours,
        preset: "Winter gift edition",
        prompt: "deep forest green and warm cream",
        time: paidProvenance.time,
        source: "/pictures/hero.png",
      },
    ],
    [
      "with our marking only",
      { marking: marked({ recipe: null }) },
      { state: "marking", note: null, prompt: null },
    ],
    [
      "whose source lies elsewhere",
      { marking: marked({ source: { path: "../../x.png", hash } }) },
      { state: "full", source: "../../x.png" },
    ],
    [
      "whose source type somebody took out, the rest left",
      { marking: { ...marked(), sourceType: null } },
      { state: "lost", ...ours },
    ],
    [
      "that a tool changed and left the source type in",
      { marking: { sourceType }, known: "place" },
      { state: "marking", note: "recipe removed", ...remembered },
    ],
    [
      "that was changed and lost all of it",
      { known: "place" },
      { state: "lost", ...remembered, time: made.time },
    ],
    [
      "that was saved without metadata, wherever it is now",
      { known: "content" },
      { state: "unmarked", ...remembered },
    ],
    [
      "that was saved without metadata, with a file beside it",
      { known: "content", found: { sidecar: paidProvenance } },
      { state: "beside", preset: "Winter gift edition" },
    ],
    [
      "that lost all of it, with a file beside it",
      { known: "place", found: { sidecar: paidProvenance } },
      { state: "beside", ...ours },
    ],
    [
      "that the service marked itself",
      { known: "content", found: { credentials: "ai" } },
      { state: "marking", note: null, ...remembered },
    ],
    [
      "of another tool, by its XMP",
      { marking: { sourceType: "trainedAlgorithmicMedia", tool: "Other 2", prompt: "a fox" } },
      { ...nobody, state: "foreign", note: "trainedAlgorithmicMedia", model: "Other 2", prompt: "a fox" },
    ],
    [
      "of another tool, by its credentials",
      { found: { credentials: "ai" } },
      { ...nobody, state: "foreign", note: "Content Credentials" },
    ],
    [
      "of a camera that signs",
      { found: { credentials: "present" }, marking: { tool: "Pocket 12" } },
      { ...nobody, state: "credentials", model: "Pocket 12" },
    ],
    [
      "called like a result, of which nothing is known",
      { name: "hero.remix-3.png" },
      { ...nobody, state: "unknown" },
    ],
  ])("%s", (_, given, expected) => {
    expect(row(given)).toMatchObject(expected);
  });

  it("in which nothing speaks of a model is none of these", () => {
    expect(row({})).toBeUndefined();
    expect(row({ marking: { tool: "An editor 3.1" } })).toBeUndefined();
  });
});

it("tells what is urgent first, and otherwise keeps the order", () => {
  const states = ["full", "lost", "foreign", "full", "lost"] as const;
  const rows = states.map((state, index) => ({ ...nobody, path: String(index), state, note: null }));
  expect(sortedRows(rows).map(({ path }) => path)).toEqual(["1", "4", "0", "3", "2"]);
});
