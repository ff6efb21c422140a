/** The panel while a run goes on: hidden and shown, reloaded, and left behind by an extension host that was killed. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { drawTinted } from "../emulator/drawing/tint.ts";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import { pageProblems } from "./panelHands.ts";

const root = temporaryFolder("panel-runs");
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** Hashes of the pictures that the service has made. */
const drawn: string[] = [];
/** Lets the service draw. */
let draw = (): void => undefined;
let mayDraw = Promise.resolve();
let emulator: Emulator;
let session: Session;
let folder = "";

beforeAll(async () => {
  emulator = await startEmulator({
    draw: async (order) => {
      await mayDraw;
      const picture = await drawTinted(order);
      drawn.push(hash(picture));
      return picture;
    },
  });
});
afterAll(async () => {
  await emulator.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(async () => {
  mayDraw = new Promise((resolve) => {
    draw = resolve;
  });
  emulator.reset();
  drawn.length = 0;
  folder = mkdtempSync(path.join(root, "pictures-"));
  copySamples(folder);
  session = await openSession({
    folder,
    settings: {
      "imageRemix.runware.endpoint": emulator.url,
      "imageRemix.budget.confirmAbove": 10,
      // Bytes are compared with those that were served.
      "imageRemix.output.metadata": "none",
      "imageRemix.concurrency": 2,
    },
    env: { RUNWARE_API_KEY: emulator.key },
  });
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await session.screenshot(task.name);
  }
  await session.close();
});

const panel = () => session.webview();
const button = (name: string | RegExp) => panel().getByRole("button", { name });
const results = () => readdirSync(folder).filter((name) => name.includes(".remix-"));

/** Opens the panel with all samples and a prompt, and starts; returns when two of the four are being drawn. */
async function start(): Promise<void> {
  await session.ext(async (vscode) => {
    const files = await vscode.workspace.findFiles("*.{png,jpg,webp}");
    await vscode.commands.executeCommand("imageRemix.addToPanel", files[0], files);
  });
  const prompt = panel().locator("textarea").first();
  await prompt.waitFor({ timeout: 60_000 });
  await prompt.fill("All of it in the snow");
  await button("Remix 4 images → 4 results · about $0.24").click();
  await expect.poll(() => emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(2);
  await panel().getByText("0 of 4 results saved").first().waitFor();
}

/** Each picture that was charged is on disk once, and was asked for once. */
function expectEachOnce(): void {
  const { ledger } = emulator;
  expect(ledger.repeatedWork()).toEqual([]);
  expect(ledger.violations()).toEqual([]);
  const saved = results().map((name) => hash(readFileSync(path.join(folder, name))));
  expect(saved.toSorted()).toEqual(drawn.toSorted());
  expect(saved).toHaveLength(ledger.charged().length);
}

it("shows what is now when it comes back from behind another tab", async () => {
  await start();
  const lookAway = () =>
    session.ext(
      async (vscode, file: string) => {
        await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
      },
      path.join(folder, "tea-tin.png"),
    );
  const lookBack = () => session.page.locator(".tab", { hasText: "Image Remix" }).click();
  await lookAway();
  await panel().locator("remix-panel").waitFor({ state: "hidden" });
  await lookBack();
  await panel().getByText("0 of 4 results saved").first().waitFor();
  expect(await panel().locator(".task.drawing").count()).toBe(2);
  await lookAway();
  draw();
  await expect.poll(() => results().length, { timeout: 60_000 }).toBe(4);
  await lookBack();
  await panel().getByText("4 of 4 results saved").first().waitFor();
  await button("Review 4 Results").click();
  await expect.poll(() => panel().locator(".tile[id]").count()).toBe(4);
  expectEachOnce();
  expect(pageProblems(session)).toEqual([]);
});

it("keeps draft, running tasks and results through Reload Window, and nothing is bought twice", async () => {
  await start();
  await session.reload();
  await panel()
    .getByText("Collecting what was sent before the window was closed.")
    .waitFor({ timeout: 60_000 });
  await panel().getByText("0 of 4 results saved").first().waitFor();
  expect(await panel().locator(".task.drawing").count()).toBe(2);
  draw();
  await expect.poll(() => results().length, { timeout: 60_000 }).toBe(2);
  await panel().getByText("2 saved, 2 need you").first().waitFor({ timeout: 30_000 });
  await expect.poll(() => panel().getByText("Not sent", { exact: true }).count()).toBe(2);
  await panel().getByText("2 images of an earlier run were not sent. Nothing was charged.").waitFor();
  await button("Remix 2 images · about $0.12").click();
  await expect.poll(() => results().length, { timeout: 60_000 }).toBe(4);
  await panel().getByText("2 of 2 results saved").first().waitFor();
  await panel().getByRole("tab", { name: "Compose" }).click();
  expect(await panel().locator("textarea").first().inputValue()).toBe("All of it in the snow");
  expect(await panel().getByRole("option").count()).toBe(4);
  await panel().getByRole("tab", { name: "History" }).click();
  await expect.poll(() => panel().locator(".historyEntry").count()).toBe(2);
  await expect.poll(() => emulator.ledger.deliveries().length).toBeGreaterThanOrEqual(4);
  expectEachOnce();
  expect(pageProblems(session)).toEqual([]);
});

it("is put in the place of a tab that a killed extension host has left", async () => {
  await start();
  const host = await session.ext(async () => process.pid);
  session.forgetHost();
  process.kill(host, "SIGKILL");
  draw();
  // The tab of before never hears of this.
  await panel().getByText("2 saved, 2 need you").first().waitFor({ timeout: 60_000 });
  await expect.poll(() => session.page.locator(".tab", { hasText: "Image Remix" }).count()).toBe(1);
  await panel().getByRole("tab", { name: "Compose" }).click();
  expect(await panel().locator("textarea").first().inputValue()).toBe("All of it in the snow");
  expect(await panel().getByRole("option").count()).toBe(4);
  expect(results()).toHaveLength(2);
  expectEachOnce();
});
