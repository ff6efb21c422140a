/** One real VS Code window, with the extension installed, for a test to look at and click in. */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Frame, FrameLocator, Locator, Page } from "playwright-core";
import { type BrowserOptions, openBrowser } from "./browser.ts";
import { installCopy, installVsix } from "./extensions.ts";
import { outputFolder, temporaryFolder } from "./paths.ts";
import { type HostCode, RemoteControl, readyTitle } from "./remoteControl.ts";
import { type Environment, startServer, workbenchAddress } from "./serverProcess.ts";
import { type Settings, writeSettings } from "./settings.ts";

export interface SessionOptions extends BrowserOptions {
  /** The folder, or the `.code-workspace` file, that the window opens. */
  readonly folder: string;
  readonly settings?: Settings | undefined;
  /** `false` opens the folder in restricted mode. */
  readonly trusted?: boolean | undefined;
  readonly env?: Environment | undefined;
  /** Installs this package instead of a copy of the built extension. */
  readonly vsix?: string | undefined;
  /** Give this, `profileDir` and `port` to open the same window again after it was closed. */
  readonly userDataDir?: string | undefined;
  readonly port?: number | undefined;
}

export interface Session {
  readonly page: Page;
  readonly folder: string;
  readonly userDataDir: string;
  /** Errors of the page's console, among them every breach of a content security policy. */
  readonly problems: readonly string[];
  /** Runs a command by its full title, as in "Image Remix: Remix Image". */
  palette(title: string): Promise<void>;
  /** Types into the command palette and returns the titles it lists. */
  paletteTitles(filter: string): Promise<string[]>;
  /** The document of a webview of ours, to find elements in. */
  webview(index?: number): FrameLocator;
  /** The same document, to evaluate scripts in. */
  webviewFrame(index?: number): Promise<Frame>;
  /** Runs code in the extension host: `ext((vscode) => vscode.workspace.isTrusted)`. */
  ext<Result>(code: HostCode<undefined, Result>): Promise<Result>;
  ext<Argument, Result>(code: HostCode<Argument, Result>, argument: Argument): Promise<Result>;
  /** Waits until the window is drawn and the extensions are there. */
  whenReady(): Promise<void>;
  /**
   * Runs "Developer: Reload Window". It also makes VS Code save which tabs are open and their webviews' state,
   * which closing the browser does not.
   */
  reload(): Promise<void>;
  /** The extension host is about to go: `ext` waits for the next one. */
  forgetHost(): void;
  /** Saves a picture of the window under `out/screenshots/`. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What this server's own page asks for in vain, and what its log misses while it is loaded anew. */
const harmless =
  /Long running operations during shutdown|vsda|serviceWorker\.js|favicon|404\) was received when fetching the script|manifest\.json|authentication provider 'github'|vscode-log:\/.* is closed/s;

export async function openSession(options: SessionOptions): Promise<Session> {
  const { folder, trusted = true } = options;
  const userDataDir = options.userDataDir ?? temporaryFolder("session");
  const extensionsDir = path.join(userDataDir, "extensions");
  writeSettings(userDataDir, { settings: options.settings, trusted });
  if (options.vsix === undefined) {
    installCopy(extensionsDir);
  } else {
    installVsix(options.vsix, extensionsDir, userDataDir);
  }
  const control = new RemoteControl(userDataDir, extensionsDir, trusted);
  const server = await startServer({
    userDataDir,
    extensionsDir,
    trusted,
    port: options.port,
    // The developer's own key must not pay for a test.
    env: { RUNWARE_API_KEY: undefined, REMOTE_CONTROL_FILE: control.file, ...options.env },
  });
  const closeAll = [() => server.stop()];
  const close = async (): Promise<void> => {
    for (const closeOne of closeAll.splice(0).reverse()) {
      await closeOne();
    }
    if (options.userDataDir === undefined) {
      rmSync(userDataDir, { recursive: true, force: true });
    }
  };
  try {
    const window = await openBrowser(options);
    closeAll.push(() => window.close());
    const { page } = window;
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      const text = `${message.text()} (${message.location().url})`;
      if (message.type() === "error" && !harmless.test(text)) {
        problems.push(text);
      }
    });
    const session: Session = { page, folder, userDataDir, problems, close, ...controls(page, control) };
    await page.goto(workbenchAddress(server, { folder }), { waitUntil: "commit" });
    await session.whenReady().catch(async (error) => {
      await session.screenshot("window that did not open");
      throw error;
    });
    return session;
  } catch (error) {
    await close();
    throw error;
  }
}

