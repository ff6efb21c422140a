import { expect, test } from "vitest";
import { parseRequest } from "../../src/protocol/requests.ts";
import { states } from "./states/all.ts";
import { compose, fields, fourNames, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();

test("what is typed is shown at once, told to the extension, and not overwritten by older snapshots", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  const prompt = page.locator("#control-positivePrompt textarea");
  await prompt.fill("teal");
  await prompt.press("End");
  await prompt.pressSequentially("!");
  expect(await requests()).toEqual([
    { type: "edit", edit: 1, id: "positivePrompt", value: "teal" },
    { type: "edit", edit: 2, id: "positivePrompt", value: "teal!" },
  ]);
  await show(
    snapshot({
      compose: compose(fourNames, { edit: 1, fields: fields({ positivePrompt: { value: "teal" } }) }),
    }),
  );
  expect(await prompt.inputValue()).toBe("teal!");
  await show(
    snapshot({
      compose: compose(fourNames, { edit: 2, fields: fields({ positivePrompt: { value: "settled" } }) }),
    }),
  );
  expect(await prompt.inputValue()).toBe("settled");
});

test("what is far too long is told all the same, so that it is refused", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.locator("#control-positivePrompt textarea").fill("x".repeat(25_000));
  const [told] = await requests();
  expect(parseRequest(told)).toEqual({
    type: "edit",
    edit: 1,
    id: "positivePrompt",
    value: "x".repeat(20_000),
  });
});

test("each control tells its value in the type that the recipe declares", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.getByRole("radio", { name: /^Anime/ }).check({ force: true });
  await page.getByRole("radio", { name: /^1 to 1,/ }).check({ force: true });
  await page.getByLabel("Strength as a number").fill("71");
  await page.locator("#control-remixStrength").press("ArrowRight");
  await page.getByRole("button", { name: "Results per image: One More" }).click();
  await page.locator("#control-numberResults").fill("many");
  await page.locator("#control-fit").click();
  await page.locator("#control-fit vscode-option", { hasText: "padded" }).click();
  await page.locator("summary", { hasText: "Advanced" }).click();
  await page.locator("vscode-checkbox").first().click();
  const values = (await requests()).map((request) =>
    request.type === "edit" ? [request.id, request.value] : request,
  );
  expect(values).toEqual([
    ["styleType", "ANIME"],
    ["size", "1024x1024"],
    ["remixStrength", 71],
    ["remixStrength", 72],
    ["numberResults", 3],
    ["numberResults", "many"],
    ["fit", "pad"],
    ["safety.checkContent", true],
  ]);
});

test("origins open, changes are reset, presets are chosen, and the recipe is saved", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.getByRole("button", { name: "from preset" }).first().click();
  await page.getByRole("button", { name: "Reset Prompt" }).click();
  await page.locator("#preset").click();
  await page.locator("#preset vscode-option", { hasText: "Quiet luxury" }).click();
  await page.getByRole("button", { name: "Save Recipe" }).click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  expect(await requests()).toEqual([
    { type: "openOrigin", id: "remixStrength" },
    { type: "reset", edit: 1, id: "positivePrompt" },
    { type: "preset", edit: 2, name: "Quiet luxury" },
    { type: "saveToWorkspace" },
  ]);
});

test("Ctrl+Enter remixes from anywhere in Compose, unless something is wrong", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.locator("#control-positivePrompt textarea").press("Control+Enter");
  expect(await requests()).toEqual([{ type: "remix" }]);
  // Held down, it repeats.
  await page.keyboard.down("Control");
  await page.keyboard.down("Enter");
  await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await page.keyboard.up("Control");
  expect(await requests()).toEqual([{ type: "remix" }]);
  await show(states["invalid"]?.() ?? snapshot());
  const button = page.locator("remix-footer vscode-button.primary");
  expect(await button.getAttribute("aria-disabled")).toBe("true");
  expect((await button.textContent())?.trim()).toBe("Remix 4 Images");
  await button.click({ force: true });
  await page.keyboard.press("Control+Enter");
  expect(await requests()).toEqual([]);
  await expect.poll(() => page.locator("#problem-remixStrength").textContent()).toContain("1 to 100");
});

