import { expect, it } from "vitest";
import { samplePictures } from "../harness/paths.ts";
import { useWindow } from "./window.ts";

const window = useWindow();

it("offers Remix Image when a picture is right-clicked in the Explorer", async () => {
  const { page } = window();
  const [picture = ""] = samplePictures();
  await page.getByRole("treeitem", { name: picture, exact: true }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Remix Image", exact: true }).waitFor();
  await page.keyboard.press("Escape");
});

it("offers Remix Image in the command palette", async () => {
  expect(await window().paletteTitles("Image Remix:")).toContain("Image Remix: Remix Image");
});

it("leaves no error in the window's console", () => {
  expect(window().problems).toEqual([]);
});
