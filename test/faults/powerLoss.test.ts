/** F14: the power goes at any step, and with it what was not synced. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { expectAllSafe } from "./invariants.ts";
import { MemoryDisk } from "./memoryDisk.ts";
import { countSteps, restart, runWith } from "./runs.ts";
import { chance, isFull, sample } from "./sampling.ts";
import { newWorld, removeWorld, startService, type World } from "./world.ts";

vi.setConfig({ testTimeout: isFull ? 600_000 : 60_000 });
const service = await startService();
afterAll(() => service.emulator.close());

/** A disk with the files that are in `world` already. */
function diskOf(world: World): MemoryDisk {
  const disk = new MemoryDisk();
  disk.makeFolder(world.pictures);
  for (const file of world.before.keys()) {
    disk.put(file, readFileSync(file));
  }
  return disk;
}

/** Brings what is on the disk to where it can be looked at. */
function writeOut(disk: MemoryDisk): void {
  for (const [file, content] of disk.all()) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

test.each([
  { what: "everything that was not synced is lost", share: 0 },
  { what: "some of it got to the disk", share: 0.5 },
  { what: "everything got to the disk", share: 1 },
])("F14: the power goes at any step, and $what", async ({ share }) => {
  const survives = () => chance() < share;
  const fresh = newWorld(service);
  const usual = { files: diskOf(fresh).files };
  const count = await countSteps(fresh, { kind: "die", at: 0, when: "after" }, usual);
  removeWorld(fresh);
  expect(count).toBeGreaterThan(50);
  const broken: string[] = [];
  for (const at of sample(
    Array.from({ length: count }, (_step, index) => index + 1),
    12,
  )) {
    const world = newWorld(service);
    const disk = diskOf(world);
    const { shim } = await runWith(world, { kind: "die", at, when: "after" }, { files: disk.files });
    disk.losePower(survives);
    try {
      bootAnew(disk);
      const { recovered, sent } = await restart(world, { files: disk.files });
      const failed = [...recovered.failed, ...sent.failed];
      expect(failed.map(({ failure }) => failure.message)).toEqual([]);
      writeOut(disk);
      await expectAllSafe(world, { mayLeaveTemporary: true });
    } catch (cause) {
      broken.push(`step ${at}: ${shim.hit}\n${String(cause)}`);
    }
    removeWorld(world);
  }
  expect(broken.join("\n\n")).toBe("");
});

/** No process of before is there any more. */
function bootAnew(disk: MemoryDisk): void {
  for (const [file, content] of disk.all().filter(([name]) => /\.(lease|lease\.tmp|json)$/.test(name))) {
    const text = new TextDecoder().decode(content);
    disk.put(file, new TextEncoder().encode(text.replace(`"pid":${process.pid},`, `"pid":${2 ** 22 + 1},`)));
  }
}
