import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  discardResult,
  makeReplacement,
  planReplacement,
  type ReviewParts,
  restoreResult,
  undoReplacement,
} from "../../src/engine/replacing.ts";
import { lastReplacements, type Replacement } from "../../src/engine/review.ts";
import { sidecarText } from "../../src/engine/sidecar.ts";
import { PendingFiles } from "../../src/platform/pendingFiles.ts";
import { paidProvenance } from "../fixtures/provenances.ts";
import { watchedFiles } from "../fixtures/watchedFiles.ts";
import { hashesBelow, hashOf, isSomewhere, remove, reviewParts } from "./reviewBench.ts";

const [oldText, newText] = ["png:the source", "png:the result"];
let root = "";
let storage = "";
let source = "";
let result = "";
const inFolder = (name: string) => path.join(root, "pictures", name);
const text = (file: string) => readFileSync(file, "utf8");

function freshRoot(): void {
  root = mkdtempSync(path.join(os.tmpdir(), "image-remix-review-"));
  storage = path.join(root, "storage");
  mkdirSync(path.join(root, "pictures"));
  [source, result] = [inFolder("hero.png"), inFolder("hero.remix-1.png")];
  writeFileSync(source, oldText);
  writeFileSync(result, newText);
}
beforeEach(freshRoot);
afterEach(() => remove(root));

/** A window that opens now, with nothing remembered. */
const parts = () => reviewParts(storage);
async function replace(using: ReviewParts = parts()): Promise<Replacement> {
  return makeReplacement(using, await planReplacement(using, source, result, 95));
}
async function last(using: ReviewParts = parts()): Promise<Replacement> {
  const [found] = lastReplacements(await using.bin.entries());
  if (found === undefined) {
    throw new Error("there is nothing to undo");
  }
  return found;
}

