import { expect, test } from "vitest";
import type { Snapshot } from "../../src/protocol/snapshot.ts";
import { states } from "./states/all.ts";
import { fourGroups, group, snapshot } from "./states/build.ts";
import { troubles } from "./states/troubles.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();
const review = (): Snapshot => snapshot({ view: "results", groups: fourGroups() });

test("every decision has its key, and goes on to the next undecided result", async () => {
  const { page, show, requests } = panel();
  await show(review());
  const focused = () => page.evaluate("document.activeElement.id");
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("k");
  await expect.poll(focused).toBe("tile-r-tea-tin-2");
  await page.keyboard.press("d");
  await expect.poll(focused).toBe("tile-r-vesna-1");
  await page.keyboard.press("r");
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+z");
  expect(await requests()).toEqual([
    { type: "result", id: "r-tea-tin-1", action: "keep" },
    { type: "result", id: "r-tea-tin-2", action: "discard" },
    { type: "result", id: "r-vesna-1", action: "replaceSource" },
    { type: "result", id: "r-vesna-1", action: "remixFurther" },
    { type: "result", id: "r-vesna-1", action: "open" },
    { type: "undo" },
  ]);
});

test("one in the bin is restored or explained, and nothing else: its file there is the only copy", async () => {
  const { page, show, requests } = panel();
  const binned = group("tea-tin", ["discarded"]);
  await show(snapshot({ view: "results", groups: [binned] }));
  await page.locator("#tile-r-tea-tin-1").focus();
  for (const key of ["k", "d", "r", "m", "Enter"]) {
    await page.keyboard.press(key);
  }
  expect(await requests()).toEqual([]);
  const buttons = await page.locator("decision-bar vscode-button:visible").allTextContents();
  expect(buttons.map((text) => text.trim())).toEqual(["Restore"]);
  await page.locator("decision-bar menu-button button").first().click();
  const items = await page.getByRole("menuitem").allTextContents();
  expect(items.join("|")).toContain("Show Recipe");
  expect(items.join("|")).not.toMatch(/Remix|Replace|Open|Reveal|Markdown/);
});

test("several are marked with Shift or Ctrl, and decided on together", async () => {
  const { page, show, requests } = panel();
  await show(review());
  const marked = () => page.locator(".tile.marked").count();
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(marked).toBe(3);
  await page.getByRole("button", { name: "Discard 3…" }).click();
  await expect.poll(marked).toBe(0);
  await page.locator("#tile-r-tea-tin-1").click();
  await page.locator("#tile-r-vesna-1").click({ modifiers: ["Control"] });
  await expect.poll(marked).toBe(2);
  await page.keyboard.press("k");
  await page.keyboard.press("Control+a");
  await expect.poll(marked).toBe(await page.locator(".tile[id]").count());
  await page.keyboard.press("Escape");
  await expect.poll(marked).toBe(0);
  expect(await requests()).toEqual([
    { type: "results", ids: ["r-tea-tin-1", "r-tea-tin-2", "r-oat-crunch-1"], action: "discard" },
    { type: "results", ids: ["r-tea-tin-1", "r-vesna-1"], action: "keep" },
  ]);
});

test("the focus stays on the page when what had it goes", async () => {
  const { page, show } = panel();
  const focused = () => page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()");
  await show(states["reviewReplaced"]?.() ?? review());
  await page.getByRole("button", { name: "Undo Replace Source" }).focus();
  await show(snapshot({ view: "results", groups: [group("tea-tin.png")] }));
  await expect.poll(focused).toContain("Keep");
  await show(states["manyTasks"]?.() ?? review());
  await page.locator(".task").first().focus();
  await page.evaluate("document.querySelector('.tasks').scrollTo(0, 4000)");
  await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("BODY");
  await show(states["manyTasks"]?.() ?? review());
  await expect.poll(() => page.evaluate("document.activeElement.tagName")).not.toBe("BODY");
  expect(await page.evaluate("document.querySelector('.tasks').scrollTop")).toBe(4000);
  await show(states["failures"]?.() ?? review());
  await page.getByText("Review 8 Results").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate("document.activeElement.id")).toMatch(/^tile-/);
});

