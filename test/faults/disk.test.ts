/** F1, F4, F7: what becomes of a picture that its folder does not take. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { keptFolder } from "../../src/platform/resultFiles.ts";
import { sha256 } from "../emulator/ledger.ts";
import { expectAllSafe } from "./invariants.ts";
import { restart, runWith } from "./runs.ts";
import { Window } from "./window.ts";
import { filesIn, newWorld, removeWorld, startService, tinyPicture, type World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });
const service = await startService();
afterAll(() => service.emulator.close());

/** Fills a small disk up to the last byte. */
function fill(folder: string): void {
  try {
    writeFileSync(path.join(folder, "filling"), new Uint8Array(1_000_000));
  } catch {
    // Full.
  }
}

/** Lays a disk of 256 kB over the folder of the sources. @returns how to take it away */
function smallDisk({ pictures, sources, before }: World): () => void {
  const contents = [...before.keys()].map((file) => [file, readFileSync(file)] as const);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", pictures]);
  for (const [file, content] of contents) {
    writeFileSync(file, content);
  }
  expect(sources.length).toBeGreaterThan(0);
  return () => execFileSync("umount", [pictures]);
}

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

/** Files of a folder that takes names and no content. */
function withoutRoom(folder: string): Files {
  const open: Files["open"] = async (file, ...given) => {
    const handle = await nodeFiles.open(file, ...given);
    if (path.dirname(String(file)) === folder) {
      const write = handle.writeFile.bind(handle);
      handle.writeFile = async (data, ...others) => {
        if (data instanceof Uint8Array && data.length > 0) {
          throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
        }
        await write(data, ...others);
      };
    }
    return handle;
  };
  return { ...nodeFiles, open };
}

test("F1: what a full disk does not take is kept in storage", async () => {
  const world = newWorld(service, 2);
  const release = mayMount ? smallDisk(world) : () => undefined;
  const files = mayMount ? nodeFiles : withoutRoom(world.pictures);
  fill(world.pictures);
  const window = new Window(world.place, { concurrency: 1, files });
  const { saved, failed } = await window.start({ sources: world.sources, results: 2 }).outcome;
  await window.close();
  expect(saved).toEqual([]);
  expect(new Set(failed.map(({ failure }) => failure.code))).toEqual(new Set(["diskFull"]));
  const charged = service.emulator.ledger.charged();
  // Those of the first source: after that nothing more is sent whose results would find no room.
  expect(charged).toHaveLength(2);
  const kept = readdirSync(keptFolder(world.place.storage));
  expect(kept).toHaveLength(charged.length);
  expect(failed.flatMap(({ keptAs }) => keptAs ?? []).sort()).toEqual(
    filesIn(keptFolder(world.place.storage)),
  );
  rmSync(path.join(world.pictures, "filling"));
  await expectAllSafe(world);
  release();
  removeWorld(world);
});

