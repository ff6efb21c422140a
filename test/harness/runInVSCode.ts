/** Runs a bundled entry's `run()` in the extension host of a real VS Code, with the extension loaded. */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runTests, TestRunFailedError } from "@vscode/test-electron";
import { ensureChromium } from "./chromium.ts";
import { SetupError } from "./commands.ts";
import { outputFolder, projectRoot, temporaryFolder } from "./paths.ts";
import type { Environment } from "./serverProcess.ts";
import { writeSettings } from "./settings.ts";
import { ensureServer } from "./vscodeServer.ts";

export interface HostRun {
  /** A CommonJS file that exports `run()`. */
  readonly entry: string;
  readonly folder: string;
  readonly env: Environment;
  readonly timeoutMs: number;
  /**
   * A downloaded desktop VS Code instead of the launcher. The launcher is the default on Linux: it needs
   * neither a display nor a download from Microsoft, and everybody gets the same VS Code. Elsewhere the
   * desktop is all there is.
   */
  readonly desktop: boolean;
  /** Where the launcher leaves a screenshot and logs when the run fails. */
  readonly artifacts: string;
}

export function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== "linux" || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

/** Rejects unless `run()` resolved. */
export async function runInVSCode(run: HostRun): Promise<void> {
  const desktop = run.desktop || process.platform !== "linux";
  if (desktop && !hasDisplay()) {
    throw new SetupError("a desktop VS Code needs a display; without one, try xvfb-run");
  }
  if (!desktop) {
    // Now, so that the time it takes is not the tests'.
    ensureServer();
    ensureChromium();
  }
  const userDataDir = temporaryFolder("user-data");
  writeSettings(userDataDir);
  rmSync(run.artifacts, { recursive: true, force: true });
  // A desktop VS Code does not end itself: like two Ctrl+C, which test-electron takes for "close" and "kill".
  const margin = desktop ? 0 : 60_000;
  const timers = [0, 10_000].map((later) =>
    setTimeout(() => process.emit("SIGINT"), run.timeoutMs + margin + later),
  );
  try {
    await runTests({
      ...(desktop ? {} : { vscodeExecutablePath: writeLauncher() }),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: run.entry,
      launchArgs: [
        run.folder,
        "--user-data-dir",
        userDataDir,
        "--extensions-dir",
        path.join(userDataDir, "extensions"),
      ],
      extensionTestsEnv: {
        // The developer's own key must not pay for a test.
        RUNWARE_API_KEY: undefined,
        LAUNCHER_TIMEOUT_MS: String(run.timeoutMs),
        LAUNCHER_ARTIFACTS: run.artifacts,
        ...run.env,
      },
    });
  } catch (error) {
    throw error instanceof TestRunFailedError ? new SetupError(error.message) : error;
  } finally {
    timers.forEach(clearTimeout);
    rmSync(userDataDir, { recursive: true, force: true });
    if (existsSync(run.artifacts)) {
      console.error(`A screenshot and VS Code's logs are in ${path.relative(projectRoot, run.artifacts)}/`);
    }
  }
}

/** An executable that starts the launcher on this very Node, whatever PATH says. */
function writeLauncher(): string {
  const file = path.join(outputFolder, "vscode-launcher.sh");
  mkdirSync(outputFolder, { recursive: true });
  writeFileSync(
    file,
    `#!/bin/sh\nexec "${process.execPath}" "${path.join(import.meta.dirname, "launcher.ts")}" "$@"\n`,
  );
  chmodSync(file, 0o755);
  return file;
}
