/** The panel's page in a browser, fed with snapshots instead of an extension. */
import { type Browser, chromium, type Page } from "playwright-core";
import type { PanelRequest } from "../../src/protocol/requests.ts";
import type { Snapshot } from "../../src/protocol/snapshot.ts";
import { ensureChromium } from "../harness/chromium.ts";
import { type PanelServer, type ServerOptions, servePanel } from "./server.ts";
import { now } from "./states/build.ts";
import { readTheme, type Theme, type ThemeName } from "./themes.ts";

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

export interface OpenPanel {
  readonly page: Page;
  /** Errors of the console, uncaught ones and breaches of the content security policy. */
  readonly problems: readonly string[];
  /** Sends a snapshot, with the next number, and waits until it is drawn. */
  show(snapshot: Snapshot): Promise<void>;
  /** Waits until all that can be seen is drawn, pictures that are loaded lazily as well. */
  settle(): Promise<void>;
  /** What the page has asked for since this was last called, without `ready`. */
  requests(): Promise<readonly PanelRequest[]>;
  /** What the page keeps for its next life. */
  kept(): Promise<unknown>;
  /** Loads the page anew, as VS Code does with one that was hidden. @param kept what it kept in its earlier life */
  reload(kept?: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface PanelBrowser {
  open(options?: PanelOptions): Promise<OpenPanel>;
  close(): Promise<void>;
}

export async function openPanelBrowser(options: ServerOptions = {}): Promise<PanelBrowser> {
  const server = await servePanel(options);
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: ["--no-sandbox"] });
  return {
    open: (options = {}) => openPanel(browser, server, options),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function openPanel(
  browser: Browser,
  { address }: PanelServer,
  { theme = "dark", width = 1280, height = 820 }: PanelOptions,
): Promise<OpenPanel> {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce" });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`${message.text()} (${message.location().url})`);
    }
  });
  await page.clock.setFixedTime(now);
  await page.addInitScript(playWebview, readTheme(theme));
  const isReady = "globalThis.panelHost.requests.some(({ type }) => type === 'ready')";
  await page.goto(address);
  await page.waitForFunction(isReady);
  let number = 0;
  return {
    page,
    problems,
    async show(snapshot) {
      number += 1;
      await page.evaluate(showSnapshot, { ...snapshot, number });
      await page.evaluate(drawFrames);
    },
    async settle() {
      await page.evaluate(drawFrames);
      await page.evaluate(picturesDrawn);
    },
    requests: () => page.evaluate<readonly PanelRequest[]>("globalThis.panelHost.take()"),
    kept: () => page.evaluate("globalThis.panelHost.kept"),
    async reload(kept) {
      // The window's name is what outlives a page.
      await page.evaluate(`window.name = ${JSON.stringify(JSON.stringify(kept ?? null))}`);
      await page.reload();
      await page.waitForFunction(isReady);
      problems.length = 0;
      number = 0;
    },
    close: () => page.close(),
  };
}

/** Runs in the page before its own scripts: plays what VS Code puts around a webview. */
function playWebview(theme: Theme): void {
  const scope = globalThis as unknown as WebviewScope;
  const host = {
    kept: JSON.parse(scope.name || "null") as unknown,
    requests: [] as { readonly type: string }[],
    take() {
      return host.requests.splice(0).filter(({ type }) => type !== "ready");
    },
  };
  const api = {
    postMessage: (message: { readonly type: string }) => host.requests.push(message),
    getState: () => host.kept,
    setState(state: unknown) {
      host.kept = state;
    },
  };
  scope.panelHost = host;
  scope.acquireVsCodeApi = () => api;
  const { document } = scope;
  const sheet = new scope.CSSStyleSheet();
  sheet.replaceSync(theme.defaults);
  document.adoptedStyleSheets = [sheet];
  const dress = () => {
    document.documentElement.style.cssText = theme.variables;
    if (document.body !== null) {
      document.body.className = theme.bodyClass;
      Object.assign(document.body.dataset, theme.data);
    }
  };
  document.addEventListener("DOMContentLoaded", dress);
}

/** Runs in the page. */
function showSnapshot(snapshot: Snapshot): void {
  const scope = globalThis as unknown as WebviewScope;
  scope.dispatchEvent(new scope.MessageEvent("message", { data: snapshot }));
}

/** Runs in the page. What is drawn may change what is measured, which is drawn in its turn. */
async function drawFrames(): Promise<void> {
  const scope = globalThis as unknown as WebviewScope;
  for (let frame = 0; frame < 4; frame++) {
    await new Promise<void>((resolve) => scope.requestAnimationFrame(() => resolve()));
  }
}

/** Runs in the page. */
const picturesDrawn = `Promise.all([...document.images]
  .filter((image) => {
    const { top, left, bottom, right } = image.getBoundingClientRect();
    return top < innerHeight && left < innerWidth && bottom > 0 && right > 0;
  })
  .map((image) => image.decode().catch(() => undefined)))
  .then(() => undefined)`;

/** As much of the page's own world as is touched here: tests are compiled without the browser's types. */
interface WebviewScope {
  readonly name: string;
  panelHost: unknown;
  acquireVsCodeApi: unknown;
  readonly CSSStyleSheet: new () => { replaceSync(text: string): void };
  readonly MessageEvent: new (type: string, options: { readonly data: unknown }) => object;
  readonly document: {
    adoptedStyleSheets: readonly object[];
    readonly documentElement: { readonly style: { cssText: string } };
    readonly body: { className: string; readonly dataset: object } | null;
    addEventListener(type: string, listener: () => void): void;
  };
  dispatchEvent(event: object): void;
  requestAnimationFrame(run: () => void): void;
}
