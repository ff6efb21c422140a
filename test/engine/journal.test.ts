import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLine, type JournalLine, type JournalNote, type OpenTasks } from "../../src/engine/journal.ts";
import { defaultOutput } from "../../src/engine/output.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { submissionOf } from "./bench.ts";

const source = sourceFile("/pictures/hero.png");

function plan(taskUUID: string) {
  const facts = { source: source.path, recipe: {}, preset: null, referenceBase: null, output: defaultOutput };
  return { taskUUID, batch: "run", ...facts, results: 2, estimate: 0.06 };
}

function stamped(note: JournalNote, time = "2026-11-01T00:00:00.000Z"): JournalLine {
  return { version: 1, time, ...note };
}

function folded(notes: readonly JournalNote[]): OpenTasks {
  const tasks: OpenTasks = new Map();
  for (const note of notes) {
    applyLine(tasks, stamped(note));
  }
  return tasks;
}

/** Everything that can be said of a task with two results, up to its end. */
function life(taskUUID: string): readonly JournalNote[] {
  const picture = (imageUUID: string): readonly JournalNote[] => {
    const file = { temporary: `/pictures/.${imageUUID}.image-remix.tmp`, folder: "/pictures" };
    const facts = { format: "PNG", length: 3, sha256: "0".repeat(64) } as const;
    return [
      { kind: "received", taskUUID, imageUUID, imageURL: null, cost: 0.06, seed: "1" },
      { kind: "staged", taskUUID, imageUUID, ...file, ...facts },
      { kind: "saved", taskUUID, imageUUID, output: `/pictures/${imageUUID}.png` },
    ];
  };
  return [
    { kind: "planned", ...plan(taskUUID) },
    { kind: "submitting", ...submissionOf({ taskUUID, source }) },
    { kind: "accepted", taskUUID },
    ...picture("one"),
    ...picture("two"),
    { kind: "settled", taskUUID, settlement: "delivered" },
  ];
}

describe("the fold", () => {
  test("puts a task together from its lines, and forgets it with its end", () => {
    const open = folded(life("t").slice(0, -1)).get("t");
    expect(open).toMatchObject({
      taskUUID: "t",
      plan: plan("t"),
      submission: submissionOf({ taskUUID: "t", source }),
      isAccepted: true,
      received: [{ imageUUID: "one" }, { imageUUID: "two" }],
      staged: [{ imageUUID: "one", folder: "/pictures" }, { imageUUID: "two" }],
      saved: ["one", "two"],
    });
    expect(folded(life("t")).size).toBe(0);
  });

  test("a line that comes again changes nothing, wherever it comes", () => {
    const notes = life("t").slice(0, -1);
    const expected = folded(notes).get("t");
    const sorted = (tasks: OpenTasks) => {
      const task = tasks.get("t");
      const by = (a: { imageUUID: string }, b: { imageUUID: string }) =>
        a.imageUUID.localeCompare(b.imageUUID);
      return task === undefined
        ? undefined
        : {
            ...task,
            received: task.received.toSorted(by),
            staged: task.staged.toSorted(by),
            saved: task.saved.toSorted(),
          };
    };
    fc.assert(
      fc.property(fc.array(fc.nat(notes.length - 1)), (again) => {
        const repeated = again.flatMap((index) => notes[index] ?? []);
        expect(sorted(folded([...notes, ...repeated]))).toEqual(expected);
      }),
    );
  });

  test("the time of a task is that of its first line", () => {
    const tasks: OpenTasks = new Map();
    const [planned, submitting] = life("t");
    for (const [note, time] of [
      [planned, "first"],
      [submitting, "second"],
      [planned, "third"],
    ] as const) {
      if (note !== undefined) {
        applyLine(tasks, stamped(note, time));
      }
    }
    expect(tasks.get("t")?.time).toBe("first");
  });

  test("what is noted of a task that has ended, or that nobody knows, opens none", () => {
    const late = life("t").slice(2, -1);
    expect(folded([...life("t"), ...late]).size).toBe(0);
    expect(folded(late).size).toBe(0);
  });

  test("a task that is planned anew after its end is open, and not sent", () => {
    const [planned] = life("t");
    const again = folded([...life("t"), ...(planned === undefined ? [] : [planned])]).get("t");
    expect(again).toMatchObject({ submission: null, isAccepted: false, received: [], staged: [], saved: [] });
  });

  test("tasks stand in the order in which they were planned", () => {
    const ids = ["c", "a", "b"];
    const notes = [0, 1, 2].flatMap((step) =>
      ids.toSorted().flatMap((id) => (step === 0 ? [] : (life(id)[step] ?? []))),
    );
    const planned = ids.flatMap((id) => life(id)[0] ?? []);
    expect([...folded([...planned, ...notes]).keys()]).toEqual(ids);
  });
});
