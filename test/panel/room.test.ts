import { expect, test } from "vitest";
import type { Snapshot } from "../../src/protocol/snapshot.ts";
import { states } from "./states/all.ts";
import { fourGroups, group, pictureOf, run, snapshot, task } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();

function named(name: string): Snapshot {
  const one = group("tea-tin.png");
  const results = one.results.map((result) => ({ ...result, name }));
  return snapshot({ view: "results", undo: "Kept x.png", groups: [{ ...one, name, results }] });
}

const widths = [320, 560, 640, 899, 900, 1000, 1079, 1280];

test.each(widths)("at %i px Review shows where one is, zoom, Undo and the way to the rest", async (width) => {
  const { page, show } = panel();
  await page.setViewportSize({ width, height: 800 });
  await show(named(`${"a-very-long-name-".repeat(12)}.png`));
  for (const part of [
    page.locator(".position"),
    page.locator("label", { hasText: "1:1" }),
    page.getByRole("button", { name: "Undo: Kept x.png" }),
    page.getByRole("button", { name: "Next Result" }),
    page.getByRole("button", { name: "More Actions" }),
  ]) {
    const box = await part.boundingBox();
    expect(box?.width ?? 0, String(part)).toBeGreaterThan(20);
    expect((box?.x ?? width) + (box?.width ?? 0), String(part)).toBeLessThanOrEqual(width);
  }
  // Runs in the page: whether the bar of the decisions is one row, where it is not the narrow layout's.
  const rows = await page.evaluate(
    "new Set([...document.querySelectorAll('.decisions > *')].filter((e) => e.offsetHeight > 0).map((e) => { const box = e.getBoundingClientRect(); return Math.round((box.top + box.bottom) / 2); })).size",
  );
  expect(rows).toBe(width < 560 ? 2 : 1);
  expect(await page.locator(".position").textContent()).toBe("1 of 2");
  expect((await page.locator(".details h2").boundingBox())?.height).toBeLessThanOrEqual(40);
  await page.setViewportSize({ width: 1280, height: 820 });
});

test("the way back to the run stands in the head of the results", async () => {
  const { page, show } = panel();
  const both = snapshot({ view: "results", groups: fourGroups(), run: run([task("tea-tin.png", "saved")]) });
  await show(both);
  await page.locator("run-summary vscode-button.primary").click();
  await page.locator("result-groups .backToRun").click();
  await expect.poll(() => page.locator("run-view").count()).toBe(1);
});

/** Runs in the page: what can be pressed and is smaller than 24 by 24. */
const small = `[...document.querySelectorAll("button, summary, [role=tab], vscode-button, vscode-dropdown, input[type=text]")]
  .map((element) => ({ element, box: element.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 23.9))
  .map(({ element, box }) => element.outerHTML.slice(0, 80) + " " + box.width + " x " + box.height)`;

test.each([1280, 320])(
  "everything that can be pressed is at least 24 px wide and high at %i px",
  async (width) => {
    const { page, show } = panel();
    await page.setViewportSize({ width, height: 820 });
    const wrong: string[] = [];
    for (const [name, state] of Object.entries(states)) {
      await show(state());
      const found = await page.evaluate<readonly string[]>(small);
      wrong.push(...found.map((element) => `${name}: ${element}`));
    }
    await page.setViewportSize({ width: 1280, height: 820 });
    expect(wrong).toEqual([]);
  },
);

test("the chosen source can be removed where nothing hovers", async () => {
  const { page, show } = panel();
  await show(snapshot());
  const opacity = `getComputedStyle(document.querySelector(".thumb.chosen .remove")).opacity`;
  expect(await page.evaluate(opacity)).toBe("1");
});

test("on a Mac the key called Delete, which is Backspace, takes a source off the list", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.locator(".thumb").first().press("Backspace");
  expect(await requests()).toEqual([]);
  await page.evaluate(
    "Object.defineProperty(navigator, 'userAgent', { value: 'Macintosh', configurable: true })",
  );
  await page.locator(".thumb").first().press("Backspace");
  expect(await requests()).toEqual([{ type: "removeSource", id: "s-tea-tin.png" }]);
});

test.each([
  [1280, 2, "+18"],
  [320, 1, "+19"],
])(
  "at %i px a run with 20 results a picture shows %i and says how many more there are",
  async (width, drawn, more) => {
    const { page, show } = panel();
    const slots = Array.from({ length: 20 }, () => ({ uri: pictureOf("tea-tin.png") }));
    await page.setViewportSize({ width, height: 800 });
    await show(snapshot({ view: "results", run: run([task("tea-tin.png", "saved", { slots, cost: 1.2 })]) }));
    await expect.poll(() => page.locator(".slots img").count()).toBe(drawn);
    expect(await page.locator(".slots .more").textContent()).toBe(more);
    const state = page.locator(".task .state > :last-child");
    expect(await state.textContent()).toBe("Saved, 20 results");
    const isCut = `(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(".task .state").lastElementChild)`;
    expect(await page.evaluate(isCut)).toBe(false);
    expect(await page.locator(".task .cost").isVisible()).toBe(true);
    await page.setViewportSize({ width: 1280, height: 820 });
  },
);

test("names that run from right to left turn nothing around them", async () => {
  const { page, show } = panel();
  const hebrew = "\u05ea\u05de\u05d5\u05e0\u05d4.png";
  const turned = "invoice\u202egnp.exe.png";
  await show(named(hebrew));
  const direction = `getComputedStyle(document.querySelector(".details h2")).direction`;
  expect(await page.evaluate(direction)).toBe("rtl");
  await show(snapshot({ view: "results", run: run([task(turned, "saved")]) }));
  expect(await page.locator(".task").getAttribute("aria-label")).toBe(
    `\u2068${turned}\u2069, Saved, 2 results, $0.12`,
  );
  await show(snapshot({ view: "results", run: run([task("plain.png", "waiting")]) }));
  expect(await page.locator(".task").getAttribute("aria-label")).toBe("plain.png, Not sent yet");
});

test("in forced colours the chosen view, tracks and what is cut off can be told", async () => {
  const { page, show } = panel();
  await page.emulateMedia({ forcedColors: "active" });
  await show(states["muchLost"]?.() ?? snapshot());
  const look = (selector: string, property: string, pseudo = "") =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector(${JSON.stringify(selector)}), ${JSON.stringify(pseudo)}).${property}`,
    );
  const plain = await look("body", "backgroundColor");
  expect(await look(".tab[aria-selected=true]", "backgroundColor", "::after")).not.toBe(plain);
  expect(await look(".meter", "outlineStyle")).toBe("solid");
  expect(await look(".segment", "outlineStyle")).toBe("solid");
  expect(await look(".lostPart", "backgroundImage")).toContain("gradient");
  expect(await look(".lostPart", "backgroundColor")).toBe("rgba(0, 0, 0, 0.46)");
  await page.emulateMedia({ forcedColors: "none" });
});
