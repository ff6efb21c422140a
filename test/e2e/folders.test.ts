/** Folders as a user keeps them up to date: two in a window, each with a recipe of its own. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";

const root = temporaryFolder("up-to-date");
let session: Session;

function setRecipe(folder: string, positivePrompt: string): void {
  const settings = JSON.stringify({ "imageRemix.positivePrompt": positivePrompt });
  writeFileSync(path.join(root, folder, ".vscode", "settings.json"), settings);
}

/** Names of all results. */
function results(): readonly string[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.includes(".remix-")).sort();
}

beforeAll(async () => {
  for (const folder of ["shop", "blog"]) {
    copySamples(path.join(root, folder));
    for (const picture of ["doree-box.jpg", "oat-crunch.jpg"]) {
      rmSync(path.join(root, folder, picture));
    }
    setRecipe(folder, `deep teal, for the ${folder}`);
  }
  const workspace = path.join(root, "two.code-workspace");
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: "shop" }, { path: "blog" }], settings: {} }));
  session = await openSession({ folder: workspace, settings: { "imageRemix.provider": "local" } });
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await session.screenshot(task.name);
  }
});
afterAll(async () => {
  await session.close();
  rmSync(root, { recursive: true, force: true });
});

const command = "Image Remix: Remix Images Without an Up-to-Date Result…";
const notification = (text: string) =>
  session.page.locator(".notification-list-item", { hasText: text }).first();

it("plans for all folders of the window, runs by a button in the document, and has nothing to do after that", async () => {
  await session.palette(command);
  await notification("up to date: 0, to do: 4, unknown: 0").waitFor();
  const run = session.page.locator(".codelens-decoration a", { hasText: "Run (4)" });
  await run.waitFor();
  await run.click();
  await notification("Saved 4 results").waitFor();
  expect(results()).toEqual([
    "blog/tea-tin.remix-1.png",
    "blog/vesna.remix-1.webp",
    "shop/tea-tin.remix-1.png",
    "shop/vesna.remix-1.webp",
  ]);
  await session.palette(command);
  await notification("Nothing to remix: up to date: 4, to do: 0, unknown: 0").waitFor();
  expect(results()).toHaveLength(4);
});

it("does one folder again after its recipe has changed", async () => {
  setRecipe("blog", "copper and cream");
  await session.ext(async (vscode) => {
    const blog = vscode.workspace.workspaceFolders?.[1];
    const now = () => vscode.workspace.getConfiguration("imageRemix", blog).get<string>("positivePrompt");
    while (now() !== "copper and cream") {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  await session.palette(command);
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
  await session.page.getByRole("treeitem", { name: "blog", exact: true }).click({ button: "right" });
  // A menu that has just opened takes no click, so that the one that opened it chooses nothing.
  await session.page.getByRole("menuitem", { name: "Remix Folder…", exact: true }).hover();
  await session.page.keyboard.press("Enter");
  const plan = notification("Plan: to do: 2, left out: 4");
  await plan.waitFor();
  const before = results();
  await plan.hover();
  await plan.getByRole("button", { name: "Cancel" }).click();
  await session.page.locator(".codelens-decoration a", { hasText: "Cancel" }).waitFor({ state: "hidden" });
  expect(results()).toEqual(before);
});
