import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WalkOptions } from "../../src/engine/walk.ts";
import { folderWalker } from "../../src/platform/folderWalk.ts";
import { temporaryFolder } from "../harness/paths.ts";

let root: string;
beforeEach(() => {
  root = temporaryFolder("walk");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>, folder = root): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function slashed(file: string, base = root): string {
  return path.relative(base, file).split(path.sep).join("/");
}

/** Paths relative to the test's folder; what is skipped by path, a folder with a slash behind it. */
async function walk(folder = root, options: Partial<WalkOptions> = {}) {
  const all = { base: root, exclusions: [], signal: new AbortController().signal, ...options };
  const { pictures, skipped } = await folderWalker().walk(folder, all);
  const reasons = skipped.map(({ path: file, isFolder, reason }) => [
    slashed(file) + (isFolder ? "/" : ""),
    reason,
  ]);
  return { pictures: pictures.map((file) => slashed(file)), skipped: Object.fromEntries(reasons) };
}

const glob = (pattern: string, when?: string) => ({
  glob: pattern,
  reason: `exclude: ${pattern}`,
  ...(when === undefined ? {} : { when }),
});

describe("looking through a folder", () => {
  it("finds pictures by name, at every depth, in the order people expect", async () => {
    write({
      "b10.png": "",
      "b9.JPG": "",
      "notes.txt": "",
      "a/x.svg": "",
      "a/b/c/d.webp": "",
      ".hidden/y.gif": "",
    });
    const { pictures, skipped } = await walk();
    expect(pictures).toEqual(["b9.JPG", "b10.png", ".hidden/y.gif", "a/x.svg", "a/b/c/d.webp"]);
    expect(skipped).toEqual({});
  });

  it("finds results too where they are wanted, and still no links", async () => {
    write({ "a.png": "", "a.remix-1.png": "", "out/a.remix-2.jpg": "" });
    symlinkSync(path.join(root, "a.png"), path.join(root, "l.remix-1.png"));
    const linked = { "l.remix-1.png": "a link, which is not followed" };
    expect(await walk(root, { withResults: true })).toEqual({
      pictures: ["a.png", "a.remix-1.png", "out/a.remix-2.jpg"],
      skipped: linked,
    });
    expect((await walk()).pictures).toEqual(["a.png"]);
  });

  it("leaves out what Git ignores: nested lists, negation, anchors, and the repository's own list", async () => {
    mkdirSync(path.join(root, ".git/info"), { recursive: true });
    write({
      ".git/info/exclude": "private.png\n",
      ".git/objects/x.png": "",
      ".gitignore": "\uFEFF# comment\r\n*.gif\r\n/top.png\r\ndrafts/\r\n!keep.gif\r\n",
      "top.png": "",
      "private.png": "",
      "moving.gif": "",
      "keep.gif": "",
      "drafts/a.png": "",
      "shop/top.png": "",
      "shop/.gitignore": "old/*.png\n!moving.gif\nsecret.png\n",
      "shop/moving.gif": "",
      "shop/old/a.png": "",
      "shop/old/a.jpg": "",
      "shop/deep/secret.png": "",
      "shop/deep/old/fine.png": "",
      "secret.png": "",
      "node_modules/package/logo.png": "",
      "constructor/fine.png": "",
    });
    const { pictures, skipped } = await walk();
    expect(pictures).toEqual([
      "keep.gif",
      "secret.png",
      "constructor/fine.png",
      "shop/moving.gif",
      "shop/top.png",
      "shop/deep/old/fine.png",
      "shop/old/a.jpg",
    ]);
    expect(skipped).toEqual({
      ".git/": "belongs to Git",
      "node_modules/": "belongs to packages",
      "drafts/": ".gitignore: drafts/",
      "moving.gif": ".gitignore: *.gif",
      "private.png": ".git/info/exclude: private.png",
      "top.png": ".gitignore: /top.png",
      "shop/old/a.png": "shop/.gitignore: old/*.png",
      "shop/deep/secret.png": "shop/.gitignore: secret.png",
    });
  });

  it("keeps to the user's own list last of all, in repositories", async () => {
    write({ "home/git/ignore": "*.bmp\n*.tiff\n", "repository/.git/info/exclude": "!kept.tiff\n" });
    write({ "repository/a.bmp": "", "repository/kept.tiff": "", "plain/a.bmp": "" });
    vi.stubEnv("XDG_CONFIG_HOME", path.join(root, "home"));
    vi.stubEnv("GIT_CONFIG_GLOBAL", path.join(root, "none"));
    const list = path.join(root, "home/git/ignore");
    expect(await walk(path.join(root, "repository"))).toEqual({
      pictures: ["repository/kept.tiff"],
      skipped: { "repository/.git/": "belongs to Git", "repository/a.bmp": `${list}: *.bmp` },
    });
    expect((await walk(path.join(root, "plain"))).pictures).toEqual(["plain/a.bmp"]);
  });

  it("keeps to the lists above the folder that it starts in, and to globs that leave out the folder itself", async () => {
    mkdirSync(path.join(root, ".git"));
    write({ ".gitignore": "*.tiff\n/out\n", "shop/a.tiff": "", "shop/b.png": "", "out/c.png": "" });
    expect(await walk(path.join(root, "shop"))).toEqual({
      pictures: ["shop/b.png"],
      skipped: { "shop/a.tiff": ".gitignore: *.tiff" },
    });
    expect((await walk(path.join(root, "out"))).skipped).toEqual({ "out/": ".gitignore: /out" });
    const exclusions = [glob("**/shop")];
    expect((await walk(path.join(root, "shop"), { exclusions })).skipped).toEqual({
      "shop/": "exclude: **/shop",
    });
  });

  it("lets a repository in a repository, and a worktree, keep to their own lists", async () => {
    mkdirSync(path.join(root, ".git"));
    write({
      ".gitignore": "*.png\n",
      "module/.git": "gitdir: ../store/worktrees/module\n",
      "store/worktrees/module/commondir": "../..\n",
      "store/info/exclude": "mine.png\n",
      "module/a.png": "",
      "module/mine.png": "",
    });
    const { pictures, skipped } = await walk();
    expect(pictures).toEqual(["module/a.png"]);
    expect(skipped).toMatchObject({ "module/mine.png": ".git/info/exclude: mine.png" });
  });

  it("reads globs as files.exclude does, siblings and braces too, whatever the case of letters", async () => {
    write({
      "a.png": "",
      "a.psd": "",
      "b.png": "",
      "raw/c.tif": "",
      "x/RAW/d.tif": "",
      "x/e.bmp": "",
      "x/f.gif": "",
    });
    const exclusions = [glob("**/*.png", "$(basename).psd"), glob("**/raw"), glob("x/*.{bmp,gif}")];
    const { pictures, skipped } = await walk(root, { exclusions });
    expect(pictures).toEqual(["b.png"]);
    expect(Object.keys(skipped)).toEqual(["a.png", "raw/", "x/e.bmp", "x/f.gif", "x/RAW/"]);
  });

  it("follows no link, into loops least of all, and names them", async () => {
    const outside = temporaryFolder("outside");
    write({ "secret.png": "" }, outside);
    write({ "a/b.png": "" });
    symlinkSync(root, path.join(root, "a/loop"), "dir");
    symlinkSync(outside, path.join(root, "outside"), "dir");
    symlinkSync(path.join(outside, "secret.png"), path.join(root, "linked.png"));
    symlinkSync(path.join(root, "nowhere"), path.join(root, "broken.png"));
    mkdirSync(path.join(root, "folder.png"));
    const { pictures, skipped } = await walk();
    expect(pictures).toEqual(["a/b.png"]);
    const linked = "a link, which is not followed";
    expect(skipped).toEqual({
      "a/loop/": linked,
      "broken.png": linked,
      "linked.png": linked,
      "outside/": linked,
    });
    rmSync(outside, { recursive: true });
  });

  it("names results by their name, and a folder that is gone by its path", async () => {
    write({ "hero.png": "", "hero.remix-1.png": "" });
    expect((await walk()).skipped).toEqual({ "hero.remix-1.png": "a result, by its name" });
    await expect(walk(path.join(root, "gone"))).rejects.toMatchObject({ code: "sourceGone" });
  });

  it("stops when it is told to", async () => {
    write({ "a/a.png": "", "b/b.png": "", "c/c.png": "" });
    const stop = new AbortController();
    const seen: number[] = [];
    const onFolder = (pictures: number) => {
      seen.push(pictures);
      if (pictures === 1) {
        stop.abort();
      }
    };
    await expect(walk(root, { signal: stop.signal, onFolder })).rejects.toThrow(/abort/i);
    expect(seen).toEqual([0, 1]);
  });

  it("F16: finds ten thousand pictures once each, counting as it goes, in spite of links that lead round in circles", async () => {
    const all: string[] = [];
    for (let folder = 0; folder < 20; folder++) {
      mkdirSync(path.join(root, `f${folder}`));
      symlinkSync("..", path.join(root, `f${folder}`, "up"));
      for (let file = 0; file < 500; file++) {
        const name = `f${folder}/p${file}.png`;
        writeFileSync(path.join(root, name), "");
        all.push(name);
      }
    }
    const counts: number[] = [];
    const { pictures, skipped } = await walk(root, { onFolder: (count) => counts.push(count) });
    expect(pictures.toSorted()).toEqual(all.toSorted());
    expect(Object.values(skipped)).toHaveLength(20);
    expect(counts).toEqual(Array.from({ length: 21 }, (_, index) => index * 500));
  }, 60_000);
});

const name = fc.constantFrom("a", "b", "logs", "x y", "[z]", "#h", "!k", "d*");
const pattern = fc
  .tuple(
    fc.constantFrom("", "!", "!"),
    fc.constantFrom("", "", "/", "**/", "a/", "logs/", "b/**/", "\\"),
    fc.constantFrom(
      "a",
      "b",
      "logs",
      "*.png",
      "a.png",
      "x y",
      "x\\ y",
      "*",
      "?.png",
      "#h",
      "!k",
      "[ab].png",
      "#h.png",
    ),
    fc.constantFrom("", "", "/", "/*", "/**", "  "),
  )
  .map((parts) => parts.join(""));
const folderPath = fc.array(name, { maxLength: 3 }).map((names) => names.join("/"));

it("leaves out exactly what Git itself does, in any tree", async () => {
  const tree = fc.record({
    pictures: fc.array(fc.tuple(folderPath, name), { minLength: 1, maxLength: 20 }),
    lists: fc.array(fc.tuple(folderPath, fc.array(pattern, { maxLength: 5 })), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(tree, async ({ pictures, lists }) => {
      const folder = temporaryFolder("git");
      try {
        execFileSync("git", ["init", "-q"], { cwd: folder });
        write(Object.fromEntries(pictures.map(([at, stem]) => [path.join(at, `${stem}.png`), ""])), folder);
        write(
          Object.fromEntries(lists.map(([at, lines]) => [path.join(at, ".gitignore"), lines.join("\n")])),
          folder,
        );
        const listed = execFileSync(
          "git",
          ["ls-files", "-z", "--others", "--exclude-standard", "--", "*.png"],
          {
            cwd: folder,
            encoding: "utf8",
            env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
          },
        );
        const options = { base: folder, exclusions: [], signal: new AbortController().signal };
        const walked = await folderWalker().walk(folder, options);
        const found = walked.pictures.map((file) => slashed(file, folder));
        expect(found.sort()).toEqual(listed.split("\0").filter(Boolean).sort());
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
