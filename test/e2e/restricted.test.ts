import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { useWindow } from "./window.ts";

const window = useWindow(() => ({ trusted: false }));

it("refuses in restricted mode, says why and offers to manage trust", async () => {
  const { page, ext, palette } = window();
  expect(await ext((vscode) => vscode.workspace.isTrusted)).toBe(false);
  const before = readdirSync(window().folder);
  await page.getByRole("treeitem", { name: "tea-tin.png", exact: true }).dblclick();
  await page.getByRole("tab", { name: /tea-tin\.png/, selected: true }).waitFor();
  await palette("Image Remix: Remix Image");
  const refusal = page.locator(".notification-toast", { hasText: "remixed in trusted workspaces only" });
  await refusal.getByRole("button", { name: "Manage Workspace Trust" }).click();
  await page.locator(".workspace-trust-editor").waitFor();
  expect(readdirSync(window().folder)).toEqual(before);
});

it("refuses other extensions too, reads nothing and writes nothing", async () => {
  const before = readdirSync(window().folder);
  const picture = path.join(window().folder, "tea-tin.png");
  const codes = await window().ext(async (vscode, file: string) => {
    const report = await vscode.commands.executeCommand<{ failed: { code: string }[] }>(
      "imageRemix.remixImage",
      vscode.Uri.file(file),
      undefined,
      { confirm: false },
    );
    return report.failed.map(({ code }) => code);
  }, picture);
  expect(codes).toEqual(["untrusted"]);
  const audit = await window().ext(async (vscode, folder: string) => {
    const options = { confirm: false };
    const uri = vscode.Uri.file(folder);
    const shown = await vscode.commands.executeCommand("imageRemix.auditPictures", uri, [uri], options);
    return shown === undefined || shown === null ? "none" : "shown";
  }, window().folder);
  expect(audit).toBe("none");
  expect(readdirSync(window().folder)).toEqual(before);
});
