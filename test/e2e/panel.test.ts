/** The panel in the real workbench, with results that are paid for. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";

const folder = temporaryFolder("panel");
const hash = (name: string) =>
  createHash("sha256")
    .update(readFileSync(path.join(folder, name)))
    .digest("hex");
let emulator: Emulator;
let session: Session;

beforeAll(async () => {
  emulator = await startEmulator({ progressSteps: 1 });
  copySamples(folder);
  session = await openSession({
    folder,
    settings: {
      "imageRemix.runware.endpoint": emulator.url,
      "imageRemix.positivePrompt": "a tin of tea",
    },
    env: { RUNWARE_API_KEY: emulator.key },
  });
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await session.screenshot(task.name);
  }
});
afterAll(async () => {
  await session.close();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const panel = () => session.webview();
const button = (name: string | RegExp) => panel().getByRole("button", { name });

it("takes pictures from the Explorer and says what they will cost", async () => {
  await session.ext(async (vscode, root: string) => {
    const uris = ["tea-tin.png", "vesna.webp"].map((name) => vscode.Uri.file(`${root}/${name}`));
    await vscode.commands.executeCommand("imageRemix.addToPanel", uris[0], uris);
  }, folder);
  await panel()
    .getByRole("option", { name: /tea-tin\.png/ })
    .waitFor({ timeout: 60_000 });
  await button("Remix 2 images → 2 results · about $0.12").waitFor();
  await session.screenshot("panel-compose");
});

it("runs on Ctrl+Enter, and shows what was saved", async () => {
  await panel().locator("textarea").first().click();
  await session.page.keyboard.press("Control+Enter");
  await panel().getByText("2 of 2 results saved").first().waitFor({ timeout: 60_000 });
  expect(emulator.ledger.charged()).toHaveLength(2);
  expect(readdirSync(folder).filter((name) => name.includes(".remix-"))).toHaveLength(2);
  await session.screenshot("panel-run");
});

it("compares, keeps, discards and restores by keys", async () => {
  await button("Review 2 Results").click();
  const tile = panel().getByRole("gridcell", { name: /tea-tin, result 1/ });
  await tile.click();
  await session.page.keyboard.press("d");
  await expect.poll(() => existsSync(path.join(folder, "tea-tin.remix-1.png"))).toBe(false);
  await session.screenshot("panel-review");
  await session.page.keyboard.press("Control+z");
  await expect.poll(() => existsSync(path.join(folder, "tea-tin.remix-1.png"))).toBe(true);
});

it("replaces a source after a question, and takes that back, also after a restart", async () => {
  const before = hash("tea-tin.png");
  const result = hash("tea-tin.remix-1.png");
  const tile = panel().getByRole("gridcell", { name: /tea-tin, result 1/ });
  await tile.click();
  await session.page.keyboard.press("r");
  const dialog = session.page.locator(".monaco-dialog-box", { hasText: "tea-tin.png" });
  await dialog.getByRole("button", { name: "Replace" }).click();
  await expect.poll(() => hash("tea-tin.png")).toBe(result);
  await session.reload();
  await panel().getByRole("tablist").first().waitFor({ timeout: 60_000 });
  await session.palette("Image Remix: Undo Replace Source");
  const pick = session.page.locator(".quick-input-widget", { hasText: "Undo Replace Source" });
  await pick.locator(".monaco-list-row", { hasText: "tea-tin.png" }).click();
  await expect.poll(() => hash("tea-tin.png"), { timeout: 30_000 }).toBe(before);
});

it("takes over the recipe of a result, with its source", async () => {
  const lenses = await session.ext(
    async (vscode, file: string) => {
      const shown = await vscode.commands.executeCommand<{ toString(): string }>(
        "imageRemix.showRecipe",
        vscode.Uri.file(file),
      );
      const all = await vscode.commands.executeCommand<
        { command?: { title: string; command: string; arguments?: unknown[] } }[]
      >("vscode.executeCodeLensProvider", shown);
      const use = all.find(({ command }) => command?.title === "Use in Panel")?.command;
      await vscode.commands.executeCommand(use?.command ?? "", ...(use?.arguments ?? []));
      return all.map(({ command }) => command?.title);
    },
    path.join(folder, "vesna.remix-1.webp"),
  );
  expect(lenses).toContain("Use in Panel");
  await panel()
    .getByRole("option", { name: /vesna\.webp/ })
    .waitFor();
  await button("Remix 1 image → 1 result · about $0.06").waitFor();
});

it("leaves nothing in the console", () => {
  expect(session.problems).toEqual([]);
});