test("arrows walk through the history, and Enter opens a run", async () => {
  const { page, show, requests } = panel();
  await show(states["history"]?.() ?? review());
  const focused = () => page.evaluate("document.activeElement.closest('[data-row]')?.dataset.row");
  await page.locator(".historyEntry").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(focused).toBe("h-1");
  await page.keyboard.press("End");
  await expect.poll(focused).toBe("h-3");
  expect(await page.locator(".historyEntry[tabindex='0']").count()).toBe(1);
  await page.keyboard.press("Home");
  await expect.poll(focused).toBe("h-0");
  await page.keyboard.press("Enter");
  expect(await requests()).toEqual([{ type: "history", id: "h-0" }]);
});

test("every text area is called by its label", async () => {
  const { page, show } = panel();
  await show(snapshot());
  await expect.poll(() => page.getByRole("textbox", { name: "Prompt", exact: true }).count()).toBe(1);
  await expect.poll(() => page.getByRole("textbox", { name: "Text area" }).count()).toBe(0);
});

test("arrows walk within a group and from group to group", async () => {
  const { page, show } = panel();
  await show(review());
  const focused = () => page.evaluate("document.activeElement.id");
  await page.locator("#tile-r-tea-tin-1").focus();
  for (const [key, id] of [
    ["ArrowRight", "tile-r-tea-tin-2"],
    ["ArrowRight", "tile-r-oat-crunch-1"],
    ["ArrowDown", "tile-r-vesna-1"],
    ["ArrowUp", "tile-r-oat-crunch-1"],
    ["End", "tile-r-doree-box-2"],
    ["Home", "tile-r-tea-tin-1"],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(focused, { message: key }).toBe(id);
  }
});

test("1, 2, 3 compare in three ways, Space flips, Z zooms, Escape ends it", async () => {
  const { page, show } = panel();
  await show(review());
  const frames = () => page.locator(".pictures .frame").count();
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("2");
  await expect.poll(frames).toBe(2);
  await page.keyboard.press("3");
  await expect.poll(() => page.locator(".difference").count()).toBe(1);
  await page.keyboard.press("1");
  await expect.poll(() => page.locator(".dividerInput").count()).toBe(1);
  const label = () => page.locator(".pictureLabel").allTextContents();
  await page.keyboard.press("Space");
  await expect.poll(label).toEqual(["Source"]);
  await page.keyboard.press("Space");
  await expect.poll(label).toEqual(["Source", "Result 1"]);
  await page.keyboard.press("z");
  await expect.poll(() => page.locator(".pictures.zoomed").count()).toBe(1);
  expect((await page.locator(".pictures .frame").boundingBox())?.width).toBe(1280);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(".pictures.zoomed").count()).toBe(0);
});

test("the divider is a slider that says how much of the source is seen", async () => {
  const { page, show } = panel();
  await show(review());
  const divider = page.getByRole("slider", { name: "Divider between source and result" });
  await divider.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await divider.getAttribute("aria-valuetext")).toBe("49 percent source");
});

test("a flagged result is blurred until it is asked for", async () => {
  const { page, show } = panel();
  await show(states["reviewFlagged"]?.() ?? review());
  expect(await page.locator(".pictures img.blurred").count()).toBe(1);
  await page.getByRole("button", { name: "Flagged as unsafe. Show Anyway" }).click();
  await expect.poll(() => page.locator(".pictures img.blurred").count()).toBe(0);
});

test("filters show the results in question", async () => {
  const { page, show } = panel();
  await show(review());
  await page.getByText("Bin 1").click();
  await expect.poll(() => page.locator(".tile[id]").count()).toBe(1);
  await page.locator(".tile[id]").hover();
  await page.getByRole("button", { name: "Restore" }).first().click();
  await page.getByText("Undecided 5").click();
  await expect.poll(() => page.locator(".tile[id]").count()).toBe(5);
});

