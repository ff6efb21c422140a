import { afterEach, expect, test, vi } from "vitest";
import { recoverLeftovers } from "../src/leftovers.ts";
import { ClaimFiles } from "../src/platform/claims.ts";
import { nodeFiles } from "../src/platform/files.ts";
import { PendingFiles } from "../src/platform/pendingFiles.ts";
import { Bench } from "./engine/bench.ts";

const open: Bench[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.close();
  }
});

test("a window that is still ending, or dies later, is looked after again, without anybody doing anything", async () => {
  const ending = new Bench();
  const next = new Bench({ root: ending.root });
  open.push(next);
  await ending.journal.planned([ending.plan("left")]);
  const found: string[] = [];
  let looks = 0;
  const stop = new AbortController();
  const over = recoverLeftovers({
    recovery: {
      atStart: async () => {
        const { tasks, unreadable, others } = await next.journal.takeOver();
        found.push(...tasks.map(({ taskUUID }) => taskUUID));
        looks++;
        return { isWhole: unreadable.length === 0, others };
      },
    },
    pending: new PendingFiles(next.storage),
    journal: next.journal,
    claims: new ClaimFiles(next.storage, nodeFiles, next.leases),
    clock: next.clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: stop.signal,
  });
  await vi.waitFor(() => expect(looks).toBe(1));
  expect(found).toEqual([]);
  await ending.leases.release();
  await vi.waitFor(() => {
    next.clock.advance(60_000);
    expect(found).toEqual(["left"]);
  });
  // Nobody else is left who could leave anything: it ends by itself.
  await over;
  expect(looks).toBe(2);
});

test("looking ends with the window", async () => {
  const there = new Bench();
  const next = new Bench({ root: there.root });
  open.push(next, there);
  await there.journal.planned([there.plan("busy")]);
  const stop = new AbortController();
  const over = recoverLeftovers({
    recovery: { atStart: async () => ({ isWhole: true, others: (await next.journal.takeOver()).others }) },
    pending: new PendingFiles(next.storage),
    journal: next.journal,
    claims: new ClaimFiles(next.storage, nodeFiles, next.leases),
    clock: next.clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: stop.signal,
  });
  stop.abort();
  await over;
  expect((await there.onDisk()).map(({ taskUUID }) => taskUUID)).toEqual(["busy"]);
});
