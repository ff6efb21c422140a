/** What stands on disk, whenever the process ends: behaviour 23. */
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HttpPort } from "../../../src/engine/http.ts";
import type { Submission } from "../../../src/engine/journal.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { expectPromisesKept, journalIn, play } from "./world.ts";

const whole = { left: 0, top: 0, width: 96, height: 64 };
const submission: Submission = {
  taskUUID: "c66f635c-915f-4f27-8add-f02b6510a321",
  model: "ideogram:1@2",
  endpoint: "https://api.runware.ai/v1",
  source: "/pictures/hero.png",
  destination: "/pictures",
  sourceSha256: "0".repeat(64),
  size: { width: 1024, height: 1024 },
  fitting: { source: whole, target: whole, loss: 0 },
  outputFormat: "PNG",
  request: { width: 1024 },
};
const result = { imageUUID: "3412e246-0d5e-4e0c-acef-18688eecdb10", imageURL: null, cost: 0.06, seed: "5" };

describe("the file", () => {
  let storage = "";
  let folder = "";
  beforeEach(async () => {
    storage = await mkdtemp(path.join(os.tmpdir(), "image-remix-journal-"));
    folder = path.join(storage, "deeper", "journal");
  });
  afterEach(() => rm(storage, { recursive: true }));

  const journal = () => journalIn(path.join(storage, "deeper"));
  /** What a window that looks in from outside sees. */
  const open = () => journal().allOpenTasks();
  async function journalFiles(): Promise<readonly string[]> {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(".jsonl")).map((name) => path.join(folder, name));
  }
  async function onlyFile(): Promise<string> {
    const [file, ...others] = await journalFiles();
    expect(others).toEqual([]);
    return file ?? "";
  }

  test("says what is open until it is settled, and is removed with the last open task", async () => {
    expect(await open()).toEqual([]);
    const own = journal();
    const { taskUUID } = submission;
    await own.submitting(submission);
    expect(await open()).toMatchObject([
      { taskUUID, submission, plan: null, isAccepted: false, received: [] },
    ]);
    await own.accepted(taskUUID);
    await own.received(taskUUID, result);
    await own.received(taskUUID, result);
    expect(await open()).toMatchObject([{ taskUUID, submission, isAccepted: true, received: [result] }]);
    await own.settled(taskUUID, "delivered");
    expect(await open()).toEqual([]);
    expect(await journalFiles()).toEqual([]);
  });

  test("a torn last line takes no other with it, wherever it was torn", async () => {
    const own = journal();
    await own.submitting(submission);
    const file = await onlyFile();
    const first = await readFile(file);
    const second = { ...submission, taskUUID: "11111111-915f-4f27-8add-f02b6510a321" };
    await own.submitting(second);
    const { length } = await readFile(file);
    for (let size = length - 2; size > first.length; size -= 7) {
      await truncate(file, size);
      expect((await open()).map(({ taskUUID }) => taskUUID)).toEqual([submission.taskUUID]);
    }
    await own.submitting({ ...second, model: "later" });
    expect((await open()).map((task) => task.submission?.model)).toEqual([submission.model, "later"]);
  });

  test("lines of later versions make a journal one that is left as it is, and told", async () => {
    await journal().submitting(submission);
    const file = await onlyFile();
    await appendFile(file, '{"version":2,"kind":"settled"}\nrubbish\n{"version":1,"kind":"odd"}\n');
    const before = await readFile(file, "utf8");
    for (const name of await readdir(folder)) {
      // Its window is gone.
      await (name.endsWith(".lease") ? rm(path.join(folder, name)) : undefined);
    }
    expect(await journal().takeOver()).toMatchObject({ tasks: [], unreadable: [file] });
    expect(await readFile(await onlyFile(), "utf8")).toBe(before);
    expect(await open()).toMatchObject([{ submission }]);
  });

  test("many lines at once all arrive whole, from several windows", async () => {
    const windows = [journal(), journal(), journal()];
    const ids = Array.from({ length: 60 }, (_, index) => `task-${index}`);
    await Promise.all(
      ids.map((taskUUID, index) => windows[index % 3]?.submitting({ ...submission, taskUUID })),
    );
    expect((await open()).map(({ taskUUID }) => taskUUID).sort()).toEqual(ids.sort());
    expect(await journalFiles()).toHaveLength(3);
  });

  test("a folder that cannot be written is a failure, and so is one that cannot be read", async () => {
    await writeFile(path.join(storage, "deeper"), "a file in the way");
    await expect(journal().submitting(submission)).rejects.toMatchObject({ name: "RemixFailure" });
    await expect(open()).rejects.toThrow(/ENOTDIR|deeper/);
  });
});

const emulator = await startEmulator({ progressSteps: 1 });
afterAll(() => emulator.close());
vi.setConfig({ testTimeout: 30_000 });

/** A process that dies at its `last` exchange, before it is sent or after it was answered: nothing happens any more. */
function mortal(last: number, dies: "before" | "after"): HttpPort {
  let count = 0;
  const death = () => Promise.reject(new Error("killed"));
  async function live<Value>(act: () => Promise<Value>): Promise<Value> {
    count++;
    if (count > last || (count === last && dies === "before")) {
      return await death();
    }
    const value = await act();
    return count === last ? await death() : value;
  }
  return {
    post: (...given) => live(() => fetchHttp.post(...given)),
    get: (...given) => live(() => fetchHttp.get(...given)),
  };
}

describe("a process that ends", () => {
  beforeEach(() => emulator.reset());

  // The submission, three polls and two downloads.
  const count = 6;
  const exchanges = Array.from({ length: count + 1 }, (_, index) => index + 1);
  test.each(
    exchanges.flatMap((at) => [
      { at, dies: "before" as const },
      { at, dies: "after" as const },
    ]),
  )("$dies exchange $at leaves nothing that is paid for and forgotten", async ({ at, dies }) => {
    const played = await play(emulator, { recipe: { numberResults: 2 }, parts: { http: mortal(at, dies) } });
    const isOver = at > count;
    expect(played.failure?.message).toBe(isOver ? undefined : "killed");
    expect(played.unsettled.map(({ taskUUID }) => taskUUID)).toEqual(isOver ? [] : [played.taskUUID]);
    await expectPromisesKept(emulator, played);
  });
});
