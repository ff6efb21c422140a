import { expect, test } from "vitest";
import { states } from "./states/all.ts";
import { fourGroups, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();

/** Runs in the page: what reaches beyond the right edge, or can be scrolled sideways, the two strips excepted. */
const tooWide = `[...document.querySelectorAll("body *")]
  .filter((element) => element.closest(".strip, .hidden, .frame, details:not([open]), vscode-dropdown") === null)
  .filter((element) => innerWidth >= 560 || element.closest(".sizeStrip") === null)
  .filter((element) => {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const box = element.getBoundingClientRect();
    const column = element.closest(".left, .compare, .tasks")?.getBoundingClientRect();
    const edge = column === undefined || column.width === 0 ? innerWidth : column.right;
    return box.width > 0 && (box.right > edge + 1 || (scrolls && element.scrollWidth > element.clientWidth + 1));
  })
  .map((element) => element.outerHTML.slice(0, 120))`;

test.each([320, 560, 900, 1080])("nothing but the strips is wider than a panel of %i px", async (width) => {
  const { page, show } = panel();
  await page.setViewportSize({ width, height: 800 });
  const wrong: unknown[] = [];
  for (const [name, state] of Object.entries(states)) {
    await show(state());
    const elements = await page.evaluate<readonly string[]>(tooWide);
    wrong.push(...elements.map((element) => `${name}: ${element}`));
  }
  await page.setViewportSize({ width: 1280, height: 820 });
  expect(wrong).toEqual([]);
});

/** Runs in the page: what has the focus, in a word or two. */
const focused = `(() => {
  const { activeElement: element } = document;
  return element.id || element.getAttribute("aria-label") || element.name || element.textContent.trim().slice(0, 30);
})()`;

async function tabStops(count: number): Promise<readonly string[]> {
  const { page } = panel();
  const stops: string[] = [];
  for (let index = 0; index < count; index++) {
    await page.keyboard.press("Tab");
    stops.push(await page.evaluate<string>(focused));
  }
  return stops;
}

test("in Compose, Tab goes from the views by sources and size through the recipe to the button", async () => {
  await panel().show(snapshot());
  expect(await tabStops(27)).toEqual([
    "tab-compose",
    "Open Settings",
    "Add Images…",
    "Remove All from the List",
    "source-s-tea-tin.png",
    "Add Images…",
    "control-fit",
    "Auto, Auto takes the shape that loses least of each source",
    "preset",
    "Save Recipe",
    "Reset Prompt",
    "control-positivePrompt",
    "Negative prompt none",
    "origin-remixStrength",
    "control-remixStrength",
    "Strength as a number",
    "origin-styleType",
    "styleType",
    "control-numberResults",
    "Results per image: One Less",
    "Results per image: One More",
    "control-renderingSpeed",
    "control-magicPrompt",
    "Style referencesnone",
    "Format and qualityas source, 9",
    "Advancedsafety",
    "Remix 4 images → 8 results · a",
  ]);
});

test("in Results, Tab goes by filters and groups to the comparison, the decisions and the details", async () => {
  const { page, show } = panel();
  await show(snapshot({ view: "results", groups: fourGroups() }));
  // The keys that decide on a picture work at once.
  await expect.poll(() => page.evaluate<string>(focused)).toBe("tile-r-tea-tin-1");
  await page.locator("#tab-results").focus();
  expect(await tabStops(16)).toEqual([
    "Open Settings",
    "resultFilter",
    "tile-r-tea-tin-1",
    "compareMode",
    "Previous Result",
    "Next Result",
    "zoom",
    "Divider between source and result",
    "KeepK",
    "DiscardD",
    "Replace SourceR",
    "Remix FurtherM",
    "Copy as Markdown",
    "Open in Editor",
    "More Actions",
    "Show Recipe",
  ]);
});
