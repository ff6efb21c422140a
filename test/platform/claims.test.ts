import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClaimFiles } from "../../src/platform/claims.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { Leases } from "../../src/platform/leases.ts";
import type { ProcessIdentity } from "../../src/platform/processIdentity.ts";

let storage = "";
const windows: Leases[] = [];
beforeEach(() => {
  storage = mkdtempSync(path.join(os.tmpdir(), "image-remix-claims-"));
});
afterEach(async () => {
  for (const leases of windows.splice(0)) {
    await leases.release();
  }
  rmSync(storage, { recursive: true, force: true });
});

/** The claims of a window, as if in a process with `identity`. */
function claims(identity?: ProcessIdentity, files = nodeFiles): ClaimFiles {
  const leases = new Leases(storage, files, { beat: 20, ...(identity === undefined ? {} : { identity }) });
  windows.push(leases);
  return new ClaimFiles(storage, files, leases);
}
const dead: ProcessIdentity = { host: os.hostname(), pid: 2 ** 22 + 1, started: null };
const claimFiles = () => readdirSync(path.join(storage, "journal")).filter((name) => name.endsWith(".claim"));

test("of windows that want the same work at once, one gets it, and the next once it has been given back", async () => {
  const all = [claims(), claims(), claims()];
  const releases = (await Promise.all(all.map((one) => one.take("hero")))).filter((one) => one !== undefined);
  expect(releases).toHaveLength(1);
  expect(await claims().take("hero")).toBeUndefined();
  expect(await claims().take("other")).toBeDefined();
  await releases[0]?.();
  expect(await claims().take("hero")).toBeDefined();
});

test("the claim of a window elsewhere is given up when that window is silent, and not before", async () => {
  const elsewhere = { host: "another-machine", pid: 1, started: null };
  const silent = new Leases(storage, nodeFiles, { beat: 3_600_000, identity: elsewhere });
  const living = new Leases(storage, nodeFiles, { beat: 10, identity: elsewhere });
  windows.push(silent, living);
  await new ClaimFiles(storage, nodeFiles, silent).take("hero");
  await new ClaimFiles(storage, nodeFiles, living).take("other");
  expect(await claims().take("other")).toBeUndefined();
  expect(await claims().take("hero")).toBeDefined();
  await new ClaimFiles(storage, nodeFiles, silent).take("third");
  await claims().sweep();
  expect(claimFiles()).toHaveLength(2);
});

test("nor does a window get twice what it has, however close together it asks", async () => {
  const own = claims();
  const [first, second] = await Promise.all([own.take("hero"), own.take("hero")]);
  expect([first === undefined, second === undefined]).toEqual([false, true]);
  expect(await own.take("hero")).toBeUndefined();
  await first?.();
  expect(await own.take("hero")).toBeDefined();
  expect(claimFiles()).toHaveLength(1);
});

test("a claim that could not be removed when it was given back does not lock its own window out", async () => {
  let isHeldByScanner = true;
  const rm: typeof nodeFiles.rm = (...given) =>
    isHeldByScanner ? Promise.reject(new Error("EBUSY")) : nodeFiles.rm(...given);
  const own = claims(undefined, { ...nodeFiles, rm });
  await expect((await own.take("hero"))?.()).rejects.toThrow("EBUSY");
  isHeldByScanner = false;
  const again = await own.take("hero");
  expect(again).toBeDefined();
  await again?.();
  expect(claimFiles()).toEqual([]);
});

test("the claim of a window that is gone counts for nothing", async () => {
  expect(await claims(dead).take("hero")).toBeDefined();
  expect(await claims().take("hero")).toBeDefined();
  expect(await claims().take("hero")).toBeUndefined();
});

test("claims of windows that are gone are cleared away, and no others", async () => {
  await claims(dead).take("left");
  await claims().take("held");
  expect(claimFiles()).toHaveLength(2);
  const own = claims();
  await own.take("own");
  await own.sweep();
  expect(claimFiles()).toHaveLength(2);
  expect(await claims().take("held")).toBeUndefined();
  expect(await claims().take("left")).toBeDefined();
});

test("a claim that is only being written is not taken for that of a window that is gone", async () => {
  const other = claims();
  let seen: unknown = "not asked";
  const slow = {
    ...nodeFiles,
    writeFile: async (...given: Parameters<typeof nodeFiles.writeFile>) => {
      if (!String(given[0]).endsWith(".claim")) {
        return nodeFiles.writeFile(...given);
      }
      // Between making a file and filling it, another window comes by.
      await nodeFiles.writeFile(given[0], "", given[2]);
      seen = await other.take("hero");
      await nodeFiles.writeFile(given[0], given[1]);
    },
  };
  const own = await claims(undefined, slow).take("hero");
  const [mine, theirs] = [own !== undefined, seen !== undefined && seen !== "not asked"];
  expect(mine && theirs).toBe(false);
});