test("F1, F2: with storage full as well the task stays open, and the picture is fetched later", async () => {
  const world = newWorld(service);
  let isFull = false;
  const full = () => Promise.reject(Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" }));
  const files = new Proxy(nodeFiles, {
    get: (target, name) =>
      isFull && ["writeFile", "link"].includes(String(name)) ? full : Reflect.get(target, name),
  });
  const window = new Window(world.place, { files });
  window.jobs.onChange(() => {
    isFull ||= window.jobs.running.some(({ state }) => state === "downloading");
  });
  const { failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  expect(failed.map(({ failure }) => [failure.code, failure.isOpen])).toEqual([["diskFull", true]]);
  expect(window.journal.openTasks()).toHaveLength(1);
  isFull = false;
  const { saved } = await window.finish(window.journal.openTasks());
  expect(saved).toHaveLength(1);
  await window.close();
  await restart(world);
  await expectAllSafe(world);
  removeWorld(world);
});

test.each(["ENOSPC", "EACCES", "EIO"])("F2: what cannot be written down (%s) is not sent", async (code) => {
  const world = newWorld(service, 3);
  const open = () => Promise.reject(Object.assign(new Error(`${code}: open`), { code }));
  const window = new Window(world.place, { files: { ...nodeFiles, open } });
  const { failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  await window.close();
  expect(failed).toHaveLength(3);
  expect(service.emulator.ledger.requests()).toEqual([]);
  removeWorld(world);
});

test("F4: a new file that is held for a moment gets its name all the same", async () => {
  const world = newWorld(service);
  const { outcome } = await runWith(
    world,
    { kind: "fail", at: 4, error: "EBUSY", lasts: false },
    { results: 1 },
  );
  expect(outcome?.failed.length ?? 0).toBeLessThanOrEqual(1);
  await restart(world);
  await expectAllSafe(world);
  removeWorld(world);
});

test("F7: a folder that goes while its picture is drawn is not made anew; the picture is kept", async () => {
  const world = newWorld(service);
  const window = new Window(world.place);
  let isGone = false;
  window.jobs.onChange(() => {
    if (!isGone && window.jobs.running.some(({ state }) => state === "downloading")) {
      isGone = true;
      rmSync(world.pictures, { recursive: true });
    }
  });
  const { failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  await window.close();
  expect(failed.map(({ failure }) => failure.code)).toEqual(["readOnly"]);
  const [kept = ""] = filesIn(keptFolder(world.place.storage));
  expect(world.drawn.has(sha256(readFileSync(kept)))).toBe(true);
  expect(filesIn(world.pictures)).toEqual([]);
  removeWorld(world);
});

test("F7: for a folder that is gone nothing is bought but what was ready to be sent", async () => {
  const world = newWorld(service, 12);
  const window = new Window(world.place, { concurrency: 1 });
  window.jobs.onChange(() => {
    if (window.jobs.running.some(({ state }) => state === "downloading")) {
      rmSync(world.pictures, { recursive: true, force: true });
    }
  });
  const { saved, failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  await window.close();
  expect([saved.length, failed.length]).toEqual([0, 12]);
  expect(filesIn(world.pictures)).toEqual([]);
  const charged = service.emulator.ledger.charged();
  // The first, and the two that are prepared ahead of their turn.
  expect(charged.length).toBeLessThanOrEqual(3);
  expect(filesIn(keptFolder(world.place.storage))).toHaveLength(charged.length);
  expect(failed.filter(({ keptAs }) => keptAs !== undefined)).toHaveLength(charged.length);
  removeWorld(world);
});

test("F5: a source that is gone by the time it is its turn costs nothing", async () => {
  const world = newWorld(service, 2);
  const [, second = ""] = world.sources;
  rmSync(second);
  const window = new Window(world.place, { concurrency: 1 });
  const { saved, failed } = await window.start({ sources: world.sources, results: 1 }).outcome;
  await window.close();
  expect([saved.length, failed.map(({ failure }) => failure.code)]).toEqual([1, ["sourceGone"]]);
  expect(service.emulator.ledger.charged()).toHaveLength(1);
  removeWorld(world);
});

test("F6: what is written down of a source is what was sent, whatever becomes of the file", async () => {
  const world = newWorld(service);
  const [file = ""] = world.sources;
  const window = new Window(world.place);
  const hashes = new Set<string>();
  window.jobs.onChange(() => {
    for (const { submission } of window.journal.openTasks()) {
      if (submission !== null) {
        hashes.add(submission.sourceSha256);
        writeFileSync(file, tinyPicture("another"));
      }
    }
  });
  const { saved } = await window.start({ sources: world.sources, results: 1 }).outcome;
  await window.close();
  expect(saved).toHaveLength(1);
  const sent = service.emulator.ledger.uploads().map(({ sha256 }) => sha256);
  expect([...hashes]).toEqual([world.before.get(file)]);
  expect(sent).toEqual([world.before.get(file)]);
  removeWorld(world);
});

const awkwardNames = [
  // Composed and decomposed: two names, of which only bytes differ.
  "caf\u00e9",
  "cafe\u0301",
  "Case",
  "case",
  "con",
  "dot.",
  "two\nlines",
  "\u202egnp",
  " spaces ",
  "per%cent",
  "x".repeat(230),
];

test("F9: awkward names give names of their own, and every picture is there", async () => {
  const world = newWorld(service);
  const sources = awkwardNames.map((name) => path.join(world.pictures, `${name}.png`));
  for (const file of sources) {
    writeFileSync(file, tinyPicture(file));
  }
  const there = new Set(filesIn(world.pictures));
  const window = new Window(world.place);
  const { saved, failed } = await window.start({ sources, results: 2 }).outcome;
  await window.close();
  expect(failed.map(({ failure }) => failure.message)).toEqual([]);
  const made = filesIn(world.pictures).filter((file) => !there.has(file) && file.endsWith(".png"));
  expect(new Set(made)).toEqual(new Set(saved.map(({ output }) => output)));
  expect(made.map((file) => path.dirname(file))).toEqual(made.map(() => world.pictures));
  expect(made).toHaveLength(sources.length * 2);
  expect(new Set(made.map((file) => world.drawn.get(sha256(readFileSync(file))))).size).toBe(made.length);
  removeWorld(world);
});

test.each([".git", "node_modules"])("F13: nothing is paid for what would lie in %s", async (name) => {
  const world = newWorld(service);
  const folder = path.join(world.pictures, name, "deep");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "tin.png");
  writeFileSync(file, tinyPicture("tin"));
  const window = new Window(world.place);
  const { failed } = await window.start({ sources: [file], results: 1 }).outcome;
  await window.close();
  expect(failed.map(({ failure }) => failure.code)).toEqual(["excluded"]);
  expect(service.emulator.ledger.requests()).toEqual([]);
  expect(filesIn(folder)).toEqual([file]);
  removeWorld(world);
});