test("of 200 tasks and 500 results only those are drawn that can be seen", async () => {
  const { page, show, problems } = panel();
  await show(states["manyTasks"]?.() ?? review());
  expect(await page.locator(".task").count()).toBeLessThan(30);
  await page.evaluate("document.querySelector('.tasks').scrollTo(0, 1e6)");
  await expect.poll(() => page.locator(".task .name").last().textContent()).toBe("picture-200.png");
  expect(await page.locator(".task").count()).toBeLessThan(30);
  await show(states["manyResults"]?.() ?? review());
  expect(await page.locator(".tile[id]").count()).toBeLessThan(40);
  await page.locator(".tile.chosen").focus();
  await page.keyboard.press("End");
  await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("tile-r-picture-250-2");
  expect(await page.locator(".tile[id]").count()).toBeLessThan(60);
  expect(problems).toEqual([]);
});

test("a run is watched, stopped, and its failures acted on", async () => {
  const { page, show, requests } = panel();
  await show(states["running"]?.() ?? review());
  expect(await page.locator("h2.headline").textContent()).toContain("6 of 24 results saved");
  await page.getByRole("button", { name: "vesna-noir.webp: Cancel" }).click();
  await page.getByText("Cancel 6 Not Sent").click();
  await page.getByText("Stop Waiting for 3…").click();
  await show(states["failures"]?.() ?? review());
  await page.getByText("Retry · about $0.12").click();
  await page.getByText("Check Again").click();
  expect(await requests()).toEqual([
    { type: "act", subject: "t-vesna-noir.webp", action: "cancel" },
    { type: "cancelNotSent" },
    { type: "stopWaiting" },
    { type: "act", subject: "t-oat-crunch-berry.jpg", action: "retry" },
    { type: "act", subject: "t-doree-box-citron.png", action: "check" },
  ]);
  await page.getByText("Review 8 Results").click();
  expect(await requests()).toContainEqual({ type: "openRun" });
  await expect.poll(() => page.locator("review-view").count()).toBe(1);
});

test("names, prompts and errors that look like HTML stay text", async () => {
  const { page, show, problems } = panel();
  const hostile = states["hostile"]?.() ?? review();
  for (const view of ["compose", "results", "history"] as const) {
    await show({ ...hostile, view });
    await expect.poll(() => page.getByText("onerror").count()).toBeGreaterThan(0);
  }
  await page.getByText("onerror").first().hover();
  expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
  expect(problems).toEqual([]);
});

test("a held key decides once, and the second key of a chord belongs to VS Code", async () => {
  const { page, show, requests } = panel();
  await show(snapshot({ view: "results", groups: fourGroups() }));
  await page.locator(".tile[id]").first().focus();
  await page.keyboard.down("d");
  await page.keyboard.down("d");
  await page.keyboard.up("d");
  expect(await requests()).toHaveLength(1);
  await page.keyboard.press("Control+k");
  await page.keyboard.press("d");
  expect(await requests()).toEqual([]);
  await page.keyboard.press("d");
  expect(await requests()).toHaveLength(1);
});

test("at 320 px the menu stands on the page", async () => {
  const { page, show } = panel();
  await page.setViewportSize({ width: 320, height: 800 });
  await show(snapshot({ view: "results", groups: fourGroups() }));
  await page.locator(".tile[id]").first().focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByRole("button", { name: "More Actions" }).click();
  const box = await page.getByRole("menu").boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 321)).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1280, height: 820 });
});

test("a run that is paused is said at once, and each row has a name", async () => {
  const { page, show } = panel();
  const paused = troubles["noCredit"]?.() ?? snapshot();
  await show({ ...paused, notices: [] });
  await show(paused);
  await expect.poll(() => page.getByRole("alert").textContent()).toContain("not enough credit");
  expect(await page.getByRole("listitem", { name: "oat-crunch.jpg, Not enough credit" }).count()).toBe(1);
});
