import path from "node:path";
import createIgnore, { type Ignore } from "ignore";
import type { Files } from "./files.ts";
import { globalIgnore, ownGitHome } from "./globalIgnore.ts";

/** No list of patterns that people wrote is longer, in bytes. */
const maxBytes = 1024 * 1024;

/**
 * What Git ignores in a folder, and why: `.gitignore` files from the repository's root down, a nearer one before a
 * farther one, behind them `.git/info/exclude`, and behind that the user's own list
 * (https://git-scm.com/docs/gitignore).
 */
export class IgnoreRules {
  readonly #root: string;
  readonly #patterns: Ignore;
  readonly #files: Files;

  private constructor(root: string, patterns: Ignore, files: Files) {
    this.#root = root;
    this.#patterns = patterns;
    this.#files = files;
  }

  /**
   * The rules that hold in a folder.
   *
   * @param folder absolute path
   * @param base absolute path of the folder, above it or itself, that stands for the root where there is no repository
   */
  static async in(folder: string, base: string, files: Files): Promise<IgnoreRules> {
    const root = (await repositoryOf(folder, files)) ?? base;
    let rules = await IgnoreRules.#at(root, files);
    const below = path.relative(root, folder).split(path.sep);
    for (const [index, name] of below.entries()) {
      rules = name === "" ? rules : await rules.below(path.join(root, ...below.slice(0, index + 1)));
    }
    return rules;
  }

  static async #at(root: string, files: Files): Promise<IgnoreRules> {
    // Git compares as the file system does.
    const patterns = createIgnore({ ignorecase: process.platform !== "linux" });
    const rules = new IgnoreRules(root, patterns, files);
    const common = await commonFolder(root, files);
    if (common !== undefined) {
      const everywhere = await globalIgnore([path.join(common, "config")], ownGitHome(), files);
      rules.#add(everywhere?.text, "", everywhere?.name ?? "");
      rules.#add(await readText(path.join(common, "info", "exclude"), files), "", ".git/info/exclude");
    }
    return rules.#withOwn(root, patterns);
  }

  /** The rules that hold in a folder directly below one in which these hold. */
  async below(folder: string): Promise<IgnoreRules> {
    if (await exists(path.join(folder, ".git"), this.#files)) {
      // A repository in a repository has rules of its own.
      return IgnoreRules.#at(folder, this.#files);
    }
    return this.#withOwn(folder, undefined);
  }

  async #withOwn(folder: string, own: Ignore | undefined): Promise<IgnoreRules> {
    const text = await readText(path.join(folder, ".gitignore"), this.#files);
    if (text === undefined) {
      return this;
    }
    const options = { ignorecase: process.platform !== "linux" };
    const patterns = own ?? createIgnore(options).add(this.#patterns);
    const rules = new IgnoreRules(this.#root, patterns, this.#files);
    const relative = slashed(path.relative(this.#root, folder));
    rules.#add(text, relative, relative === "" ? ".gitignore" : `${relative}/.gitignore`);
    return rules;
  }

  /** Why a file or folder in the folder of these rules is ignored, `.gitignore: drafts/`; undefined for one that is not. */
  reason(file: string, isFolder: boolean): string | undefined {
    const relative = slashed(path.relative(this.#root, file));
    if (relative === "") {
      return undefined;
    }
    const { ignored, rule } = this.#patterns.test(isFolder ? `${relative}/` : relative);
    return ignored ? (rule?.mark ?? ".gitignore") : undefined;
  }

  #add(text: string | undefined, folder: string, name: string): void {
    for (const line of text?.replace(/^\uFEFF/, "").split(/\r?\n/) ?? []) {
      const pattern = patternBelow(line, folder);
      if (pattern !== undefined) {
        this.#patterns.add({ pattern, mark: `${name}: ${line.trim()}` });
      }
    }
  }
}

/** A line of the `.gitignore` in `folder`, as it would stand in the root's; undefined for one that says nothing. */
function patternBelow(line: string, folder: string): string | undefined {
  const trimmed = line.replace(/(?<!\\)\s+$/, "");
  if (trimmed === "" || trimmed.startsWith("#")) {
    return undefined;
  }
  if (folder === "") {
    return trimmed;
  }
  const isNegative = trimmed.startsWith("!");
  const pattern = (isNegative ? trimmed.slice(1) : trimmed).replace(/^\\([!#])/, "$1");
  // A slash anywhere but at the end ties a pattern to its own folder.
  const depth = pattern.slice(0, -1).includes("/") ? "" : "**/";
  const place = folder.replaceAll(/[\\*[\]]/g, "\\$&");
  return `${isNegative ? "!" : ""}/${place}/${depth}${pattern.replace(/^\//, "")}`;
}

/** The root of the repository that a folder belongs to. */
async function repositoryOf(folder: string, files: Files): Promise<string | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await exists(path.join(at, ".git"), files)) {
      return at;
    }
    if (path.dirname(at) === at) {
      return undefined;
    }
  }
}

/** The repository's own folder. Of a worktree and of a submodule, `.git` is a file that tells where the rest is. */
async function commonFolder(root: string, files: Files): Promise<string | undefined> {
  const git = path.join(root, ".git");
  const facts = await files.lstat(git).catch(() => undefined);
  if (facts?.isDirectory()) {
    return git;
  }
  const pointer = facts?.isFile() ? await readText(git, files) : undefined;
  const target = pointer === undefined ? undefined : /^gitdir: (.+)$/m.exec(pointer)?.[1]?.trim();
  if (target === undefined) {
    return undefined;
  }
  const folder = path.resolve(root, target);
  const common = (await readText(path.join(folder, "commondir"), files))?.trim() ?? "";
  return path.resolve(folder, common);
}

/** A link counts as absent, as it does for Git. */
async function readText(file: string, files: Files): Promise<string | undefined> {
  try {
    const facts = await files.lstat(file);
    return facts.isFile() && facts.size <= maxBytes ? await files.readFile(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

async function exists(file: string, files: Files): Promise<boolean> {
  return files.lstat(file).then(
    () => true,
    () => false,
  );
}

function slashed(file: string): string {
  return file.split(path.sep).join("/");
}
