/** Runs once before the end-to-end tests, so that what must be installed costs none of them its time. */
import { ensureChromium } from "../harness/chromium.ts";
import { ensureServer } from "../harness/vscodeServer.ts";

export function setup(): void {
  ensureServer();
  ensureChromium();
}
