/**
 * Opens VS Code with the built extension on a copy of the sample pictures.
 *
 *   npm start               a desktop VS Code where there is a display, else one in the browser
 *   npm start -- --server   always the one in the browser
 *   npm start -- --demo     remixes all sample pictures unattended and prints the results
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { demo } from "./demo/demo.ts";
import { reportFailure } from "./harness/commands.ts";
import { installCopy } from "./harness/extensions.ts";
import { cacheFolder, copySamples, projectRoot } from "./harness/paths.ts";
import { hasDisplay } from "./harness/runInVSCode.ts";
import { startServer, workbenchAddress } from "./harness/serverProcess.ts";
import { writeStartSettings } from "./harness/settings.ts";

/** What was changed or made here stays from one start to the next. */
const pictures = path.join(cacheFolder, "samples");
/** A profile of its own, so that a try changes nothing in the user's. */
const userDataDir = path.join(cacheFolder, "start");

async function start(): Promise<void> {
  copySamples(pictures, false);
  writeStartSettings(userDataDir);
  const desktop = process.argv.includes("--server") ? undefined : await findDesktop();
  if (desktop === undefined) {
    await openServer();
  } else {
    await openDesktop(desktop);
  }
}

async function findDesktop(): Promise<string | undefined> {
  if (!hasDisplay()) {
    return undefined;
  }
  const command = process.platform === "win32" ? "code.cmd" : "code";
  const options = { shell: process.platform === "win32" };
  if (spawnSync(command, ["--version"], options).status === 0) {
    return command;
  }
  return await downloadAndUnzipVSCode({ cachePath: cacheFolder }).catch((error: unknown) => {
    console.error(`No desktop VS Code could be downloaded (${error}); this is the one in the browser.`);
    return undefined;
  });
}

async function openDesktop(program: string): Promise<void> {
  const args = [
    ...["--new-window", "--wait", "--skip-welcome", "--disable-workspace-trust"],
    ...["--user-data-dir", userDataDir, "--extensions-dir", path.join(userDataDir, "extensions")],
    ...["--extensionDevelopmentPath", projectRoot],
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    pictures,
  ];
  const child = spawn(program, args, { stdio: "inherit", shell: process.platform === "win32" });
  onStop(() => stopDesktop(child));
  console.log("VS Code is opening; close its window or press Ctrl+C to end.");
  const code = await new Promise((resolve, reject) => child.once("exit", resolve).once("error", reject));
  if (code !== 0 && !stopping) {
    throw new Error(`${program} ended with ${code}`);
  }
}

/** `code` has started VS Code apart from itself; VS Code notes its process in its profile. */
function stopDesktop(child: ChildProcess): void {
  const lock = path.join(userDataDir, "code.lock");
  if (existsSync(lock)) {
    try {
      process.kill(Number(readFileSync(lock, "utf8")));
    } catch {
      // It has ended by itself.
    }
  }
  child.kill();
}

async function openServer(): Promise<void> {
  const extensionsDir = path.join(userDataDir, "extensions");
  rmSync(extensionsDir, { recursive: true, force: true });
  installCopy(extensionsDir);
  const connectionToken = randomBytes(16).toString("hex");
  const server = await startServer({ userDataDir, extensionsDir, connectionToken });
  onStop(() => server.stop());
  console.log(`Open ${workbenchAddress(server, { folder: pictures })} in a browser; Ctrl+C ends it.`);
  const how = await server.ended;
  if (!stopping) {
    throw new Error(`The VS Code server ended (${how})`);
  }
}

let stopping = false;

function onStop(stop: () => void | Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, async () => {
      stopping = true;
      await stop();
      process.exit(0);
    });
  }
}

try {
  await (process.argv.includes("--demo") ? demo() : start());
} catch (error) {
  reportFailure(error);
}
