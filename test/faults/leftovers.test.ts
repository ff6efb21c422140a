/** F10, F11, F12: what stands in journals and folders of windows that are gone, or not. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { expectAllSafe } from "./invariants.ts";
import { countSteps, restart, runWith } from "./runs.ts";
import { Window } from "./window.ts";
import { bury, filesIn, newWorld, removeWorld, startService, type World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });
const service = await startService();
afterAll(() => service.emulator.close());

/** The one journal of a window that died in the middle. */
function journalOf({ place }: World): string {
  const [file = ""] = filesIn(path.join(place.storage, "journal")).filter((name) => name.endsWith(".jsonl"));
  return file;
}

async function dieAtLast(world: World, call: string): Promise<void> {
  const fresh = newWorld(service);
  const { shim } = await runWith(fresh, undefined);
  removeWorld(fresh);
  const at = shim.calls.lastIndexOf(call) + 1;
  expect(at).toBeGreaterThan(0);
  world.emulator.reset();
  await runWith(world, { kind: "die", at, when: "after" });
}

test("F10: a picture that has its name and is not noted yet is found, and not made twice", async () => {
  const world = newWorld(service);
  await dieAtLast(world, "link");
  const { recovered } = await restart(world);
  expect(recovered.saved).toHaveLength(1);
  await expectAllSafe(world);
  removeWorld(world);
});

test("F11: a torn last line and lines that stand there twice change nothing", async () => {
  const world = newWorld(service);
  await dieAtLast(world, "link");
  const file = journalOf(world);
  const text = readFileSync(file, "utf8");
  appendFileSync(file, `${text}{"version":1,"time":"2026-11-2`);
  const { recovered, unreadable } = await restart(world);
  expect([recovered.failed.length, unreadable.length]).toEqual([0, 0]);
  await expectAllSafe(world);
  removeWorld(world);
});

test("F11: the journal of a later version is left as it is, to the byte", async () => {
  const world = newWorld(service);
  await dieAtLast(world, "link");
  const file = journalOf(world);
  appendFileSync(
    file,
    `${JSON.stringify({ version: 2, kind: "dreamt", time: "2027-01-01", taskUUID: "t" })}\n`,
  );
  const before = readFileSync(file);
  const { recovered, unreadable } = await restart(world);
  expect(unreadable).toEqual([file]);
  expect([recovered.saved, recovered.failed, recovered.unsent]).toEqual([[], [], []]);
  expect(readFileSync(file)).toEqual(before);
  removeWorld(world);
});

test("F12: what another window is writing at the moment is left alone", async () => {
  const world = newWorld(service, 2);
  const busy = new Window(world.place);
  const forget = await busy.pending.note(path.join(world.pictures, ".now.image-remix.tmp"));
  writeFileSync(path.join(world.pictures, ".now.image-remix.tmp"), "half");
  await busy.leases.hold();
  const other = new Window(world.place);
  await other.recover();
  expect(readdirSync(world.pictures)).toContain(".now.image-remix.tmp");
  await forget();
  await other.close();
  await busy.close();
  bury(world);
  removeWorld(world);
});

test("H8: what is cancelled before it is sent costs nothing; what is in flight is fetched later", async () => {
  const world = newWorld(service, 6);
  const window = new Window(world.place, { concurrency: 2 });
  const batch = window.start({ sources: world.sources, results: 1 });
  await vi.waitFor(() => expect(window.jobs.running.some(({ state }) => state === "drawing")).toBe(true), {
    interval: 1,
  });
  batch.cancel();
  const { saved, failed } = await batch.outcome;
  const abandoned = failed.filter(({ failure }) => failure.code === "abandoned");
  expect(saved.length + failed.length).toBe(6);
  expect(failed.filter(({ failure }) => failure.code === "cancelled").length).toBeGreaterThanOrEqual(3);
  for (const { failure } of abandoned) {
    expect(failure.message).toContain("may still be charged");
  }
  await world.emulator.settled();
  const later = await window.finish(
    window.journal.openTasks().filter(({ submission }) => submission !== null),
  );
  expect(later.failed).toEqual([]);
  await window.close();
  bury(world);
  await restart(world);
  await expectAllSafe(world);
  removeWorld(world);
});

test("H2, H3: a window that closes stops at once, and the next one goes on", async () => {
  const world = newWorld(service, 6);
  const window = new Window(world.place, { concurrency: 2 });
  const batch = window.start({ sources: world.sources, results: 1 });
  await vi.waitFor(() => expect(window.jobs.running.some(({ state }) => state === "drawing")).toBe(true), {
    interval: 1,
  });
  await window.close();
  await batch.outcome;
  bury(world);
  const { recovered, sent } = await restart(world);
  expect([...recovered.failed, ...sent.failed].map(({ failure }) => failure.message)).toEqual([]);
  expect(world.emulator.ledger.charged()).toHaveLength(6);
  await expectAllSafe(world);
  removeWorld(world);
});

test("a run where nothing goes wrong takes so many steps", async () => {
  const world = newWorld(service);
  expect(await countSteps(world, { kind: "die", at: 0, when: "before" })).toBeGreaterThan(60);
  removeWorld(world);
});
