import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { useWindow } from "./window.ts";

let emulator: Emulator;
let other: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ balance: 12.5 });
  other = await startEmulator();
});
afterAll(async () => {
  await emulator.close();
  await other.close();
});
const endpoint = "imageRemix.runware.endpoint";
const window = useWindow(() => ({ settings: { [endpoint]: emulator.url } }));
const toast = (text: string) => window().page.locator(".notification-toast", { hasText: text });

afterEach(() => window().ext((vscode) => vscode.commands.executeCommand("notifications.clearAll")));

async function typeKey(key: string): Promise<void> {
  await window().palette("Image Remix: Set Runware API Key");
  const input = window().page.locator(".quick-input-widget input.input");
  await window().page.getByText("kept in the editor's secret storage").waitFor();
  expect(await input.getAttribute("type")).toBe("password");
  await input.fill(key);
  await window().page.keyboard.press("Enter");
}

/** The provider that draws when nothing is said of it. */
async function provider(): Promise<string | undefined> {
  const file = path.join(window().folder, "tea-tin.png");
  return window().ext(async (vscode, source) => {
    const uri = vscode.Uri.file(source);
    const report = await vscode.commands.executeCommand<{ saved: { provider: string }[] }>(
      "imageRemix.remixImage",
      uri,
      [uri],
      { confirm: false },
    );
    return report.saved[0]?.provider;
  }, file);
}

it("draws a local preview as long as there is no key", async () => {
  expect(await provider()).toBe("local");
  expect(emulator.ledger.requests()).toEqual([]);
});

it("does not store a key that the service refuses", async () => {
  await typeKey("wrong-key-0123456789");
  await toast("The key was not stored.").waitFor();
  expect(await provider()).toBe("local");
});

it("stores a key that the service accepts, and shows the balance", async () => {
  await typeKey(`  ${emulator.key}  `);
  await toast("The account's balance is $12.50.").waitFor();
  expect(await provider()).toBe("runware");
  expect(emulator.ledger.chargedTotal()).toBeCloseTo(0.06);
});

it("sends a key only to the address it was typed in for", async () => {
  const set = (address: string | undefined) =>
    window().ext(async (vscode, value) => {
      const { Global } = vscode.ConfigurationTarget;
      await vscode.workspace.getConfiguration().update("imageRemix.runware.endpoint", value, Global);
    }, address);
  await set(other.url);
  expect(await provider()).toBe("local");
  expect(other.ledger.requests()).toEqual([]);
  await set(emulator.url);
  expect(await provider()).toBe("runware");
});

it("takes no key from the repository", async () => {
  await window().palette("Image Remix: Clear Runware API Key");
  await toast("is removed.").waitFor();
  const settings = path.join(window().folder, ".vscode", "settings.json");
  const before = readFileSync(settings, "utf8");
  writeFileSync(settings, before.replace("{", `{ "imageRemix.apiKey": "${emulator.key}",`));
  writeFileSync(path.join(window().folder, ".env"), `RUNWARE_API_KEY=${emulator.key}\n`);
  expect(await provider()).toBe("local");
});

it("can store a key untested when the service cannot be reached", async () => {
  await emulator.goOffline();
  await typeKey(emulator.key);
  await toast("The key was not stored.").getByRole("button", { name: "Store Without Testing" }).click();
  await toast("It was not tested.").waitFor();
  await emulator.goOnline();
  expect(await provider()).toBe("runware");
});
