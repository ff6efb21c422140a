/** Results that the panel has not seen come to be: of the Explorer's menu, of earlier sessions, in the bin. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import { pageProblems } from "./panelHands.ts";

const folder = temporaryFolder("panel-history");
const userDataDir = temporaryFolder("panel-history-data");
const hash = (name: string) =>
  createHash("sha256")
    .update(readFileSync(path.join(folder, name)))
    .digest("hex");
const results = () => readdirSync(folder).filter((name) => name.includes(".remix-"));
let session: Session;

/** Another window on the same pictures. It has its own port, so that nothing is left of what VS Code kept for them. */
async function openWindow(dataDir = userDataDir, settings: Readonly<Record<string, unknown>> = {}) {
  await session?.close();
  session = await openSession({
    folder,
    userDataDir: dataDir,
    settings: { "imageRemix.provider": "local", "imageRemix.outputFormat": "PNG", ...settings },
  });
}

beforeAll(async () => {
  copySamples(folder);
  await openWindow();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await session.screenshot(task.name);
  }
});
afterAll(async () => {
  await session.close();
  for (const used of [folder, userDataDir]) {
    rmSync(used, { recursive: true, force: true });
  }
});

const panel = () => session.webview();
const entries = () => panel().locator(".historyEntry");
const tiles = () => panel().locator(".tile[id]");

/** Opens the panel's history, which begins to read then. */
async function openHistory(): Promise<void> {
  await session.palette("Image Remix: Open Remix Panel");
  await panel().getByRole("tab", { name: "History" }).click({ timeout: 60_000 });
}

it("lists what was made without the panel, once it is looked at", async () => {
  await session.ext(async (vscode) => {
    const files = await vscode.workspace.findFiles("{tea-tin.png,vesna.webp}");
    const options = { confirm: false, preset: "Quiet luxury" };
    await vscode.commands.executeCommand("imageRemix.remixImage", files[0], files, options);
    const again = { confirm: false, recipe: { numberResults: 2, styleType: "ANIME" } };
    const tin = files.filter(({ path: file }) => file.endsWith("tea-tin.png"));
    await vscode.commands.executeCommand("imageRemix.remixImage", tin[0], tin, again);
  });
  expect(results()).toHaveLength(4);
  await openHistory();
  await expect.poll(() => entries().count(), { timeout: 30_000 }).toBe(2);
  await panel()
    .getByRole("button", { name: /Quiet luxury.*2 results · Local preview, free/ })
    .click();
  await expect.poll(() => tiles().count()).toBe(2);
  await expect.poll(() => panel().locator(".details").textContent()).toMatch(/\d+ × \d+, PNG, \d\.\d MB/);
});

it("is read from the pictures' metadata where nothing else is left", async () => {
  const elsewhere = temporaryFolder("panel-history-elsewhere");
  try {
    await openWindow(elsewhere);
    await openHistory();
    await expect.poll(() => entries().count(), { timeout: 30_000 }).toBe(2);
    await panel()
      .getByRole("button", { name: /Quiet luxury/ })
      .click();
    await expect.poll(() => tiles().count()).toBe(2);
    await panel().getByText("Strength", { exact: false }).first().waitFor();
    await session.close();
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

it("discards several after one question, and finds them in the bin when nothing else knows of them", async () => {
  await openWindow();
  await openHistory();
  await expect.poll(() => entries().count(), { timeout: 30_000 }).toBe(2);
  const before = hash("tea-tin.remix-2.png");
  await panel()
    .getByRole("button", { name: /2 results/ })
    .first()
    .click();
  await expect.poll(() => tiles().count()).toBe(2);
  const gone = (await panel().locator(".tile[id]").all()).length;
  await tiles().first().click();
  await session.page.keyboard.press("Control+a");
  await session.page.keyboard.press("d");
  const question = session.page.locator(".monaco-dialog-box", { hasText: "Discard 2 results?" });
  await question.getByRole("button", { name: "Discard 2 Results" }).click();
  await expect.poll(() => results().length).toBe(4 - gone);
  await openWindow();
  await openHistory();
  await expect.poll(() => entries().count(), { timeout: 30_000 }).toBe(2);
  await panel()
    .getByRole("button", { name: /2 results/ })
    .first()
    .click();
  await tiles().first().click();
  for (const _ of [1, 2]) {
    await panel().locator(".decisions").getByRole("button", { name: "Restore" }).click();
    await panel().locator(".decisions").getByRole("button", { name: /^Keep/ }).waitFor();
    await session.page.keyboard.press("ArrowRight");
    await tiles().nth(1).click();
  }
  await expect.poll(() => results().length).toBe(4);
  expect(hash("tea-tin.remix-2.png")).toBe(before);
  expect(pageProblems(session)).toEqual([]);
});

it("asks when the bin is full, and drops nothing unasked", async () => {
  await openWindow(userDataDir, { "imageRemix.bin.maxMegabytes": 1 });
  await openHistory();
  await expect.poll(() => entries().count(), { timeout: 30_000 }).toBe(2);
  await panel()
    .getByRole("button", { name: /2 results/ })
    .first()
    .click();
  await tiles().first().click();
  await session.page.keyboard.press("Control+a");
  await session.page.keyboard.press("d");
  await session.page.getByRole("button", { name: "Discard 2 Results" }).click();
  const question = session.page.locator(".monaco-dialog-box", { hasText: /There is no room|too small/ });
  await question.getByRole("button", { name: "Cancel" }).click();
  const left = results().length;
  expect(left).toBeGreaterThan(2);
  const bin = path.join(userDataDir, "User", "globalStorage", "image-remix.image-remix", "bin");
  const kept = existsSync(bin) ? readdirSync(bin, { recursive: true }).map(String) : [];
  expect(kept.filter((name) => name.endsWith(".png"))).toHaveLength(4 - left);
  expect(pageProblems(session)).toEqual([]);
});

it("shows a result that was given the name of a discarded one", async () => {
  await openWindow(userDataDir, { "imageRemix.bin.maxMegabytes": 100 });
  await openHistory();
  await panel()
    .getByRole("button", { name: /2 results/ })
    .first()
    .click({ timeout: 30_000 });
  const before = results();
  await panel().locator(".tile.undecided[id]").first().click();
  await session.page.keyboard.press("d");
  await expect.poll(() => results().length).toBe(before.length - 1);
  const left = results();
  const [gone = ""] = before.filter((name) => !left.includes(name));
  await session.ext(
    async (vscode, source: string) => {
      const [file] = await vscode.workspace.findFiles(source);
      await vscode.commands.executeCommand("imageRemix.remixImage", file, [file], { confirm: false });
    },
    `${gone.split(".")[0]}.{png,webp}`,
  );
  const [again = ""] = results().filter((name) => !left.includes(name));
  const names = ["tea-tin.remix-1.png", "tea-tin.remix-2.png", "tea-tin.remix-3.png", "vesna.remix-1.png"];
  expect(names).toContain(again);
  await panel().getByRole("button", { name: "Review 1 Result" }).click();
  await expect.poll(() => tiles().count()).toBe(1);
  await panel().locator(".details").getByRole("heading", { name: again }).waitFor();
  await panel().locator(".tile.undecided[id]").waitFor();
});
