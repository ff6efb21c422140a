import { expect, test } from "vitest";
import {
  draftNotices,
  emptyDraft,
  readDraft,
  withClearedSources,
  withoutSources,
  withSources,
} from "../../src/editor/panel/draft.ts";
import { compose, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();
const unexpected = (what: string): void => expect.unreachable(what);
const full = withSources({ ...emptyDraft, values: { seed: "7" } }, ["/a.png", "/b.png"]);
const cleared = withoutSources(full);
const paths = ({ sources }: typeof full) => sources;

test("a list that was emptied can be put back, after the window was reloaded too", () => {
  expect(paths(cleared)).toEqual([]);
  expect(withClearedSources(cleared)).toEqual(full);
  expect(withClearedSources(readDraft(JSON.parse(JSON.stringify(cleared)), unexpected))).toEqual(full);
  // A draft of a version that kept nothing of it.
  const { cleared: _cleared, ...older } = full;
  expect(readDraft(older, unexpected)).toEqual(full);
});

test("it is offered until others are added, and not in other views", () => {
  expect(draftNotices(cleared)).toMatchObject([
    { text: "Removed 2 images from the list. The files are where they were." },
  ]);
  const offers = [full, { ...cleared, view: "results" as const }, withSources(cleared, ["/c.png"])];
  expect(offers.map((draft) => draftNotices(draft))).toEqual([[], [], []]);
});

test("the page says it and offers Undo", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.getByRole("button", { name: "Remove All from the List" }).click();
  await show(snapshot({ compose: compose([]), notices: draftNotices(cleared) }));
  await expect.poll(() => page.getByRole("status").textContent()).toContain("Removed 2 images");
  await page.getByRole("button", { name: "Undo" }).click();
  await show(snapshot());
  await expect.poll(() => page.evaluate("document.activeElement !== document.body")).toBe(true);
  await show(snapshot({ compose: compose([]), notices: draftNotices(cleared) }));
  await page.getByText("Dismiss").click();
  expect(await requests()).toEqual([
    { type: "clearSources" },
    { type: "act", subject: "cleared", action: "putBack" },
    { type: "act", subject: "cleared", action: "dismiss" },
  ]);
});
