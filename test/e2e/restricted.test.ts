import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { useWindow } from "./window.ts";

const window = useWindow(() => ({ trusted: false }));

it("offers nothing in restricted mode", async () => {
  const { page, ext, paletteTitles } = window();
  expect(await ext((vscode) => vscode.workspace.isTrusted)).toBe(false);
  expect(await paletteTitles("Image Remix:")).not.toContain("Image Remix: Remix Image");
  await page.getByRole("treeitem", { name: "tea-tin.png", exact: true }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Copy Path" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Remix Image" }).count()).toBe(0);
  await page.keyboard.press("Escape");
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
  expect(readdirSync(window().folder)).toEqual(before);
});
