/** The panel while a run goes on: hidden and shown, reloaded, and left behind by an extension host that was killed. */
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import type { Session } from "../harness/session.ts";
import { expectEachOnce, resultsIn, usePaidWindows } from "./paidWindows.ts";
import { pageProblems } from "./panelHands.ts";

const windows = usePaidWindows("panel-runs");
const ledger = () => windows.emulator.ledger;
/** Lets the service draw. */
let draw = (): void => undefined;
let session: Session;
let folder = "";

beforeEach(async () => {
  draw = windows.hold();
  folder = windows.pictures("pictures-");
  session = await windows.open(folder);
});

const panel = () => session.webview();
const button = (name: string | RegExp) => panel().getByRole("button", { name });
const results = () => resultsIn(folder);

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
  await expect.poll(() => ledger().accepted().length, { timeout: 30_000 }).toBe(2);
  await panel().getByText("0 of 4 results saved").first().waitFor();
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
  expectEachOnce(windows, folder);
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
  await expect.poll(() => ledger().deliveries().length).toBeGreaterThanOrEqual(4);
  expectEachOnce(windows, folder);
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
  expectEachOnce(windows, folder);
});