function controls(page: Page, control: RemoteControl) {
  const ext = async <Argument, Result>(
    code: HostCode<Argument, Result>,
    argument?: Argument,
  ): Promise<Result> => (await control.run(String(code), argument)) as Result;

  const input = page.locator(".quick-input-widget input.input").first();
  const rows = page.locator(".quick-input-list .monaco-list-row");
  /** Whether it was there, or came, within a second. */
  const appears = (locator: Locator): Promise<boolean> =>
    locator.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    );
  const search = async (filter: string): Promise<void> => {
    // A webview that loads takes the focus for a moment, and the key with it.
    for (let attempt = 0; attempt < 30; attempt++) {
      await page.keyboard.press("F1");
      const isTyped = async () =>
        input.fill(`>${filter}`, { timeout: 2000 }).then(
          () => true,
          () => false,
        );
      if ((await appears(input)) && (await isTyped())) {
        return;
      }
    }
    throw new Error("The command palette does not open");
  };
  const row = (title: string): Locator =>
    page.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(title)}]`).first();
  const palette = async (title: string): Promise<void> => {
    await search(title);
    // The very row: pressing Enter at once runs whatever was on top before the filter had worked.
    await row(title).click();
  };
  const offersCommands = async (): Promise<boolean> => {
    await search(readyTitle);
    const offered = await appears(row(readyTitle));
    await page.keyboard.press("Escape");
    await input.waitFor({ state: "hidden" });
    return offered;
  };
  const whenReady = async (): Promise<void> => {
    const statusBar = page.locator(".monaco-workbench .part.statusbar .statusbar-item").first();
    // On a busy machine the page now and then stays blank; loading it again helps.
    await statusBar.waitFor({ timeout: 30_000 }).catch(async () => {
      await page.reload({ waitUntil: "commit" });
      await statusBar.waitFor({ timeout: 60_000 });
    });
    const end = Date.now() + 60_000;
    // The window is drawn before the extension host is there, and only then adds the extensions' commands and
    // menus. A menu opened before that never gets them.
    await control.run("() => 1", undefined, 60_000);
    while (!(await offersCommands())) {
      if (Date.now() > end) {
        throw new Error("The window does not offer the extensions' commands");
      }
    }
  };
  const webviewElement = (index: number) => page.locator("iframe.webview.ready").nth(index);

  return {
    ext,
    palette,
    async paletteTitles(filter: string): Promise<string[]> {
      await search(filter);
      await rows.filter({ hasText: filter }).first().waitFor();
      const titles = await rows.locator(".label-name").allTextContents();
      await page.keyboard.press("Escape");
      return titles;
    },
    webview(index = 0): FrameLocator {
      return webviewElement(index).contentFrame().locator("iframe#active-frame").contentFrame();
    },
    async webviewFrame(index = 0): Promise<Frame> {
      const outer = await (await webviewElement(index).elementHandle())?.contentFrame();
      const inner = await (await outer?.waitForSelector("iframe#active-frame"))?.contentFrame();
      if (!inner) {
        throw new Error(`There is no webview ${index}`);
      }
      return inner;
    },
    whenReady,
    forgetHost: () => control.forgetHost(),
    async reload(): Promise<void> {
      control.forgetHost();
      await palette("Developer: Reload Window");
      await whenReady();
    },
    async screenshot(name: string): Promise<void> {
      const folder = path.join(outputFolder, "screenshots");
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: path.join(folder, `${name.replace(/[^\w.-]+/g, "-")}.png`) });
    },
  };
}
