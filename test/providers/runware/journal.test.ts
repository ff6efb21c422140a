/** What stands on disk, whenever the process ends: behaviour 23. */
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fetchHttp } from "../../../src/platform/http.ts";
import { JournalFile } from "../../../src/platform/taskJournal.ts";
import type { HttpPort } from "../../../src/providers/runware/ports.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { expectPromisesKept, play } from "./world.ts";

const submission = {
  taskUUID: "c66f635c-915f-4f27-8add-f02b6510a321",
  model: "ideogram:1@2",
  endpoint: "https://api.runware.ai/v1",
  source: "/pictures/hero.png",
  destination: "/pictures",
  request: { width: 1024 },
};
const result = { imageUUID: "3412e246-0d5e-4e0c-acef-18688eecdb10", imageURL: null, cost: 0.06, seed: "5" };

describe("the file", () => {
  let storage = "";
  let file = "";
  beforeEach(async () => {
    storage = await mkdtemp(path.join(os.tmpdir(), "image-remix-journal-"));
    file = path.join(storage, "deeper", "tasks.jsonl");
  });
  afterEach(() => rm(storage, { recursive: true }));

  function journal(): JournalFile {
    return new JournalFile(path.dirname(file), () => new Date(Date.UTC(2026, 10, 1)));
  }

  test("says what is open until it is settled", async () => {
    expect(await journal().unsettled()).toEqual({ tasks: [], unreadableLines: 0 });
    await journal().submitting(submission);
    const time = "2026-11-01T00:00:00.000Z";
    const open = { ...submission, time, isAccepted: false, received: [] };
    expect((await journal().unsettled()).tasks).toEqual([open]);
    await journal().accepted(submission.taskUUID);
    await journal().received(submission.taskUUID, result);
    await journal().received(submission.taskUUID, result);
    expect((await journal().unsettled()).tasks).toEqual([{ ...open, isAccepted: true, received: [result] }]);
    await journal().settled(submission.taskUUID, "delivered");
    expect((await journal().unsettled()).tasks).toEqual([]);
  });

  test("a torn last line takes no other with it, wherever it was torn", async () => {
    await journal().submitting(submission);
    const whole = await readFile(file);
    const second = { ...submission, taskUUID: "11111111-915f-4f27-8add-f02b6510a321" };
    await journal().submitting(second);
    const { length } = await readFile(file);
    for (let size = length - 1; size > whole.length; size -= 7) {
      await truncate(file, size);
      const { tasks, unreadableLines } = await journal().unsettled();
      expect(tasks.map(({ taskUUID }) => taskUUID).slice(0, 1)).toEqual([submission.taskUUID]);
      expect(unreadableLines).toBe(0);
    }
    await journal().submitting({ ...second, model: "later" });
    const { tasks, unreadableLines } = await journal().unsettled();
    expect(tasks.map(({ model }) => model)).toEqual([submission.model, "later"]);
    expect(unreadableLines).toBe(1);
  });

  test("lines of later versions and rubbish are left alone, and counted", async () => {
    await journal().submitting(submission);
    await appendFile(file, '{"version":2,"kind":"settled"}\nrubbish\n{"version":1,"kind":"odd"}\n');
    expect(await journal().unsettled()).toMatchObject({ tasks: [submission], unreadableLines: 3 });
  });

  test("many lines at once all arrive whole, from several windows", async () => {
    const windows = [journal(), journal(), journal()];
    const ids = Array.from({ length: 60 }, (_, index) => `task-${index}`);
    await Promise.all(
      ids.map((taskUUID, index) => windows[index % 3]?.submitting({ ...submission, taskUUID })),
    );
    const { tasks, unreadableLines } = await journal().unsettled();
    expect(tasks.map(({ taskUUID }) => taskUUID).sort()).toEqual(ids.sort());
    expect(unreadableLines).toBe(0);
  });

  test("a folder that cannot be written is a failure, and so is a file that cannot be read", async () => {
    await writeFile(path.join(storage, "deeper"), "a file in the way");
    await expect(journal().submitting(submission)).rejects.toMatchObject({ name: "RemixFailure" });
    await expect(journal().unsettled()).rejects.toMatchObject({ name: "RemixFailure" });
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
  const whole = 6;
  const exchanges = Array.from({ length: whole + 1 }, (_, index) => index + 1);
  test.each(
    exchanges.flatMap((at) => [
      { at, dies: "before" as const },
      { at, dies: "after" as const },
    ]),
  )("$dies exchange $at leaves nothing that is paid for and forgotten", async ({ at, dies }) => {
    const played = await play(emulator, { recipe: { numberResults: 2 }, parts: { http: mortal(at, dies) } });
    const isOver = at > whole;
    expect(played.failure?.message).toBe(isOver ? undefined : "killed");
    const { tasks } = played.unsettled;
    expect(tasks.map(({ taskUUID }) => taskUUID)).toEqual(isOver ? [] : [played.taskUUID]);
    await expectPromisesKept(emulator, played);
  });
});