test("the button says what is made and what it costs", async () => {
  const { page, show } = panel();
  const label = async (images: number, results: number, estimate: number | "free" | null) => {
    await show(snapshot({ compose: compose(fourNames, { price: { images, results, estimate } }) }));
    return (await page.locator("remix-footer .full").textContent())?.trim();
  };
  expect(await label(4, 8, 0.48)).toBe("Remix 4 images → 8 results · about $0.48");
  expect(await label(1, 1, 0.06)).toBe("Remix 1 image → 1 result · about $0.06");
  expect(await label(1, 3, "free")).toBe("Remix 1 image → 3 results · free local preview");
  expect(await label(2, 2, null)).toBe("Remix 2 images → 2 results · price unknown");
});

test("sources are walked and removed with the keyboard; the neighbour gets the focus", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  const chosen = () => page.locator(".thumb[aria-selected=true]").textContent();
  await page.locator(".thumb").first().focus();
  await page.keyboard.press("End");
  expect(await chosen()).toContain("doree-box");
  await page.keyboard.press("ArrowLeft");
  expect(await chosen()).toContain("vesna");
  await page.keyboard.press("Delete");
  expect(await requests()).toEqual([{ type: "removeSource", id: "s-vesna.webp" }]);
  expect(await page.evaluate("document.activeElement.id")).toBe("source-s-doree-box.png");
});

test("of 200 sources only those are drawn that can be seen; keys reach all of them", async () => {
  const { page, show } = panel();
  await show(states["manySources"]?.() ?? snapshot());
  const focused = () => page.evaluate("document.activeElement.id");
  const drawn = () => page.locator(".thumb").count();
  await page.locator(".thumb").first().focus();
  expect(await drawn()).toBeLessThan(20);
  await page.keyboard.press("End");
  await expect.poll(focused).toBe("source-s-picture-200.png");
  const last = page.locator("#source-s-picture-200\\.png");
  expect(await last.getAttribute("aria-posinset")).toBe("200");
  expect(await last.getAttribute("aria-setsize")).toBe("200");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(focused).toBe("source-s-picture-199.png");
  // Scrolled away by the mouse, what has the focus stays drawn.
  await page.evaluate("document.querySelector('.strip').scrollTo(0, 0)");
  await expect.poll(() => page.locator("#source-s-picture-1\\.png").count()).toBe(1);
  expect(await focused()).toBe("source-s-picture-199.png");
  expect(await drawn()).toBeLessThan(20);
});

test("Alt with a digit changes the view", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.keyboard.press("Alt+2");
  await page.keyboard.press("Alt+3");
  expect(await requests()).toEqual([
    { type: "view", view: "results" },
    { type: "view", view: "history" },
  ]);
});

test("the page keeps how it was arranged, and starts from it again", async () => {
  const { page, show, kept, reload } = panel();
  await show(snapshot());
  await page.locator(".thumb").nth(2).click();
  await page.locator("summary", { hasText: "Format" }).click();
  await expect.poll(kept).toMatchObject({ source: "s-vesna.webp", open: ["format"] });
  await reload(await kept());
  await show(snapshot());
  expect(await page.locator(".thumb[aria-selected=true]").textContent()).toContain("vesna");
  expect(await page.locator("details[open]").textContent()).toContain("Quality");
});

test("nonsense that was kept does no harm", async () => {
  const { show, page, problems, reload } = panel();
  await reload({ divider: "far", open: 3, zoom: {}, unknown: 1 });
  await show(snapshot());
  expect(await page.locator(".thumb").count()).toBe(4);
  expect(problems).toEqual([]);
});
