import { rmSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { buildPage } from "./buildPage.ts";
import { type OpenPanel, openPanelBrowser, type PanelBrowser, type PanelOptions } from "./openPanel.ts";

/** Builds the page and starts a browser for all tests of the file. */
export function usePanels(): (options?: PanelOptions) => Promise<OpenPanel> {
  let browser: PanelBrowser | undefined;
  let folder = "";

  beforeAll(async () => {
    ({ folder } = await buildPage());
    browser = await openPanelBrowser(folder);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return async (options) => {
    if (browser === undefined) {
      throw new Error("The browser is open only while a test runs");
    }
    return browser.open(options);
  };
}
