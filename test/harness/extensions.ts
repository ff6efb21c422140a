/** Puts extensions where VS Code finds them, as copies without the source tree. */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readJson, runToEnd } from "./commands.ts";
import { projectRoot } from "./paths.ts";
import { ensureServer } from "./vscodeServer.ts";

export interface ExtensionManifest {
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
}

interface ListedExtension {
  readonly relativeLocation: string;
  readonly [other: string]: unknown;
}

/** Everything a built extension consists of at run time. */
const shipped = ["package.json", "package.nls.json", "dist", "media"];

/** Installs a copy of the built extension. */
export function installCopy(extensionsDir: string): void {
  const manifest = readJson<ExtensionManifest>(path.join(projectRoot, "package.json"));
  const folder = prepareFolder(extensionsDir, manifest);
  for (const name of shipped) {
    const source = path.join(projectRoot, name);
    if (existsSync(source)) {
      cpSync(source, path.join(folder, name), { recursive: true });
    }
  }
}

/** Makes an empty folder for the extension and lists it: VS Code loads what the list names, and nothing else. */
export function prepareFolder(
  extensionsDir: string,
  { publisher, name, version }: ExtensionManifest,
): string {
  const id = `${publisher}.${name}`;
  const relativeLocation = `${id}-${version}`;
  const folder = path.join(extensionsDir, relativeLocation);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const list = path.join(extensionsDir, "extensions.json");
  const listed = existsSync(list) ? readJson<ListedExtension[]>(list) : [];
  const others = listed.filter((extension) => extension.relativeLocation !== relativeLocation);
  const entry: ListedExtension = {
    identifier: { id },
    version,
    location: { $mid: 1, path: folder, scheme: "file" },
    relativeLocation,
    metadata: { installedTimestamp: Date.now(), pinned: true, source: "vsix" },
  };
  writeFileSync(list, JSON.stringify([...others, entry]));
  return folder;
}

/** Packages the built extension, as `npm run package` does. */
export function packageVsix(file: string): string {
  const vsce = path.join(projectRoot, "node_modules", "@vscode", "vsce", "vsce");
  runToEnd(process.execPath, [vsce, "package", "--no-dependencies", "--out", file], { cwd: projectRoot });
  return file;
}

/** Installs a VSIX as VS Code itself does. */
export function installVsix(file: string, extensionsDir: string, userDataDir: string): void {
  const args = [
    ensureServer().main,
    ...["--install-extension", file, "--force", "--accept-server-license-terms"],
    ...["--extensions-dir", extensionsDir, "--user-data-dir", userDataDir],
    ...["--server-data-dir", path.join(userDataDir, "server")],
  ];
  runToEnd(process.execPath, args, { env: { ...process.env, EXTENSIONS_GALLERY: "{}" } });
}
