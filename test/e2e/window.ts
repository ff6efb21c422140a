import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll } from "vitest";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session, type SessionOptions } from "../harness/session.ts";

/**
 * Opens one VS Code window for all tests of the file, on a fresh copy of the sample pictures. When a test fails,
 * its picture is saved in `out/screenshots/`.
 *
 *   const window = useWindow();
 *   it("…", async () => { await window().palette("Image Remix: Remix Image"); });
 */
export function useWindow(options: () => Partial<SessionOptions> = () => ({})): () => Session {
  const folder = temporaryFolder("pictures");
  let session: Session | undefined;

  beforeAll(async () => {
    copySamples(folder);
    session = await openSession({ folder, ...options() });
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await session?.screenshot(task.fullName);
    }
  });

  afterAll(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return () => {
    if (session === undefined) {
      throw new Error("The window is open only while a test runs");
    }
    return session;
  };
}
