/** Windows whose service is the emulator, for tests about money and finished work. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { drawTinted } from "../emulator/drawing/tint.ts";
import { sha256 } from "../emulator/ledger.ts";
import type { EmulatorOptions } from "../emulator/options.ts";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import type { Settings } from "../harness/settings.ts";

/** The service, the folders and the windows of one test. */
export interface PaidWindows {
  readonly emulator: Emulator;
  /** SHA-256 of every picture that the service has made. */
  readonly drawn: readonly string[];
  /** From now on the service takes tasks, and draws nothing until the returned function is called. */
  hold(): () => void;
  /** A new folder with the samples. @returns its absolute path */
  pictures(name: string): string;
  /** Opens a window; another one on the same storage when it is called again in a test. */
  open(folder: string, settings?: Settings): Promise<Session>;
  /** Closes all windows. Called after each test. */
  closeAll(): Promise<void>;
  /** Absolute path of the extension's storage. */
  readonly storage: string;
}

/** Starts an emulator for all tests of the file, and gives each test a storage of its own. */
export function usePaidWindows(name: string, options: EmulatorOptions = {}): PaidWindows {
  const root = temporaryFolder(name);
  const drawn: string[] = [];
  let mayDraw = Promise.resolve();
  let release = (): void => undefined;
  let emulator: Emulator | undefined;
  let userDataDir = "";
  let sessions: Session[] = [];
  const closeAll = async () => {
    await Promise.all(sessions.map((session) => session.close()));
    sessions = [];
  };
  const service = (): Emulator => {
    if (emulator === undefined) {
      throw new Error("The service is there only while a test runs");
    }
    return emulator;
  };

  beforeAll(async () => {
    emulator = await startEmulator({
      ...options,
      draw: async (order) => {
        await mayDraw;
        const picture = await drawTinted(order);
        drawn.push(sha256(picture));
        return picture;
      },
    });
  });
  afterAll(async () => {
    await emulator?.close();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    service().reset();
    drawn.length = 0;
    userDataDir = temporaryFolder(`${name}-session`);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      for (const [index, session] of sessions.entries()) {
        await session.screenshot(`${task.name} ${index}`);
      }
    }
    release();
    await closeAll();
    rmSync(userDataDir, { recursive: true, force: true });
  });

  return {
    get emulator() {
      return service();
    },
    drawn,
    hold() {
      mayDraw = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    pictures(name) {
      const folder = mkdtempSync(path.join(root, name));
      copySamples(folder);
      return folder;
    },
    async open(folder, settings = {}) {
      const session = await openSession({
        folder,
        userDataDir,
        settings: {
          "imageRemix.runware.endpoint": service().url,
          "imageRemix.budget.confirmAbove": 10,
          // Bytes are compared with those that were served.
          "imageRemix.output.metadata": "none",
          "imageRemix.concurrency": 2,
          ...settings,
        },
        env: { RUNWARE_API_KEY: service().key },
      });
      sessions.push(session);
      return session;
    },
    closeAll,
    get storage() {
      return path.join(userDataDir, "User", "globalStorage", "image-remix.image-remix");
    },
  };
}

/** Names of the results in a folder and below it; none where there is no folder. */
export function resultsIn(folder: string): readonly string[] {
  return filesIn(folder).filter((name) => name.includes(".remix-"));
}

/** Paths of all files in a folder and below it, from there; none where there is no folder. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .sort();
  } catch {
    return [];
  }
}

/** Names of the pictures that are kept in storage. */
export function keptIn(storage: string): readonly string[] {
  return filesIn(path.join(storage, "results"));
}

/** Names of the journals that stand for tasks without an end. */
export function journalsIn(storage: string): readonly string[] {
  return filesIn(path.join(storage, "journal")).filter((name) => name.endsWith(".jsonl"));
}

/** A notification with that text. */
export function notification({ page }: Session, text: string | RegExp): Locator {
  return page.locator(".notification-list-item", { hasText: text });
}

/**
 * Starts a remix of every sample and does not wait for it.
 *
 * @returns the process id of the extension host
 */
export function startAll(session: Session, confirm = true): Promise<number> {
  return session.ext(async (vscode, confirm) => {
    const files = await vscode.workspace.findFiles("*.{png,jpg,webp}");
    void vscode.commands.executeCommand("imageRemix.remixImage", files[0], files, { confirm });
    return process.pid;
  }, confirm);
}

/**
 * What the promises of money and finished work come to: each picture that was charged is on disk once, under one name
 * in one of these folders, and nothing else is.
 *
 * @param folders absolute paths of all that results lie in
 */
export function expectEachOnce({ emulator, drawn }: PaidWindows, ...folders: readonly string[]): void {
  const { ledger } = emulator;
  expect(ledger.repeatedWork()).toEqual([]);
  expect(ledger.violations()).toEqual([]);
  const saved = folders.flatMap((folder) =>
    resultsIn(folder).map((name) => sha256(readFileSync(path.join(folder, name)))),
  );
  expect(saved.toSorted()).toEqual(drawn.toSorted());
  expect(saved).toHaveLength(ledger.charged().length);
  const temporary = folders.flatMap((folder) => filesIn(folder).filter((name) => name.endsWith(".tmp")));
  expect(temporary).toEqual([]);
}
