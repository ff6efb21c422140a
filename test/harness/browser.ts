/** The Chromium window that shows VS Code's workbench. */
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ensureChromium } from "./chromium.ts";

const args = [
  // Works as root and in containers; the only pages it ever opens are the server's own.
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-gpu",
  "--disable-quic",
  "--disable-renderer-backgrounding",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
];

export interface BrowserOptions {
  /** Keeps secrets, workspace state and tabs from one session to the next, on the same port. */
  readonly profileDir?: string | undefined;
  readonly viewport?: { readonly width: number; readonly height: number } | undefined;
}

export interface BrowserWindow {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

export async function openBrowser(options: BrowserOptions = {}): Promise<BrowserWindow> {
  const launch = { executablePath: ensureChromium(), args };
  const look: BrowserContextOptions = {
    viewport: options.viewport ?? { width: 1400, height: 900 },
    colorScheme: "dark",
    locale: "en-US",
    permissions: ["clipboard-read", "clipboard-write"],
  };
  const browser = options.profileDir === undefined ? await chromium.launch(launch) : undefined;
  const context = browser
    ? await browser.newContext(look)
    : await chromium.launchPersistentContext(options.profileDir ?? "", { ...launch, ...look });
  // The page encrypts secrets with a key from here. This server does not answer it, and without one they
  // would not outlive the page.
  await context.route("**/mint-key", (route) =>
    route.fulfill({ status: 200, contentType: "application/octet-stream", body: Buffer.alloc(32, 7) }),
  );
  const page = context.pages()[0] ?? (await context.newPage());
  const close = async (): Promise<void> => {
    await context.close();
    await browser?.close();
  };
  return { context, page, close };
}
