import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import { buildPage } from "./buildPage.ts";
import { type OpenPanel, openPanelBrowser, type PanelBrowser } from "./openPanel.ts";

/** Builds the page and starts a browser for all tests of the file. */
export function usePanelBrowser({ isPlain = true } = {}): () => PanelBrowser {
  let browser: PanelBrowser | undefined;
  let folder = "";

  beforeAll(async () => {
    ({ folder } = await buildPage());
    browser = await openPanelBrowser({ dist: folder, isPlain });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return () => {
    if (browser === undefined) {
      throw new Error("The browser is open only while a test runs");
    }
    return browser;
  };
}

/** One panel for all tests of the file, loaded anew for each: that is much faster than a new one. */
export function usePanel(): () => OpenPanel {
  vi.setConfig({ testTimeout: 30_000 });
  const browser = usePanelBrowser();
  let panel: OpenPanel | undefined;

  beforeEach(async () => {
    panel ??= await browser().open();
    await panel.reload();
  }, 60_000);

  return () => {
    if (panel === undefined) {
      throw new Error("The panel is open only while a test runs");
    }
    return panel;
  };
}
