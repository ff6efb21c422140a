import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { useWindow } from "./window.ts";

// A click only selects: a preview that opens late would take the focus, close the menu and end the selection.
const window = useWindow(() => ({
  settings: { "workbench.list.openMode": "doubleClick", "explorer.autoReveal": false },
}));

afterEach(async () => {
  await window().page.keyboard.press("Escape");
  // VS Code shows three at most: those of one test would hide those of the next.
  await window().ext((vscode) => vscode.commands.executeCommand("notifications.clearAll"));
});

/** VS Code reads a settings file again when its watcher has seen the change. */
const slowly = { timeout: 20_000 };

const file = (name: string) => path.join(window().folder, name);
const toast = (text: string | RegExp) => window().page.locator(".notification-toast", { hasText: text });

/** Runs the command on files as a menu does, for tests that are about what comes after the click. */
async function remix(...names: readonly string[]): Promise<void> {
  await window().ext((vscode, paths) => {
    const uris = paths.map((name) => vscode.Uri.file(name));
    void vscode.commands.executeCommand("imageRemix.remixImage", uris[0], uris);
    return true;
  }, names.map(file));
}

/** Right-clicks files in the Explorer (all of them selected) and chooses Remix Image. */
async function remixInExplorer(...names: readonly string[]): Promise<void> {
  const { page } = window();
  const items = names.map((name) => page.getByRole("treeitem", { name, exact: true }));
  const [first, ...others] = items;
  if (others.length > 0) {
    await first?.click();
  }
  for (const other of others) {
    await other.click({ modifiers: ["ControlOrMeta"] });
  }
  const choice = page.getByRole("menuitem", { name: "Remix Image" });
  const begun = page
    .locator(".notification-toast")
    .or(page.getByText("What should it become?", { exact: true }))
    .first();
  await vi.waitFor(
    async () => {
      if (await page.locator(".monaco-menu").isVisible()) {
        await page.keyboard.press("Escape");
      }
      await items.at(-1)?.click({ button: "right" });
      await choice.hover({ timeout: 3000 });
      // Held for a moment: a menu that has just opened takes a quick release for the end of the right-click.
      await choice.click({ delay: 300, timeout: 3000 });
      await begun.waitFor({ timeout: 10_000 });
    },
    { timeout: 60_000, interval: 500 },
  );
}

it("remixes a right-clicked picture, and says that it is a local preview", async () => {
  await remixInExplorer("tea-tin.png");
  const saved = toast(/Remixed tea-tin\.png → tea-tin\.remix-\d+\.png · free local preview/);
  await saved.waitFor();
  expect(existsSync(file("tea-tin.remix-1.png"))).toBe(true);
  await window().page.getByRole("treeitem", { name: "tea-tin.remix-1.png" }).waitFor();
  await window().screenshot("saved");
});

it("compares source and result in the editor's own diff", async () => {
  const { page } = window();
  await remix("tea-tin.png");
  await toast(/tea-tin\.remix-\d+\.png/)
    .getByRole("button", { name: "Compare" })
    .click();
  await page.getByRole("tab", { name: /tea-tin\.png ↔ tea-tin\.remix-\d+\.png/ }).waitFor();
  for (const index of [0, 1]) {
    const picture = window().webview(index).locator("img");
    await picture.waitFor();
    expect(await picture.evaluate((image) => "naturalWidth" in image && image.naturalWidth)).toBeGreaterThan(
      0,
    );
  }
  await window().screenshot("compare");
  await page.keyboard.press("ControlOrMeta+W");
});

it("remixes all selected pictures and opens the chosen result", async () => {
  const { page } = window();
  await remixInExplorer("doree-box.jpg", "vesna.webp");
  const saved = toast("Saved 2 results beside their sources · free local preview");
  await saved.getByRole("button", { name: "Open" }).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: /vesna\.remix-\d+\.webp/ }).click();
  await page.getByRole("tab", { name: /vesna\.remix-\d+\.webp/ }).waitFor();
});

it("reveals a result in the Explorer", async () => {
  const { page } = window();
  await remix("oat-crunch.jpg");
  await toast(/oat-crunch\.remix-\d+\.jpg/)
    .getByRole("button", { name: "Reveal" })
    .click();
  await page
    .locator('[role="treeitem"][aria-selected="true"]', { hasText: /oat-crunch\.remix-\d+\.jpg/ })
    .waitFor();
});

it("takes the picture in the active editor when called from the palette", async () => {
  const { page } = window();
  await page.getByRole("treeitem", { name: "doree-box.jpg", exact: true }).dblclick();
  await window().webview().locator("img").waitFor();
  await window().palette("Image Remix: Remix Image");
  await toast(/Remixed doree-box\.jpg → doree-box\.remix-\d+\.jpg/).waitFor();
});

