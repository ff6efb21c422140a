/** An audit as a user sees it: in a window with two folders, as text and as a preview. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { embedProvenance } from "../../src/platform/metadata/provenance.ts";
import { notAnImage } from "../fixtures/pictures.ts";
import { paidProvenance } from "../fixtures/provenances.ts";
import { useWindow } from "./window.ts";

const window = useWindow(() => ({
  folders: ["shop", "blog"],
  settings: { "imageRemix.provider": "local" },
  async prepare(root) {
    const tin = await sharp(path.join(root, "shop/tea-tin.png")).png().toBuffer();
    const marked = await embedProvenance(tin, "PNG", paidProvenance, "full");
    writeFileSync(path.join(root, "shop/tea-tin.remix-1.png"), marked);
    writeFileSync(path.join(root, "shop/broken.png"), notAnImage());
    writeFileSync(path.join(root, "blog/tea-tin.remix-7.png"), tin);
    writeFileSync(path.join(root, "blog/.gitignore"), "draft*\n");
    writeFileSync(path.join(root, "blog/draft.png"), marked);
  },
}));

it("looks through all folders of the window, names pictures by their folders, and previews", async () => {
  const session = window();
  const { page, palette } = session;
  await palette("Image Remix: Audit AI Pictures");
  const lens = (text: string) => page.locator(".codelens-decoration a", { hasText: text });
  await lens("Open Preview").waitFor();
  const text = await session.ext((vscode) => vscode.window.activeTextEditor?.document.getText() ?? "");
  expect(text).toContain("# AI pictures in `shop`, `blog`");
  expect(text).toMatch(/10 pictures looked at · unknown: 1, full: 1 · cannot be read: 1, left out: 1/);
  expect(text).toContain("| `shop/tea-tin.remix-1.png` | full ");
  expect(text).toContain("| `blog/tea-tin.remix-7.png` | unknown ");
  await page.locator(".detected-link").first().waitFor();
  await session.screenshot("audit as text");
  await lens("Open Preview").click();
  await page.getByRole("tab", { name: /^Preview/ }).waitFor();
  const frames = page.frameLocator("iframe.webview.ready").last().frameLocator("#active-frame");
  await frames.getByRole("heading", { name: "Cannot be read (1)" }).waitFor();
  expect(await frames.getByRole("row").count()).toBe(3);
  await session.screenshot("audit as preview");
});

it("asks whether the original of a remix is meant", async () => {
  const session = window();
  const { page, folder } = session;
  const hero = path.join(path.dirname(folder), "blog/vesna.webp");
  await session.ext(async (vscode, file: string) => {
    const uri = vscode.Uri.file(file);
    const options = { provider: "local", confirm: false, recipe: { positivePrompt: "deep teal" } };
    await vscode.commands.executeCommand("imageRemix.remixImage", uri, [uri], options);
    return true;
  }, hero);
  const remix = page.getByRole("treeitem", { name: "vesna.remix-1.webp", exact: true });
  await remix.click({ button: "right" });
  // A menu that has just opened takes no click, so that the one that opened it chooses nothing.
  await page.getByRole("menuitem", { name: "Remix Image", exact: true }).hover();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: /vesna\.remix-1\.webp is itself a remix of vesna\.webp/ });
  await dialog.getByRole("button", { name: "Remix vesna.webp" }).waitFor();
  await session.screenshot("the original is offered");
  await dialog.getByRole("button", { name: "Cancel" }).click();
});
