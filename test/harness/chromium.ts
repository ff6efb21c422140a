/** Finds a Chromium that starts, or installs one. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { chromium } from "playwright-core";
import { SetupError } from "./commands.ts";
import { projectRoot } from "./paths.ts";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const debianInstall = "apt-get install -y --no-install-recommends chromium";

let found: string | undefined;

/** CHROMIUM_PATH, else an installed one, else Playwright's own, else (as root) Debian's package. */
export function ensureChromium(): string {
  found ??= findChromium();
  return found;
}

function findChromium(): string {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) {
    if (!starts(CHROMIUM_PATH)) {
      throw new SetupError(`CHROMIUM_PATH is ${CHROMIUM_PATH}, which does not start`);
    }
    return CHROMIUM_PATH;
  }
  const own = chromium.executablePath();
  const present = [...installed, own].find(starts);
  if (present !== undefined) {
    return present;
  }
  console.error("No Chromium found: installing one with Playwright …");
  const { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT = "10000" } = process.env;
  const playwright = path.join(projectRoot, "node_modules", "playwright-core", "cli.js");
  run(process.execPath, [playwright, "install", "--no-shell", "chromium"], {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT,
  });
  // Started once, since a downloaded one may lack the libraries that Debian's package brings along.
  if (starts(own)) {
    return own;
  }
  if (process.getuid?.() === 0) {
    console.error(`It could not be downloaded, or does not start: ${debianInstall} …`);
    run("apt-get", ["update"]);
    run("sh", ["-c", debianInstall], { DEBIAN_FRONTEND: "noninteractive" });
  }
  const packaged = installed.find(starts);
  if (packaged === undefined) {
    throw new SetupError(
      `the tests need Chromium, and none could be found or installed.\n  Debian, Ubuntu: ${debianInstall}\n  elsewhere: install Chrome or set CHROMIUM_PATH`,
    );
  }
  return packaged;
}

function starts(file: string): boolean {
  return spawnSync(file, ["--version"], { timeout: 30_000 }).status === 0;
}

/** Whether it worked shows in what is there afterwards. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  spawnSync(command, args, { stdio: "ignore", env: { ...process.env, ...env }, timeout: 10 * 60_000 });
}
