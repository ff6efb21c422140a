import { afterEach, expect, test } from "vitest";
import { RecoveredRuns } from "../../src/engine/recoveredRun.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { closeBenches, collecting, handedOn, recovered, send, stage } from "./recovering.ts";

afterEach(closeBenches);

test("who watches sees what each task of an earlier run is doing, and what came of it", async () => {
  const made = await handedOn(async (first) => {
    await send(first, "t");
    await stage(first, "t", "one");
    await send(first, "u");
    await first.journal.planned([first.plan("v")]);
  });
  const { tasks } = await made.journal.takeOver();
  const parts = { toSource: sourceFile, currentRecipe: () => defaultRecipe, now: () => made.clock.now() };
  const watched = new RecoveredRuns(parts);
  watched.begin(tasks);
  const states = () => watched.runs.map(({ id, tasks }) => [id, tasks.map(({ state }) => state)]);
  expect(states()).toEqual([["batch", ["downloading", "drawing", "waiting"]]]);
  const seen: unknown[] = [];
  await recovered(
    made,
    collecting(() => made, "one", "two"),
    {},
    tasks,
    (taskUUID, outcome) => {
      watched.ended(taskUUID, outcome);
      seen.push(taskUUID);
    },
  );
  expect(seen.toSorted()).toEqual(["t", "u", "v"]);
  expect(states()).toEqual([["batch", ["saved", "saved", "cancelled"]]]);
  const [adopted, , unsent] = watched.runs[0]?.tasks ?? [];
  expect(adopted).toMatchObject({ asked: 1, saved: [{ imageUUID: "one" }], failed: [] });
  expect(unsent?.failed[0]?.failure.message).toBe(
    "a.png was not sent before its window was closed. Nothing was charged.",
  );
  // Another attempt at what is left does not let the rest be forgotten.
  watched.begin(tasks.filter(({ taskUUID }) => taskUUID === "v"));
  expect(states()).toEqual([["batch", ["saved", "saved", "waiting"]]]);
});
