/**
 * Installs a real VS Code, the server inside the npm package `code-server`, into a cache folder.
 *
 * It comes from the npm registry alone: no compiler, no Python and no install script is needed, because the
 * native packages that matter are prebuilt and the others are left out or replaced by stand-ins.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleForHost } from "./bundle.ts";
import { readJson, runNpm, runToEnd, SetupError } from "./commands.ts";
import { cacheFolder } from "./paths.ts";

const version = "4.139.1";
const integrity =
  "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==";
const root = path.join(cacheFolder, "vscode-server");
const platform = `${process.platform}-${process.arch}`;

/** What the server, its extension host, file watcher and web client never load in a test run. */
const unusedPackages = [
  "@devcontainers/cli",
  "@github/copilot-sdk",
  "@microsoft/mxc-sdk",
  "@vscode/copilot-api",
  "@vscode/deviceid",
  "@vscode/fs-copyfile",
  "@vscode/native-watchdog",
  "@vscode/sandbox-runtime",
  "@vscode/spdlog",
  "@vscode/sqlite3",
  "@vscode/windows-process-tree",
  "@vscode/windows-registry",
  "detect-libc",
  "kerberos",
  "node-addon-api",
  "ssh2",
  "tar",
  "zod",
];

/**
 * Built-in extensions that are large or only make noise. github-authentication stays: the workbench waits for
 * it three times otherwise.
 */
const unusedExtensions = [
  "copilot",
  "git",
  "github",
  "mermaid-markdown-features",
  "microsoft-authentication",
  "ms-vscode.js-debug",
  "ms-vscode.js-debug-companion",
  "ms-vscode.vscode-js-profile-table",
  "tunnel-forwarding",
];

/** The native packages that the server does import, and the files of `standIns/` that replace them. */
const standIns = {
  "@vscode/deviceid": "deviceId",
  "@vscode/native-watchdog": "nativeWatchdog",
  "@vscode/spdlog": "spdlog",
};

interface Manifest {
  dependencies: Record<string, string>;
  [other: string]: unknown;
}

interface LockedPackage {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

export interface InstalledServer {
  /** The file that Node runs. */
  readonly main: string;
  readonly builtInExtensions: string;
}

/** Installs VS Code unless this very recipe is there already; takes ten seconds, then nothing. */
export function ensureServer(): InstalledServer {
  const recipe = recipeHash();
  const marker = path.join(root, "recipe");
  if (!existsSync(marker) || readFileSync(marker, "utf8") !== recipe) {
    // Finished elsewhere and then renamed: an install that was cut short never counts as one.
    const unfinished = `${root}.${process.pid}`;
    try {
      install(unfinished);
      writeFileSync(path.join(unfinished, "recipe"), recipe);
      rmSync(root, { recursive: true, force: true });
      renameSync(unfinished, root);
    } catch (error) {
      if (error instanceof SetupError) {
        throw new SetupError(`VS Code for the tests could not be installed: ${error.message}`);
      }
      throw error;
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  const vscode = path.join(root, "vscode");
  return {
    main: path.join(vscode, "out", "server-main.js"),
    builtInExtensions: path.join(vscode, "extensions"),
  };
}

function recipeHash(): string {
  const hash = createHash("sha256")
    .update(platform)
    .update(readFileSync(import.meta.filename));
  for (const file of Object.values(standIns)) {
    hash.update(readFileSync(standInSource(file)));
  }
  return hash.digest("hex");
}

function standInSource(file: string): string {
  return path.join(import.meta.dirname, "standIns", `${file}.ts`);
}

function install(folder: string): void {
  if (process.platform === "win32") {
    throw new SetupError("the server does not run on Windows; use npm run test:desktop there");
  }
  console.error(`Installing VS Code (code-server ${version}) into ${root} …`);
  mkdirSync(folder, { recursive: true });
  const vscode = path.join(folder, "vscode");
  unpack(fetchPackage(folder), vscode);
  leaveOutUnused(vscode);
  runNpm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: vscode,
  });
  const modules = path.join(vscode, "node_modules");
  keepOnlyThisPlatform(path.join(modules, "@vscode/ripgrep-universal/bin"));
  keepOnlyThisPlatform(path.join(modules, "node-pty/prebuilds"));
  for (const [name, file] of Object.entries(standIns)) {
    const target = path.join(modules, name);
    bundleForHost([standInSource(file)], target);
    writeFileSync(
      path.join(target, "package.json"),
      JSON.stringify({ name, version: "0.0.0", main: `${file}.cjs` }),
    );
  }
  runToEnd(process.execPath, [path.join(vscode, "out", "server-main.js"), "--version"]);
}

function fetchPackage(folder: string): string {
  runNpm(["pack", `code-server@${version}`, "--loglevel=error", "--pack-destination", folder], {
    cwd: folder,
  });
  const archive = path.join(folder, `code-server-${version}.tgz`);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity) {
    throw new SetupError(
      `code-server ${version} is not the package it was: expected ${integrity}, got ${found}`,
    );
  }
  return archive;
}

function unpack(archive: string, folder: string): void {
  const prefix = "package/lib/vscode";
  const excluded = unusedExtensions.map((name) => `--exclude=${prefix}/extensions/${name}`);
  mkdirSync(folder);
  runToEnd("tar", ["-xzf", archive, "-C", folder, "--strip-components=3", ...excluded, prefix]);
  rmSync(archive);
}

/** Cuts manifest and lock file down to what stays reachable, so that every version stays the pinned one. */
function leaveOutUnused(folder: string): void {
  const manifestFile = path.join(folder, "package.json");
  const lockName = path.join(folder, "npm-shrinkwrap.json");
  const manifest = readJson<Manifest>(manifestFile);
  const { packages, ...lock } = readJson<LockFile>(lockName);
  const { allowScripts: _, overrides: __, ...kept } = manifest;
  const top = packages[""] ?? {};
  const dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies).filter(([name]) => !unusedPackages.includes(name)),
  );
  packages[""] = { ...top, dependencies };
  const reachable = new Set([""]);
  for (const from of reachable) {
    const { dependencies, optionalDependencies, peerDependencies } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = locate(packages, from, name);
      if (found !== undefined) {
        reachable.add(found);
      }
    }
  }
  const used = Object.fromEntries(Object.entries(packages).filter(([key]) => reachable.has(key)));
  writeFileSync(manifestFile, JSON.stringify({ ...kept, dependencies }));
  writeFileSync(lockName, JSON.stringify({ ...lock, packages: used }));
}

/** Node's own search: the package's node_modules, then those of the folders above it. */
function locate(packages: LockFile["packages"], from: string, name: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    const key = `${base === "" ? "" : `${base}/`}node_modules/${name}`;
    if (key in packages) {
      return key;
    }
    if (base === "") {
      return undefined;
    }
  }
}

function keepOnlyThisPlatform(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== platform) {
      rmSync(path.join(folder, name), { recursive: true });
    }
  }
}
