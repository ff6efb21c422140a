import os from "node:os";
import path from "node:path";
import type { Files } from "./files.ts";

/** No list or configuration that people wrote is longer, in bytes. */
const maxBytes = 1024 * 1024;

/** Where the user's own Git settings are looked for. */
export interface GitHome {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path. */
  readonly home: string;
}

/** That of whoever runs this. */
export const ownGitHome = (): GitHome => ({ env: process.env, home: os.homedir() });

/** A list of patterns, and what to call it. */
export interface IgnoreList {
  readonly name: string;
  readonly text: string;
}

/**
 * The user's list for all repositories: `core.excludesFile`, of which the last in effect counts, else `git/ignore` in
 * the folder of settings (https://git-scm.com/docs/gitignore). Files that a configuration includes are not read.
 *
 * @param configs absolute paths of the repository's own configuration
 */
export async function globalIgnore(
  configs: readonly string[],
  { env, home }: GitHome,
  files: Files,
): Promise<IgnoreList | undefined> {
  const settings = env["XDG_CONFIG_HOME"] || path.join(home, ".config");
  const usual = [path.join(settings, "git", "config"), path.join(home, ".gitconfig")];
  const chosen = env["GIT_CONFIG_GLOBAL"];
  let file: string | undefined;
  for (const config of [...(chosen === undefined ? usual : [chosen]), ...configs]) {
    file = excludesFile((await read(config, files)) ?? "") ?? file;
  }
  const list = file === undefined ? path.join(settings, "git", "ignore") : inHome(file, home);
  const text = await read(list, files);
  return text === undefined ? undefined : { name: inTilde(list, home), text };
}

/** `core.excludesFile` of a configuration (https://git-scm.com/docs/git-config#_syntax); undefined where it has none. */
function excludesFile(config: string): string | undefined {
  let section = "";
  let found: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    section = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1]?.toLowerCase() ?? section;
    const written = section === "core" ? /^\s*excludesfile\s*=\s*(.*?)\s*$/i.exec(line)?.[1] : undefined;
    const quoted = written === undefined ? undefined : /^"((?:[^"\\]|\\.)*)"/.exec(written)?.[1];
    found = quoted?.replaceAll(/\\(.)/g, "$1") ?? written?.replace(/\s+[#;].*$/, "") ?? found;
  }
  return found;
}

function inHome(file: string, home: string): string {
  return path.resolve(home, file.replace(/^~(?=[/\\]|$)/, home));
}

function inTilde(file: string, home: string): string {
  return file.startsWith(home + path.sep) ? `~${file.slice(home.length).split(path.sep).join("/")}` : file;
}

/** Links are followed: many keep such files elsewhere. */
async function read(file: string, files: Files): Promise<string | undefined> {
  try {
    const text = await files.readFile(file, "utf8");
    return text.length <= maxBytes ? text : undefined;
  } catch {
    return undefined;
  }
}