it("offers a picker when no picture is open", async () => {
  const { page } = window();
  await window().ext((vscode) => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  await window().palette("Image Remix: Remix Image");
  const input = page.locator(".quick-input-widget input.input");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "tea-tin.png" }).waitFor();
  await input.fill(file("tea-tin.png"));
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "tea-tin.png" }).first().waitFor();
  await page.keyboard.press("Enter");
  await toast(/Remixed tea-tin\.png → tea-tin\.remix-\d+\.png/).waitFor();
});

it("names what cannot be remixed, lets the others go on, and shows the log", async () => {
  const { page } = window();
  writeFileSync(file("broken.png"), "not a picture");
  await page.getByRole("treeitem", { name: "broken.png" }).waitFor();
  await remix("broken.png", "tea-tin.png");
  await toast(/Remixed tea-tin\.png → tea-tin\.remix-\d+\.png/).waitFor();
  const failure = toast("1 of 2 could not be remixed. broken.png is not a picture that can be read.");
  await window().screenshot("failure");
  await failure.getByRole("button", { name: "Show Log" }).click();
  await page.locator(".part.panel").getByText("notAnImage").first().waitFor();
  rmSync(file("broken.png"));
});

it("opens the setting that is to blame", async () => {
  const { folder } = window();
  const settings = path.join(folder, ".vscode", "settings.json");
  writeFileSync(
    settings,
    '{\n  "imageRemix.positivePrompt": "teal",\n  "imageRemix.remixStrength": 400\n}\n',
  );
  const strength = () =>
    window().ext((vscode) => vscode.workspace.getConfiguration("imageRemix").get("remixStrength"));
  await expect.poll(strength, slowly).toBe(400);
  await remix("tea-tin.png");
  const failure = toast("imageRemix.remixStrength in the workspace settings is not valid.");
  await failure.getByRole("button", { name: "Open Setting" }).click();
  const line = () => window().ext((vscode) => vscode.window.activeTextEditor?.selection.active.line ?? -1);
  await expect.poll(line, slowly).toBe(2);
});

it("asks for a prompt where there is none, with a counter, and remembers it", async () => {
  const { page, folder } = window();
  writeFileSync(path.join(folder, ".vscode", "settings.json"), "{}\n");
  const prompt = () =>
    window().ext((vscode) => vscode.workspace.getConfiguration("imageRemix").get("positivePrompt"));
  await expect.poll(prompt, slowly).toBeNull();
  const input = page.locator(".quick-input-widget input.input");

  await remix("tea-tin.png");
  await page.getByText("What should it become?", { exact: true }).waitFor();
  await page.getByText("0 of 2000 characters").waitFor();
  await input.fill("teal and gold 🎨");
  await page.getByText("15 of 2000 characters").waitFor();
  await window().screenshot("prompt");
  await page.keyboard.press("Enter");
  await toast(/Remixed tea-tin\.png → tea-tin\.remix-\d+\.png/).waitFor();

  const before = readdirSync(folder);
  await remix("tea-tin.png");
  await page.getByText("15 of 2000 characters").waitFor();
  expect(await input.inputValue()).toBe("teal and gold 🎨");
  await page.keyboard.press("Escape");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  expect(readdirSync(folder)).toEqual(before);
});

it("offers built-in presets instead of a prompt", async () => {
  const { page } = window();
  await remix("tea-tin.png");
  await page.getByRole("button", { name: "Choose a Built-in Preset…" }).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Quiet luxury" }).click();
  await toast(/Remixed tea-tin\.png → tea-tin\.remix-\d+\.png/).waitFor();
});

it("stops when the progress notification is cancelled", async () => {
  const { folder } = window();
  const before = readdirSync(folder);
  writeFileSync(
    path.join(folder, ".vscode", "settings.json"),
    '{ "imageRemix.positivePrompt": "teal", "imageRemix.numberResults": 20, "imageRemix.renderingSpeed": "QUALITY" }\n',
  );
  const number = () =>
    window().ext((vscode) => vscode.workspace.getConfiguration("imageRemix").get("numberResults"));
  await expect.poll(number, slowly).toBe(20);
  await remix("vesna.webp");
  const progress = toast("Image Remix (local preview)");
  await progress.getByRole("button", { name: "Cancel" }).click();
  await progress.waitFor({ state: "detached" });
  const after = readdirSync(folder);
  expect(after.length - before.length).toBeLessThan(20);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(readdirSync(folder), "nothing comes late").toEqual(after);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("leaves no error of ours in the window's console", () => {
  const ours = window().problems.filter((problem) =>
    /image-remix\.image-remix|Security Policy/.test(problem),
  );
  expect(ours).toEqual([]);
});