describe("replacing a source", () => {
  test("writes the result's bytes, keeps the old ones, permissions and everything else", async () => {
    chmodSync(source, 0o640);
    const entry = await replace();
    expect(text(source)).toBe(newText);
    expect(text(result)).toBe(newText);
    expect(statSync(source).mode & 0o777).toBe(0o640);
    expect(text(parts().bin.pathOf(entry))).toBe(oldText);
    expect(readdirSync(path.join(root, "pictures"))).toEqual(["hero.png", "hero.remix-1.png"]);
    expect(readdirSync(path.join(storage, "pending"))).toEqual([]);
  });

  test("can be undone in a later window, once, and leaves no copy in the bin", async () => {
    await replace();
    const replacement = await last();
    await undoReplacement(parts(), replacement);
    expect(text(source)).toBe(oldText);
    expect(await parts().bin.entries()).toEqual([]);
    expect(isSomewhere(path.join(storage, "bin"), hashOf(oldText))).toBe(false);
  });

  test("is not undone once the file has changed, and says where the old bytes are", async () => {
    const { id } = await replace();
    writeFileSync(source, "png:worked on");
    const replacement = await last();
    await expect(undoReplacement(parts(), replacement)).rejects.toMatchObject({
      code: "sourceGone",
      message: expect.stringContaining(parts().bin.pathOf(replacement)),
    });
    expect(text(source)).toBe("png:worked on");
    expect((await last()).id).toBe(id);
  });

  test("is not undone with bytes that are no longer those of the source", async () => {
    const entry = await replace();
    writeFileSync(parts().bin.pathOf(entry), "png:rotten");
    await expect(undoReplacement(parts(), entry)).rejects.toThrow("is damaged");
    expect(text(source)).toBe(newText);
  });

  test("keeps a result that only the source has left, when it is undone", async () => {
    const entry = await replace();
    rmSync(result);
    await undoReplacement(parts(), entry);
    const [kept, ...others] = await parts().bin.entries();
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ why: "discarded", origin: result, sha256: hashOf(newText) });
  });

  test("keeps a converted result that only the source has left under a name of its format", async () => {
    source = inFolder("hero.jpg");
    writeFileSync(source, "jpeg:the source");
    const plan = await planReplacement(parts(), source, result, 80);
    const entry = await makeReplacement(parts(), plan);
    rmSync(result);
    await undoReplacement(parts(), entry);
    const [kept] = await parts().bin.entries();
    expect(kept).toMatchObject({
      origin: inFolder("hero.remix-1.jpg"),
      sha256: hashOf("jpeg:the result at 80"),
    });
  });

  test("one after the other is undone from the last to the first", async () => {
    await replace();
    writeFileSync(inFolder("hero.remix-2.png"), "png:another");
    await makeReplacement(parts(), await planReplacement(parts(), source, inFolder("hero.remix-2.png"), 95));
    await undoReplacement(parts(), await last());
    expect(text(source)).toBe(newText);
    await undoReplacement(parts(), await last());
    expect(text(source)).toBe(oldText);
  });

  test("that never happened leaves the source alone, and its entry until no window can need it", async () => {
    const entry = await replace();
    writeFileSync(source, oldText);
    await undoReplacement(parts(), entry);
    expect(await parts().bin.entries()).toEqual([entry]);
    await undoReplacement({ ...parts(), now: () => new Date(Date.now() + 86_400_000) }, entry);
    expect(text(source)).toBe(oldText);
    expect(await parts().bin.entries()).toEqual([]);
  });

  test("converts a result of another format to the source's", async () => {
    writeFileSync(source, "jpeg:the source");
    const plan = await planReplacement(parts(), source, result, 80);
    expect(plan.convertedFrom).toBe("png");
    const entry = await makeReplacement(parts(), plan);
    expect(text(source)).toBe("jpeg:the result at 80");
    await undoReplacement(parts(), entry);
    expect(text(source)).toBe("jpeg:the source");
  });

  test.each(["svg", "gif", "avif", "bmp", "tiff"])(
    "says why a source that is %s cannot be replaced",
    async (format) => {
      writeFileSync(source, `${format}:the source`);
      await expect(planReplacement(parts(), source, result, 95)).rejects.toThrow(
        new RegExp(`^hero\\.png is a .*${format}.*result beside it instead\\.$`, "i"),
      );
    },
  );

  test("leaves a source alone that changed after it was looked at", async () => {
    const plan = await planReplacement(parts(), source, result, 95);
    writeFileSync(source, "png:worked on");
    await expect(makeReplacement(parts(), plan)).rejects.toThrow("hero.png was changed in the meantime");
    expect(text(source)).toBe("png:worked on");
  });

  test("refuses a write-protected source and takes its copy back", async () => {
    chmodSync(source, 0o444);
    await expect(replace()).rejects.toMatchObject({ code: "readOnly" });
    expect(text(source)).toBe(oldText);
    expect(await parts().bin.entries()).toEqual([]);
  });

  test("follows a link to the file", async () => {
    const link = inFolder("link.png");
    symlinkSync(source, link);
    const entry = await makeReplacement(parts(), await planReplacement(parts(), link, result, 95));
    expect([text(source), lstatSync(link).isSymbolicLink()]).toEqual([newText, true]);
    await undoReplacement(parts(), entry);
    expect(text(source)).toBe(oldText);
  });
});

