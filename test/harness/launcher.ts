/**
 * Takes the place of VS Code's executable: started by `@vscode/test-electron` with the same arguments, it runs
 * the tests in the VS Code server with a headless Chromium as its window, prints what they print and exits with
 * their result. Settings, in the environment:
 *
 *   LAUNCHER_TIMEOUT_MS   after which everything is killed and the exit code is 124 (default: five minutes)
 *   LAUNCHER_ARTIFACTS    folder for a screenshot and VS Code's logs when the tests did not pass
 *   LAUNCHER_VERBOSE      1 prints VS Code's own log too
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format, parseArgs } from "node:util";
import { type BrowserWindow, openBrowser } from "./browser.ts";
import { bundleForHost } from "./bundle.ts";
import { SetupError } from "./commands.ts";
import { outputMark, verdictMark } from "./hostMark.ts";
import { temporaryFolder } from "./paths.ts";
import { type Server, startServer, workbenchAddress } from "./serverProcess.ts";
import { writeSettings } from "./settings.ts";

const exitCodes = { brokenSetup: 70, hostDied: 71, serverDied: 72, windowDied: 73, timeout: 124 };
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const { LAUNCHER_TIMEOUT_MS = "300000", LAUNCHER_ARTIFACTS, LAUNCHER_VERBOSE } = process.env;
const verbose = LAUNCHER_VERBOSE === "1";

const { values, positionals } = parseArgs({
  // What else test-electron passes has no meaning for a server.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "extensions-dir": { type: "string" },
    "user-data-dir": { type: "string" },
  },
});
const { extensionDevelopmentPath, extensionTestsPath } = values;
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const workFolder = temporaryFolder("launcher");
const userDataDir = text(values["user-data-dir"]) ?? path.join(workFolder, "user-data");
let server: Server | undefined;
let window: BrowserWindow | undefined;
let verdict: string | undefined;
let finishing = false;

async function finish(code: number, reason?: string): Promise<void> {
  if (finishing) {
    return;
  }
  finishing = true;
  if (reason !== undefined) {
    console.error(`[launcher] ${reason}`);
  }
  if (code !== 0 && LAUNCHER_ARTIFACTS) {
    await saveArtifacts(LAUNCHER_ARTIFACTS).catch((error) => console.error("[launcher]", error));
  }
  const closed = window?.close().catch(() => {});
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5000))]);
  await server?.stop();
  rmSync(workFolder, { recursive: true, force: true });
  // test-electron stops reading when we exit: let it read first.
  await new Promise((resolve) => process.stdout.write("", resolve));
  await new Promise((resolve) => process.stderr.write("", resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.exit(code);
}

async function saveArtifacts(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await window?.page.screenshot({ path: path.join(folder, "window.png"), timeout: 5000 }).catch(() => {});
  writeFileSync(path.join(folder, "server.log"), (server?.log ?? []).join("\n"));
  const logs = path.join(userDataDir, "logs");
  if (existsSync(logs)) {
    cpSync(logs, path.join(folder, "logs"), { recursive: true, force: true });
  }
}

/** VS Code's page calls this for each line of its log and of the extension host's console. */
function receiveLog(type: string, args: unknown): void {
  const [first, ...rest] = Array.isArray(args) ? args : [args];
  const line = typeof first === "string" ? first : "";
  if (line.startsWith(verdictMark)) {
    verdict = line.slice(verdictMark.length);
  } else if (line.startsWith(outputMark)) {
    console.log(line.slice(outputMark.length));
  } else if (verbose) {
    console.error(`[${type}]`, format(first, ...rest));
  }
}

/** VS Code's page calls this when `run()` has ended, and also when the extension host has. */
function receiveExit(code: number): void {
  if (code === 0 && verdict !== "passed") {
    void finish(exitCodes.hostDied, "the extension host ended before the tests did");
  } else {
    void finish(code);
  }
}

async function runTests(): Promise<void> {
  const tests = text(extensionTestsPath);
  const folder = positionals[0];
  if (tests === undefined || folder === undefined) {
    throw new SetupError("needs a folder to open and --extensionTestsPath");
  }
  writeSettings(userDataDir);
  bundleForHost([path.join(import.meta.dirname, "hostEntry.ts")], workFolder);
  server = await startServer({
    userDataDir,
    extensionsDir: text(values["extensions-dir"]),
    env: { LAUNCHER_TESTS: path.resolve(tests) },
    testDriver: true,
  });
  void server.ended.then((how) => finish(exitCodes.serverDied, `the VS Code server ended (${how})`));
  window = await openBrowser();
  await window.context.exposeFunction("codeAutomationLog", receiveLog);
  await window.context.exposeFunction("codeAutomationExit", receiveExit);
  window.page.on("crash", () => finish(exitCodes.windowDied, "the workbench's page crashed"));
  window.page.on("close", () => finish(exitCodes.windowDied, "the workbench's page was closed"));
  const address = workbenchAddress(server, {
    folder: path.resolve(folder),
    extension: text(extensionDevelopmentPath),
    // Outside any extension's folder, which is how VS Code knows that it belongs into the Node host.
    tests: path.join(workFolder, "hostEntry.cjs"),
  });
  await window.page.goto(address, { waitUntil: "commit" });
}

for (const [signal, code] of Object.entries(signals)) {
  process.on(signal, () => finish(code, `stopped by ${signal}`));
}
setTimeout(
  () => finish(exitCodes.timeout, `no result within ${LAUNCHER_TIMEOUT_MS} ms: everything is stopped`),
  Number(LAUNCHER_TIMEOUT_MS),
);
const starter = process.ppid;
setInterval(() => {
  if (process.ppid !== starter) {
    void finish(exitCodes.brokenSetup, "who started the tests is gone");
  }
}, 1000);
try {
  await runTests();
} catch (error) {
  const reason = error instanceof SetupError ? error.message : error instanceof Error ? error.stack : error;
  await finish(exitCodes.brokenSetup, String(reason));
}
