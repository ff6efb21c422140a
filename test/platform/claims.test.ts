import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
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
const claimFiles = (folder = storage) =>
  readdirSync(path.join(folder, "journal")).filter((name) => name.endsWith(".claim"));

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
  const late = await new ClaimFiles(storage, nodeFiles, silent).take("hero");
  await new ClaimFiles(storage, nodeFiles, living).take("other");
  expect(await claims().take("other")).toBeUndefined();
  const heir = await claims().take("hero");
  expect(heir).toBeDefined();
  // It was only slow: what it gives back now is not its own any more.
  await late?.();
  expect(claimFiles()).toHaveLength(2);
  await heir?.();
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

test("nor does a window's that died while it removed such a claim", async () => {
  await claims(dead).take("hero");
  const rm: typeof nodeFiles.rm = (...given) =>
    String(given[0]).endsWith(".claim") ? Promise.reject(new Error("EIO")) : nodeFiles.rm(...given);
  await expect(claims(dead, { ...nodeFiles, rm }).take("hero")).rejects.toThrow("EIO");
  expect(claimFiles()).toHaveLength(2);
  expect(await claims().take("hero")).toBeDefined();
  await claims().sweep();
  expect(claimFiles()).toHaveLength(1);
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

/** Lets the calls of several windows on claims happen one after the other, in an order that is chosen. */
class Steps {
  readonly #waiting = new Map<number, () => void>();

  /** The files as one of the windows has them. */
  of(window: number): typeof nodeFiles {
    const turn = async (file: unknown) => {
      if (String(file).endsWith(".claim")) {
        await new Promise<void>((go) => this.#waiting.set(window, go));
      }
    };
    const readFile = async (...given: Parameters<typeof nodeFiles.readFile>) => {
      await turn(given[0]);
      return nodeFiles.readFile(...given);
    };
    return {
      ...nodeFiles,
      readFile: readFile as typeof nodeFiles.readFile,
      link: (...given) => turn(given[1]).then(() => nodeFiles.link(...given)),
      rename: (...given) => turn(given[1]).then(() => nodeFiles.rename(...given)),
      rm: (...given) => turn(given[0]).then(() => nodeFiles.rm(...given)),
      writeFile: (...given) => turn(given[0]).then(() => nodeFiles.writeFile(...given)),
    };
  }

  /**
   * @param work what each window does
   * @param order windows whose next call comes next; from the beginning again once it is over
   */
  async run<Value>(work: readonly Promise<Value>[], order: readonly number[]): Promise<readonly Value[]> {
    const busy = new Set(work.keys());
    const all = Promise.all(work.map((one, window) => one.finally(() => busy.delete(window))));
    for (let step = 0; busy.size > 0; step++) {
      const wanted = order[step % order.length] ?? 0;
      const window = busy.has(wanted) ? wanted : Math.min(...busy);
      while (busy.has(window) && !this.#waiting.has(window)) {
        await setImmediate();
      }
      this.#waiting.get(window)?.();
      this.#waiting.delete(window);
    }
    return all;
  }
}

test("of windows at the claim of one that is gone one gets it, in whatever order their steps fall", async () => {
  const order = fc.array(fc.nat(2), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(order, fc.boolean(), async (turns, isLastSweeping) => {
      const folder = mkdtempSync(path.join(storage, "run-"));
      const left = new Leases(folder, nodeFiles, { identity: dead });
      await new ClaimFiles(folder, nodeFiles, left).take("hero");
      await left.release();
      const steps = new Steps();
      const all = [0, 1, 2].map((window) => {
        const files = steps.of(window);
        const leases = new Leases(folder, files);
        windows.push(leases);
        return new ClaimFiles(folder, files, leases);
      });
      const taken = await steps.run(
        all.map((one, window) =>
          isLastSweeping && window === 2 ? one.sweep().then(() => undefined) : one.take("hero"),
        ),
        turns,
      );
      const releases = taken.filter((one) => one !== undefined);
      // Who only clears up may keep the others waiting for longer than they do.
      expect(releases.length).toBeGreaterThanOrEqual(isLastSweeping ? 0 : 1);
      expect(releases.length).toBeLessThanOrEqual(1);
      expect(claimFiles(folder)).toHaveLength(releases.length);
      await steps.run(
        taken.map(async (release) => release?.()),
        turns,
      );
      expect(claimFiles(folder)).toEqual([]);
    }),
    // In this order, a window that removed late what it had found stale let two others have the claim.
    { numRuns: 100, examples: [[[0, 2, 0, 2, 0, 1], false]] },
  );
});