describe("discarding a result", () => {
  test("moves it to the bin with its record, and brings both back under the same name", async () => {
    const record = sidecarText(paidProvenance, "full");
    writeFileSync(`${result}.json`, record);
    const entry = await discardResult(parts(), { path: result, isPaid: true });
    expect(readdirSync(path.join(root, "pictures"))).toEqual(["hero.png"]);
    expect(await restoreResult(parts(), entry)).toBe(result);
    expect([text(result), text(`${result}.json`)]).toEqual([newText, record]);
    expect(await parts().bin.entries()).toEqual([]);
  });

  test("leaves somebody's own JSON file of that name alone", async () => {
    writeFileSync(`${result}.json`, "{}");
    await discardResult(parts(), { path: result, isPaid: true });
    expect(text(`${result}.json`)).toBe("{}");
  });

  test("brings it back under the next free name, and replaces nothing", async () => {
    const entry = await discardResult(parts(), { path: result, isPaid: true });
    writeFileSync(result, "png:mine");
    writeFileSync(inFolder("hero.remix-2.png"), "png:mine too");
    expect(await restoreResult(parts(), entry)).toBe(inFolder("hero.remix-3.png"));
    expect([text(result), text(inFolder("hero.remix-2.png"))]).toEqual(["png:mine", "png:mine too"]);
  });

  test("stays in the bin when its folder is gone", async () => {
    const entry = await discardResult(parts(), { path: result, isPaid: true });
    remove(path.join(root, "pictures"));
    await expect(restoreResult(parts(), entry)).rejects.toThrow("is gone");
    expect(await parts().bin.entries()).toEqual([entry]);
  });

  test("is taken back where the file cannot be deleted", async () => {
    const refusing = { ...parts(), moveToTrash: async () => Promise.reject(new Error("not today")) };
    await expect(discardResult(refusing, { path: result, isPaid: true })).rejects.toThrow("not today");
    expect(text(result)).toBe(newText);
    expect(await parts().bin.entries()).toEqual([]);
  });
});

/** The decisions, and how to get to where they are made. */
const decisions = {
  replace: { prepare: async () => undefined, act: async (using: ReviewParts) => replace(using) },
  undo: {
    prepare: async () => void (await replace()),
    act: async (using: ReviewParts) => undoReplacement(using, await last(using)),
  },
  discard: {
    prepare: async () => undefined,
    act: async (using: ReviewParts) => discardResult(using, { path: result, isPaid: true }),
  },
} as const;

/** What must hold whatever went wrong at whichever moment. */
async function expectNothingLost(): Promise<void> {
  expect([oldText, newText]).toContain(text(source));
  expect(isSomewhere(root, hashOf(oldText))).toBe(true);
  expect(isSomewhere(root, hashOf(newText))).toBe(true);
  if (text(source) === newText) {
    const replacement = await last();
    await undoReplacement(parts(), replacement);
    expect(text(source)).toBe(oldText);
  }
  const [discarded] = (await parts().bin.entries()).filter(({ why }) => why === "discarded");
  if (discarded !== undefined) {
    expect(text(await restoreResult(parts(), discarded))).toBe(newText);
  }
  expect(text(result)).toBe(newText);
}

describe.each(Object.entries(decisions))("%s", (name, { prepare, act }) => {
  test.each(["once", "for good"])("loses nothing when any call of the file system fails %s", async (how) => {
    let reached = true;
    let failures = 0;
    for (let n = 1; reached; n++) {
      remove(root);
      freshRoot();
      await prepare();
      reached = false;
      let calls = 0;
      const files = watchedFiles((call) => {
        calls += 1;
        if (calls === n || (how === "for good" && calls > n)) {
          reached = true;
          throw Object.assign(new Error(`${call} fails`), { code: "EIO" });
        }
      });
      await act(reviewParts(storage, files)).catch(() => {
        failures += 1;
      });
      await expectNothingLost();
    }
    expect(failures).toBeGreaterThan(15);
  });

  test("loses nothing when its process is killed at any step, and clears up after it", async () => {
    const program = path.join(import.meta.dirname, "reviewProcess.ts");
    let isDone = false;
    let kills = 0;
    // Each third step: the others are seen to above.
    for (let n = 1; !isDone; n += 3) {
      remove(root);
      freshRoot();
      await prepare();
      const { stdout, signal, stderr } = spawnSync(process.execPath, [program, root, name, String(n)], {
        encoding: "utf8",
      });
      isDone = stdout === "done\n";
      kills += signal === "SIGKILL" ? 1 : 0;
      expect(isDone || signal === "SIGKILL", stderr).toBe(true);
      await expectNothingLost();
      await new PendingFiles(storage).sweep();
      expect([...hashesBelow(root).keys()].filter((file) => file.endsWith(".tmp"))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(5);
  }, 120_000);
});
