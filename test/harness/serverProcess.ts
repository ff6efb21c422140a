/** Starts and stops the VS Code server, and knows the addresses of its workbench. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { temporaryFolder } from "./paths.ts";
import { ensureServer } from "./vscodeServer.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ServerOptions {
  readonly userDataDir: string;
  readonly extensionsDir?: string | undefined;
  /** Storage, secrets and open tabs belong to the port: fix it in a test that restarts. */
  readonly port?: number | undefined;
  readonly env?: Environment | undefined;
  /** `false` leaves Workspace Trust on. */
  readonly trusted?: boolean | undefined;
  /** Without one, who can reach the port can run code: only for tests, on a random port of loopback. */
  readonly connectionToken?: string | undefined;
  /** Lets the page name an extension under development and its tests; it also hides every notification. */
  readonly testDriver?: boolean | undefined;
}

export interface Server {
  readonly address: string;
  readonly connectionToken: string | undefined;
  /** What it printed, newest last. */
  readonly log: readonly string[];
  /** Resolves with a description of how it ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const startTimeout = 60_000;
const keptLogLines = 5000;

/** What a terminal of VS Code, or a test runner, would pass on to the server to its harm. */
const unwantedVariable =
  /^(VSCODE_(IPC|PID|CWD|NLS|HANDLES|CLI|GIT|INJECTION|AGENT|PORTABLE|DEV|ESM|CODE_CACHE)|ELECTRON_|NODE_OPTIONS$|VITEST)/;

/** Resolves when the server listens. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { userDataDir, connectionToken } = options;
  const installed = ensureServer();
  const runFolder = temporaryFolder("server");
  // The workbench takes every theme below the developed extension's folder for one of that extension's, and
  // switches to the first. Ours lie below it, in the cache folder, so the server gets to them by a link.
  const builtInExtensions = path.join(runFolder, "extensions");
  symlinkSync(installed.builtInExtensions, builtInExtensions, "junction");
  mkdirSync(userDataDir, { recursive: true });
  const args = [
    ...["--require", path.join(import.meta.dirname, "serverGuard.ts"), installed.main],
    ...["--host", "127.0.0.1", "--port", String(options.port ?? 0)],
    ...(connectionToken ? ["--connection-token", connectionToken] : ["--without-connection-token"]),
    ...["--user-data-dir", userDataDir, "--server-data-dir", path.join(userDataDir, "server")],
    ...["--extensions-dir", options.extensionsDir ?? path.join(userDataDir, "extensions")],
    ...["--builtin-extensions-dir", builtInExtensions],
    ...["--accept-server-license-terms", "--telemetry-level", "off", "--disable-telemetry"],
    ...["--disable-experiments", "--disable-update-check", "--force-disable-user-env"],
    ...((options.trusted ?? true) ? ["--disable-workspace-trust"] : []),
    ...(options.testDriver ? ["--enable-smoke-test-driver"] : []),
  ];
  const inherited = Object.entries(process.env).filter(([name]) => !unwantedVariable.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    // No gallery, so that nothing is looked up there; and the sockets go where they will be deleted.
    EXTENSIONS_GALLERY: "{}",
    XDG_RUNTIME_DIR: runFolder,
    ...options.env,
  };
  // A process group of its own, so that stopping it also ends the extension host and the file watcher.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env, detached: true });
  const log: string[] = [];
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(String(code ?? signal)));
  });
  const stop = async (): Promise<void> => {
    killGroup(child, "SIGTERM");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
    killGroup(child, "SIGKILL");
    rmSync(runFolder, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(child, log, ended);
    return { address: `127.0.0.1:${port}`, connectionToken, log, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(child: ChildProcess, log: string[], ended: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(`The VS Code server ${what}\n${log.join("\n")}`));
    const timer = setTimeout(() => fail(`did not listen within ${startTimeout} ms`), startTimeout);
    for (const stream of [child.stdout, child.stderr].filter(
      (stream): stream is Readable => stream !== null,
    )) {
      createInterface(stream).on("line", (line) => {
        log.push(line);
        if (log.length > keptLogLines) {
          log.shift();
        }
        const port = /listening on (\d+)/.exec(line)?.[1];
        if (port !== undefined) {
          clearTimeout(timer);
          resolve(port);
        }
      });
    }
    void ended.then((how) => {
      clearTimeout(timer);
      fail(`ended (${how}) before it listened`);
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of the group is gone, which is what was wanted.
  }
}

export interface Workbench {
  readonly folder: string;
  readonly extension?: string | undefined;
  readonly tests?: string | undefined;
}

/** The address that opens the folder; extension and tests need a server with the test driver. */
export function workbenchAddress(server: Server, { folder, extension, tests }: Workbench): string {
  const remote = (file: string): string => `vscode-remote://${server.address}${encodeURI(file)}`;
  const payload = [
    ...(extension === undefined ? [] : [["extensionDevelopmentPath", remote(extension)]]),
    ...(tests === undefined ? [] : [["extensionTestsPath", remote(tests)]]),
  ];
  const kind = folder.endsWith(".code-workspace") ? "workspace" : "folder";
  const query = new URLSearchParams({ [kind]: folder });
  if (payload.length > 0) {
    query.set("payload", JSON.stringify(payload));
  }
  if (server.connectionToken !== undefined) {
    query.set("tkn", server.connectionToken);
  }
  return `http://${server.address}/?${query}`;
}
