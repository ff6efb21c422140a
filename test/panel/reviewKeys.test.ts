import { expect, test } from "vitest";
import { parseRequest } from "../../src/protocol/requests.ts";
import type { Snapshot } from "../../src/protocol/snapshot.ts";
import { fourGroups, group, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();
const review = (): Snapshot => snapshot({ view: "results", groups: fourGroups() });
const focused = () =>
  panel().page.evaluate<string>("document.activeElement.id || document.activeElement.className");

test.each(["k", "d", "r", "m", "Enter", "Control+z"])("%s held down does its work once", async (key) => {
  const { page, show, requests } = panel();
  await show(review());
  await page.locator("#tile-r-tea-tin-1").focus();
  const last = key.replace("Control+", "");
  if (key !== last) {
    await page.keyboard.down("Control");
  }
  await page.keyboard.down(last);
  await page.keyboard.down(last);
  await page.keyboard.down(last);
  await page.keyboard.up(last);
  await page.keyboard.up("Control");
  expect(await requests()).toHaveLength(1);
});

test("the second stroke of VS Code's chords is left to VS Code", async () => {
  const { page, show, requests } = panel();
  await show(review());
  await page.locator("#tile-r-tea-tin-1").focus();
  // Runs in the page: which keys reach VS Code, which listens to the window.
  await page.evaluate(
    "globalThis.passed = []; addEventListener('keydown', ({ key, defaultPrevented }) => passed.push([key, defaultPrevented]))",
  );
  for (const key of ["d", "r", "m", "k", "Enter", "z", "Control+z", "Control+a", "Alt+2"]) {
    await page.keyboard.press("Control+k");
    await page.keyboard.press(key);
  }
  expect(await requests()).toEqual([]);
  expect(await page.locator(".pictures.zoomed, .tile.marked").count()).toBe(0);
  const passed = await page.evaluate<readonly [string, boolean][]>("passed");
  expect(passed.filter(([key]) => !["Control", "Alt"].includes(key))).toHaveLength(18);
  expect(passed.filter(([, isPrevented]) => isPrevented)).toEqual([]);
  // The third is the page's again.
  await page.keyboard.press("d");
  expect(await requests()).toEqual([{ type: "result", id: "r-tea-tin-1", action: "discard" }]);
});

test("a click after the first stroke of a chord ends it", async () => {
  const { page, show, requests } = panel();
  await show(review());
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("Control+k");
  await page.locator("#tile-r-vesna-1").click();
  await page.keyboard.press("k");
  expect(await requests()).toEqual([{ type: "result", id: "r-vesna-1", action: "keep" }]);
});

test("Space on the divider keeps the focus there, and held it flips back when it comes up", async () => {
  const { page, show } = panel();
  await show(review());
  const labels = () => page.locator(".pictureLabel").allTextContents();
  await page.locator(".dividerInput").focus();
  await page.keyboard.down("Space");
  await expect.poll(labels).toEqual(["Source"]);
  expect(await focused()).toBe("dividerInput");
  expect(await page.locator(".dividerInput").getAttribute("aria-valuetext")).toBe("Source alone");
  await page.waitForTimeout(350);
  await page.keyboard.up("Space");
  await expect.poll(labels).toEqual(["Source", "Result 1"]);
  // Tapped, it stays until the divider is moved.
  await page.keyboard.press("Space");
  await expect.poll(labels).toEqual(["Source"]);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(labels).toEqual(["Source", "Result 1"]);
});

test("what is zoomed is panned with Shift and arrows from wherever the focus is, and can be reached", async () => {
  const { page, show } = panel();
  await show(review());
  const scrolled = () => page.evaluate<number>("document.querySelector('.pictures').scrollLeft");
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("z");
  await expect.poll(() => page.getByRole("group", { name: "Zoomed pictures" }).count()).toBe(1);
  const middle = await scrolled();
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(scrolled).toBe(middle + 80);
  expect(await page.locator(".tile.marked").count()).toBe(0);
  await page.locator(".pictures").focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await expect.poll(scrolled).toBe(middle);
});

test("zoomed, the middle is seen first, and from then on what was looked at", async () => {
  const { page, show } = panel();
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 820 });
    await panel().reload();
    await show(review());
    await page.locator("#tile-r-tea-tin-1").focus();
    // Where the middle of the view lies, in fractions of the picture.
    const middle = () =>
      page.evaluate<
        readonly number[]
      >(`(({ scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight }) =>
        [(scrollLeft + clientWidth / 2) / scrollWidth, (scrollTop + clientHeight / 2) / scrollHeight]
      )(document.querySelector(".pictures"))`);
    const near = (across: number, down: number) => [expect.closeTo(across, 2), expect.closeTo(down, 2)];
    await page.keyboard.press("z");
    await expect.poll(() => page.locator(".pictures.zoomed").count()).toBe(1);
    expect(await middle(), `${width}`).toEqual(near(0.5, 0.5));
    await page.evaluate("document.querySelector('.pictures').scrollTo(1e6, 0)");
    await expect.poll(async () => (await middle())[0]).toBeGreaterThan(0.6);
    const place = (await middle()) as [number, number];
    await show(review());
    expect(await middle()).toEqual(near(...place));
    await page.keyboard.press("ArrowRight");
    expect(await middle()).toEqual(near(...place));
    await page.keyboard.press("z");
    await page.keyboard.press("z");
    await expect.poll(middle).toEqual(near(...place));
  }
  await page.setViewportSize({ width: 1280, height: 820 });
});

test("thousands of marked results are decided on in one request that is understood", async () => {
  const { page, show, requests } = panel();
  const groups = Array.from({ length: 1200 }, (_, index) => group(`picture-${index}.png`, ["undecided"]));
  await show(snapshot({ view: "results", groups }));
  await page.locator("#tile-r-picture-0-1").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("k");
  const [asked, ...more] = await requests();
  expect(more).toEqual([]);
  const parsed = parseRequest(asked);
  expect(parsed?.type === "results" ? parsed.ids : []).toHaveLength(1200);
});
