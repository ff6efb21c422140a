/** What was taken up of a picture since a run was planned is found by whatever path the other window opened it. */
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { OpenTask } from "../../src/engine/journal.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { Bench, type Draw, result, submissionOf } from "./bench.ts";

const open: Bench[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.close();
  }
});

const one: Draw = async function* () {
  yield result();
};

/** Runs "a" in a window that finds `tasks` open, another set each time it looks, and that planned before them. */
async function codesWith(tasks: (linked: OpenTask) => readonly (readonly OpenTask[])[]) {
  const looks: (readonly OpenTask[])[] = [];
  const made = new Bench({ parts: { openTasks: async () => looks.shift() ?? [] } });
  open.push(made);
  const link = path.join(made.root, "link");
  symlinkSync(made.pictures, link, "junction");
  writeFileSync(made.source("a").path, "");
  const planned = made.clock.now();
  made.clock.advance(1000);
  const linked: OpenTask = {
    taskUUID: "other",
    time: made.clock.now().toISOString(),
    plan: { ...made.plan("other"), source: path.join(link, "a.png") },
    submission: null,
    isAccepted: false,
    received: [],
    staged: [],
    saved: [],
  };
  looks.push(...tasks(linked));
  const { outcome } = made.jobs.start(made.requests("a"), made.options(one, { asOf: () => planned }));
  return (await outcome).failed.map(({ failure }) => failure.code);
}

test("a picture is not bought that another window has planned by another path", async () => {
  expect(await codesWith((linked) => [[linked]])).toEqual(["needsConfirmation"]);
  expect(await codesWith(() => [[]])).toEqual([]);
});

test("nor one that is sent there while this run is prepared", async () => {
  const sent = (linked: OpenTask, sourceSha256: string) => ({
    ...linked,
    submission: {
      ...submissionOf({ taskUUID: "other", source: sourceFile("/a.png") }),
      sourceSha256,
    },
  });
  expect(await codesWith((linked) => [[], [sent(linked, "0".repeat(64))]])).toEqual(["needsConfirmation"]);
  // Of other bytes it would be another picture.
  expect(await codesWith((linked) => [[], [sent(linked, "1".repeat(64))]])).toEqual([]);
});
