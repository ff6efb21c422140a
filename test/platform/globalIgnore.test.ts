import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/platform/files.ts";
import { globalIgnore } from "../../src/platform/globalIgnore.ts";
import { temporaryFolder } from "../harness/paths.ts";

let home: string;
beforeEach(() => {
  home = temporaryFolder("home");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const found = (env: Readonly<Record<string, string>> = {}) =>
  globalIgnore([path.join(home, "repository/config")], { env, home }, nodeFiles);

/** What Git itself says the list is; undefined where no configuration names one. */
function byGit(): string | undefined {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
  try {
    const args = ["config", "--path", "core.excludesFile"];
    return execFileSync("git", args, { cwd: home, env, encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

describe("the user's list for all repositories", () => {
  test("lies with the settings unless a configuration says otherwise", async () => {
    expect(await found()).toBeUndefined();
    write({ ".config/git/ignore": "*.tiff\n" });
    expect(await found()).toEqual({ name: "~/.config/git/ignore", text: "*.tiff\n" });
    write({ "xdg/git/ignore": "*.bmp\n" });
    expect((await found({ XDG_CONFIG_HOME: path.join(home, "xdg") }))?.text).toBe("*.bmp\n");
  });

  test.each([
    "[core]\n\texcludesFile = ~/lists/mine\n",
    "[user]\n\texcludesfile = nonsense\n[CORE]\n  ExcludesFile=~/lists/mine # the usual\n",
    '[core]\n\texcludesFile = ~/other\n\texcludesFile = "~/lists/mine"\n[alias]\n\texcludesFile = no\n',
  ])("is where Git finds it by %j", async (config) => {
    write({ ".gitconfig": config, "lists/mine": "*.gif\n" });
    expect(byGit()).toBe(path.join(home, "lists/mine"));
    expect(await found()).toEqual({ name: "~/lists/mine", text: "*.gif\n" });
  });

  test("may be behind links, and the nearest configuration names it", async () => {
    write({
      "dotfiles/gitconfig": "[core]\nexcludesFile = ~/far\n",
      far: "far\n",
      near: "near\n",
    });
    symlinkSync("dotfiles/gitconfig", path.join(home, ".gitconfig"));
    expect((await found())?.text).toBe("far\n");
    write({ "repository/config": "[core]\nexcludesFile = ~/near\n" });
    expect((await found())?.text).toBe("near\n");
    expect((await found({ GIT_CONFIG_GLOBAL: path.join(home, "none") }))?.text).toBe("near\n");
  });

  test("that is named and missing is none", async () => {
    write({ ".gitconfig": "[core]\nexcludesFile = ~/gone\n", ".config/git/ignore": "*.tiff\n" });
    expect(await found()).toBeUndefined();
  });
});
