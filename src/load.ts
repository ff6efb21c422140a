import { setImmediate } from "node:timers/promises";
import type { ExtensionContext } from "vscode";
import type { App } from "./app.ts";

/** The greater part of what {@link loadApp} loads, in pieces of about the same size: each finds there what those before it needed. */
const parts = [
  () => import("./engine/provenance.ts"),
  () => import("./engine/jobs.ts"),
  () => import("./runwareService.ts"),
  () => import("./engine/globs.ts"),
  () => import("./editor/remixImage.ts"),
  () => import("./editor/recoverPending.ts"),
  () => import("./platform/resultFiles.ts"),
] as const;

/**
 * Loads what the commands need, and puts it together, in several turns of the event loop: all of it at once would keep
 * the extension host, which all extensions share, from everything else for 40 to 70 ms.
 */
export async function loadApp(context: ExtensionContext): Promise<App> {
  for (const part of parts) {
    await part();
    await setImmediate();
  }
  const { createApp } = await import("./app.ts");
  await setImmediate();
  const app = createApp(context);
  await setImmediate();
  return app;
}
