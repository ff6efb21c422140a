import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session, type SessionOptions } from "../harness/session.ts";

/** What a file's window is to be. */
export interface WindowOptions extends Partial<SessionOptions> {
  /** Names of folders that it has open side by side, each with the samples; absent for one folder. */
  readonly folders?: readonly string[];
  /**
   * Changes what is there before it opens.
   *
   * @param root absolute path of the one folder, or of that which holds them all
   */
  readonly prepare?: (root: string) => void | Promise<void>;
}

/**
 * Opens one VS Code window for all tests of the file, on a fresh copy of the sample pictures. When a test fails,
 * its picture is saved in `out/screenshots/`.
 *
 *   const window = useWindow();
 *   it("…", async () => { await window().palette("Image Remix: Remix Image"); });
 */
export function useWindow(options: () => WindowOptions = () => ({})): () => Session {
  const root = temporaryFolder("pictures");
  let session: Session | undefined;

  beforeAll(async () => {
    const { folders, prepare, ...rest } = options();
    for (const name of folders ?? [""]) {
      copySamples(path.join(root, name));
    }
    await prepare?.(root);
    session = await openSession({ folder: folders === undefined ? root : workspace(root, folders), ...rest });
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await session?.screenshot(task.fullName);
    }
  });

  afterAll(async () => {
    await session?.close();
    rmSync(root, { recursive: true, force: true });
  });

  return () => {
    if (session === undefined) {
      throw new Error("The window is open only while a test runs");
    }
    return session;
  };
}

/** Writes a workspace of folders that lie beside it. @returns its file's absolute path */
function workspace(root: string, folders: readonly string[]): string {
  const file = path.join(root, "several.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: folders.map((name) => ({ path: name })), settings: {} }));
  return file;
}
