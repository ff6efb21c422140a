import { expect, test } from "vitest";
import type { Decision } from "../../src/protocol/results.ts";
import type { NoticeView, Snapshot } from "../../src/protocol/snapshot.ts";
import { states } from "./states/all.ts";
import { compose, fields, fourGroups, fourNames, group, run, snapshot, task } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();
const status = () => panel().page.getByRole("status").textContent();
const alert = () => panel().page.getByRole("alert").textContent();

function decided(...decisions: readonly Decision[]): Snapshot {
  return snapshot({ view: "results", groups: [group("tea-tin.png", decisions)] });
}

test("each decision is said, and what takes it back is not said as if it were made again", async () => {
  const { show } = panel();
  await show(decided("undecided", "undecided"));
  for (const [snapshotAfter, said] of [
    [decided("kept", "undecided"), "Kept. Result 1 of 2 of tea-tin.png"],
    [decided("kept", "discarded"), "Discarded. Result 2 of 2 of tea-tin.png"],
    [decided("kept", "undecided"), "Restored. Result 2 of 2 of tea-tin.png"],
    [decided("undecided", "undecided"), "Undecided again. Result 1 of 2 of tea-tin.png"],
    [decided("replaced", "undecided"), "Replaced the source. Result 1 of 2 of tea-tin.png"],
    [decided("kept", "replaced"), "Replaced the source. Result 2 of 2 of tea-tin.png"],
    [decided("kept", "kept"), "The source is back. Result 2 of 2 of tea-tin.png"],
    [decided("discarded", "discarded"), "2 results discarded"],
    [decided("undecided", "kept"), "2 results restored"],
  ] as const) {
    // What could be undone next is no news.
    await show({ ...snapshotAfter, undo: "Kept another one" });
    await expect.poll(status).toBe(said);
  }
});

test("a run says how far it is, and a pause interrupts, even in the same moment", async () => {
  const { show } = panel();
  const notice = (text: string): NoticeView => ({ id: "paused", severity: "warning", text, actions: [] });
  const info: NoticeView = { id: "unsent", severity: "info", text: "1 image was not sent.", actions: [] };
  await show(snapshot({ view: "results", groups: fourGroups() }));
  const running = states["running"]?.() ?? snapshot();
  await show({ ...running, notices: [notice("Paused. There is no credit left."), info] });
  await expect.poll(status).toBe("6 of 24 results saved");
  expect(await alert()).toBe("Paused. There is no credit left.");
  await show({ ...running, notices: [notice("Paused. The key was refused."), info] });
  await expect.poll(alert).toBe("Paused. The key was refused.");
  await show(
    snapshot({ view: "results", run: run([task("tea-tin.png", "failed")], { id: "run-2", ended: 1 }) }),
  );
  await expect.poll(status).toBe("0 of 2 results saved, 1 failed");
});

test("a price is said once it has settled", async () => {
  const { page, show } = panel();
  const priced = (estimate: number) =>
    snapshot({ compose: compose(fourNames, { price: { images: 4, results: 8, estimate } }) });
  await page.clock.install();
  await show(priced(0.1));
  await page.clock.runFor(5000);
  const before = await status();
  await show(priced(0.2));
  await page.clock.runFor(700);
  await show(priced(0.3));
  await page.clock.runFor(700);
  expect(await status()).toBe(before);
  await page.clock.runFor(400);
  await expect.poll(status).toContain("about $0.30");
});

test("Ctrl+Enter that is blocked says why and leads to the field at fault", async () => {
  const { page, show, requests } = panel();
  const focused = () => page.evaluate("document.activeElement.id");
  await show(states["invalid"]?.() ?? snapshot());
  await page.locator("#control-positivePrompt textarea").press("Control+Enter");
  await expect.poll(focused).toBe("control-remixStrength");
  await expect.poll(status).toBe("Strength takes a whole number from 1 to 100");
  // Said again, it is read again: it is another element.
  await page.evaluate("globalThis.first = document.querySelector('[role=status]').firstElementChild");
  await page.keyboard.press("Control+Enter");
  await expect
    .poll(() => page.evaluate("document.querySelector('[role=status]').firstElementChild === first"))
    .toBe(false);
  expect(await status()).toBe("Strength takes a whole number from 1 to 100");
  const problem = { text: "Not a speed.", canOpen: false };
  const block = { text: "Speed is not valid.", actions: [] };
  await show(
    snapshot({
      compose: compose(fourNames, { fields: fields({ renderingSpeed: { problem } }), block }),
    }),
  );
  await page.keyboard.press("Control+Enter");
  await expect.poll(focused).toBe("control-renderingSpeed");
  expect(await requests()).toEqual([]);
});

test("the focus goes to a run that was started here, not to one that came after something else was done", async () => {
  const { page, show } = panel();
  const isOnHeadline = () => page.evaluate("document.activeElement.matches('.headline')");
  const running = (id: string) =>
    snapshot({ view: "results", run: run([task("tea-tin.png", "drawing")], { id }) });
  await show(snapshot());
  await page.locator(".thumb").first().press("Control+Enter");
  await show(running("run-1"));
  await expect.poll(isOnHeadline).toBe(true);
  await show(snapshot());
  await page.locator("#tab-compose").press("Control+Enter");
  await page.keyboard.press("Alt+1");
  await show(running("run-2"));
  expect(await isOnHeadline()).toBe(false);
});
