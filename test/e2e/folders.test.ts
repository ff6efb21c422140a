/** Folders as a user keeps them up to date: two in a window, each with a recipe of its own. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { useWindow } from "./window.ts";

const window = useWindow(() => ({
  folders: ["shop", "blog"],
  settings: { "imageRemix.provider": "local" },
  prepare(root) {
    for (const folder of ["shop", "blog"]) {
      for (const picture of ["doree-box.jpg", "oat-crunch.jpg"]) {
        rmSync(path.join(root, folder, picture));
      }
      setRecipe(root, folder, `deep teal, for the ${folder}`);
    }
  },
}));
const root = () => path.dirname(window().folder);

function setRecipe(root: string, folder: string, positivePrompt: string): void {
  const settings = JSON.stringify({ "imageRemix.positivePrompt": positivePrompt });
  writeFileSync(path.join(root, folder, ".vscode", "settings.json"), settings);
}

/** Names of all results. */
function results(): readonly string[] {
  const files = readdirSync(root(), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.includes(".remix-")).sort();
}

const command = "Image Remix: Remix Images Without an Up-to-Date Result…";
const notification = (text: string) =>
  window().page.locator(".notification-list-item", { hasText: text }).first();

it("plans for all folders of the window, runs by a button in the document, and has nothing to do after that", async () => {
  await window().palette(command);
  await notification("up to date: 0, to do: 4, unknown: 0").waitFor();
  const run = window().page.locator(".codelens-decoration a", { hasText: "Run (4)" });
  await run.waitFor();
  await run.click();
  await notification("Saved 4 results").waitFor();
  expect(results()).toEqual([
    "blog/tea-tin.remix-1.png",
    "blog/vesna.remix-1.webp",
    "shop/tea-tin.remix-1.png",
    "shop/vesna.remix-1.webp",
  ]);
  await window().palette(command);
  await notification("Nothing to remix: up to date: 4, to do: 0, unknown: 0").waitFor();
  expect(results()).toHaveLength(4);
});

it("does one folder again after its recipe has changed", async () => {
  setRecipe(root(), "blog", "copper and cream");
  await window().ext(async (vscode) => {
    const blog = vscode.workspace.workspaceFolders?.[1];
    const now = () => vscode.workspace.getConfiguration("imageRemix", blog).get<string>("positivePrompt");
    while (now() !== "copper and cream") {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  await window().palette(command);
  const plan = notification("Plan: up to date: 2, to do: 2, unknown: 0");
  await plan.waitFor();
  await plan.hover();
  await plan.getByRole("button", { name: "Run (2)" }).click();
  await notification("Saved 2 results").waitFor();
  expect(results()).toEqual([
    "blog/tea-tin.remix-1.png",
    "blog/tea-tin.remix-2.png",
    "blog/vesna.remix-1.webp",
    "blog/vesna.remix-2.webp",
    "shop/tea-tin.remix-1.png",
    "shop/vesna.remix-1.webp",
  ]);
});

it("offers Remix Folder when a folder is right-clicked, and Cancel leaves everything as it is", async () => {
  await window().page.getByRole("treeitem", { name: "blog", exact: true }).click({ button: "right" });
  // A menu that has just opened takes no click, so that the one that opened it chooses nothing.
  await window().page.getByRole("menuitem", { name: "Remix Folder…", exact: true }).hover();
  await window().page.keyboard.press("Enter");
  const plan = notification("Plan: to do: 2, left out: 4");
  await plan.waitFor();
  const before = results();
  await plan.hover();
  await plan.getByRole("button", { name: "Cancel" }).click();
  await window().page.locator(".codelens-decoration a", { hasText: "Cancel" }).waitFor({ state: "hidden" });
  expect(results()).toEqual(before);
});
