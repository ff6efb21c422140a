import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copySamples, samplePictures, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import { useWindow } from "./window.ts";

describe("a window in restricted mode", () => {
  const window = useWindow(() => ({ trusted: false }));

  it("does not trust its folder", async () => {
    expect(await window().ext((vscode) => vscode.workspace.isTrusted)).toBe(false);
  });
});

describe("a window that is opened again", () => {
  const port = 18_473;
  const folder = temporaryFolder("pictures");
  const userDataDir = temporaryFolder("user-data");
  const profileDir = temporaryFolder("profile");
  const [picture = ""] = samplePictures();

  async function inWindow(use: (session: Session) => Promise<void>): Promise<void> {
    const session = await openSession({ folder, userDataDir, profileDir, port });
    try {
      await use(session);
    } finally {
      await session.close();
    }
  }

  beforeAll(() => copySamples(folder));
  afterAll(() => {
    for (const used of [folder, userDataDir, profileDir]) {
      rmSync(used, { recursive: true, force: true });
    }
  });

  it("shows the tabs that were open before", async () => {
    await inWindow(async ({ page, reload }) => {
      await page.getByRole("treeitem", { name: picture }).dblclick();
      await page.getByRole("tab", { name: picture }).waitFor();
      await reload();
    });
    await inWindow(async ({ page }) => page.getByRole("tab", { name: picture }).waitFor());
  });
});
