import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { useWindow } from "./window.ts";

// In a browser VS Code saves by itself after a second.
const window = useWindow(() => ({ settings: { "files.autoSave": "off" } }));
const slowly = { timeout: 20_000 };
const row = (text: string) => window().page.locator(".quick-input-list .monaco-list-row", { hasText: text });
const toast = (text: string) => window().page.locator(".notification-toast", { hasText: text });
const settingsFile = () => path.join(window().folder, ".vscode", "settings.json");

afterEach(async () => {
  await window().page.keyboard.press("Escape");
  await window().ext((vscode) => vscode.commands.executeCommand("notifications.clearAll"));
});

/** Saves the recipe in force under `name`, to the row called `target`. */
async function saveAsPreset(name: string, target: string): Promise<void> {
  const { page } = window();
  await window().palette("Image Remix: Save as Preset…");
  await page.getByText("Name of the preset").waitFor();
  await page.locator(".quick-input-widget input.input").fill(name);
  await page.keyboard.press("Enter");
  await row(target).click();
}

it("remixes a picture with several presets that were ticked", async () => {
  const { page, folder } = window();
  await page.getByRole("treeitem", { name: "tea-tin.png", exact: true }).dblclick();
  await window().webview().locator("img").waitFor();
  await window().palette("Image Remix: Remix with Preset…");
  await row("Winter gift edition").waitFor();
  await window().screenshot("presets");
  await row("Winter gift edition").getByRole("checkbox").click();
  await row("Quiet luxury").getByRole("checkbox").click();
  await page.locator(".quick-input-widget").getByRole("button", { name: "OK" }).click();
  await toast("Saved 2 results beside their sources").waitFor();
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(["tea-tin.remix-1.png", "tea-tin.remix-2.png"]));
});

it("saves a preset to the workspace settings and touches nothing else in the file", async () => {
  const before = readFileSync(settingsFile(), "utf8");
  await saveAsPreset("House style", "Workspace settings");
  await toast('Saved preset "House style" to workspace settings.').waitFor();
  const after = readFileSync(settingsFile(), "utf8");
  const kept = after.split("\n");
  const missing = before.split("\n").filter((line) => !kept.includes(line) && !kept.includes(`${line},`));
  expect(missing).toEqual([]);
  expect(after).toContain("// What");
  const preset = () =>
    window().ext((vscode) => {
      const presets = vscode.workspace.getConfiguration("imageRemix").get<Record<string, unknown>>("presets");
      return presets?.["House style"] ?? null;
    });
  await expect.poll(preset, slowly).toMatchObject({ styleType: "DESIGN", remixStrength: 45 });
});

it("saves a preset to the user settings", async () => {
  await saveAsPreset("Mine everywhere", "User settings");
  await toast('Saved preset "Mine everywhere" to user settings.').waitFor();
  const own = await window().ext(
    (vscode) => vscode.workspace.getConfiguration("imageRemix").inspect("presets")?.globalValue ?? null,
  );
  expect(own).toHaveProperty(["Mine everywhere", "styleType"], "DESIGN");
});

it("leaves a file with unsaved changes alone, and says so", async () => {
  const before = readFileSync(settingsFile(), "utf8");
  await window().ext(async (vscode, file) => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "// mine\n"));
  }, settingsFile());
  await saveAsPreset("Never", "Workspace settings");
  await toast(".vscode/settings.json has unsaved changes. Save it, then try again.").waitFor();
  expect(readFileSync(settingsFile(), "utf8")).toBe(before);
  await window().ext((vscode) => vscode.commands.executeCommand("workbench.action.files.revert"));
});

it.each([
  ["an empty file", ""],
  ["a file of comments", "// nothing here yet\n"],
])("adds to %s", async (_what, content) => {
  writeFileSync(settingsFile(), content);
  const text = () =>
    window().ext(
      async (vscode, file) => (await vscode.workspace.openTextDocument(file)).getText(),
      settingsFile(),
    );
  await expect.poll(text, slowly).toBe(content);
  await saveAsPreset("First", "Workspace settings");
  await toast('Saved preset "First" to workspace settings.').waitFor();
  const after = readFileSync(settingsFile(), "utf8");
  expect(after.startsWith(content)).toBe(true);
  expect(after).toContain('"First"');
});

it("leaves a file with an error alone, and says where the error is", async () => {
  const broken = '{\n  "imageRemix.positivePrompt": "teal",\n  "imageRemix.presets": {\n';
  writeFileSync(settingsFile(), broken);
  const text = () =>
    window().ext(
      async (vscode, file) => (await vscode.workspace.openTextDocument(file)).getText(),
      settingsFile(),
    );
  await expect.poll(text, slowly).toBe(broken);
  await saveAsPreset("Never", "Workspace settings");
  await toast("settings.json has an error in line 4. Mend it, then try again.").waitFor();
  expect(readFileSync(settingsFile(), "utf8")).toBe(broken);
  expect(existsSync(settingsFile())).toBe(true);
});
