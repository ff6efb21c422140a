/** What the page shows where something cannot be loaded: a plain sentence, and never nothing. */
import { beforeEach, expect, test } from "vitest";
import { fourGroups, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();
const gone = new Set<string>();

beforeEach(async () => {
  gone.clear();
  const { page } = panel();
  await page.unrouteAll();
  await page.route("**/pictures/**", (route) => {
    const { search } = new URL(route.request().url());
    const side = search.includes("hue") ? "result" : "source";
    return gone.has(side) ? route.fulfill({ status: 404 }) : route.fallback();
  });
});

const review = () => snapshot({ view: "results", groups: fourGroups() });
const note = () => panel().page.locator(".lostNote").allTextContents();
const said = async () => (await note()).map((text) => text.replaceAll(/\s+/g, " ").trim());
const sentence = (name: string) => `${name} cannot be shown: it is gone, or cannot be read.`;

test("a source that is gone is named in every way to compare", async () => {
  const { page, show } = panel();
  gone.add("source");
  await show(review());
  await page.locator("#tile-r-tea-tin-1").focus();
  for (const key of ["1", "2", "3", "Space"]) {
    await page.keyboard.press(key);
    await expect.poll(said, { message: key }).toEqual([sentence("tea-tin.png")]);
  }
});

test("the tile of a source that is gone says so instead of showing a broken picture", async () => {
  const { page, show } = panel();
  gone.add("source");
  await show(review());
  const tile = page.locator(".sourceTile").first();
  await tile.getByRole("img", { name: sentence("tea-tin.png") }).waitFor();
  expect(await tile.locator("img").count()).toBe(0);
});

test("so is a result, and both at once", async () => {
  const { show } = panel();
  gone.add("result");
  await show(review());
  await expect.poll(said).toEqual([sentence("tea-tin.remix-1.png")]);
  await panel().reload();
  gone.add("source");
  await show(review());
  await expect
    .poll(async () => (await said()).join())
    .toMatch(/tea-tin\.png cannot.*tea-tin\.remix-1\.png cannot/);
});

test("what can be shown has no such note, nor has what is back", async () => {
  const { show } = panel();
  gone.add("source");
  await show(review());
  await expect.poll(said).toHaveLength(1);
  gone.clear();
  const back = fourGroups().map((group) => ({ ...group, uri: `${group.uri}?2` }));
  await show(snapshot({ view: "results", groups: back }));
  await expect.poll(said).toEqual([]);
  expect(await panel().page.locator(".pictures .lost").count()).toBe(0);
});

test("a page that is told nothing says that it waits, then what to do, until it is told", async () => {
  const { page, show } = panel();
  const status = page.locator("p.loading");
  await status.filter({ hasText: "Loading…" }).waitFor();
  await status.filter({ hasText: "run the command Open Remix Panel" }).waitFor({ timeout: 15_000 });
  await show(snapshot());
  expect(await status.count()).toBe(0);
});
