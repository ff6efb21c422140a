/** Every state of the panel and what people do in it: what is photographed and judged by axe. */

import { draftNotices, emptyDraft, withoutSources, withSources } from "../../src/editor/panel/draft.ts";
import type { Snapshot } from "../../src/protocol/snapshot.ts";
import type { OpenPanel } from "./openPanel.ts";
import { states } from "./states/all.ts";
import { compose, fourGroups, snapshot, twelveNames } from "./states/build.ts";
import { troubles } from "./states/troubles.ts";

/** A snapshot, and what is done once it is shown. */
export interface Scene {
  readonly snapshot: () => Snapshot;
  readonly act?: (panel: OpenPanel) => Promise<void>;
}

const review = () => snapshot({ view: "results", groups: fourGroups() });

const acted: Readonly<Record<string, Scene>> = {
  advancedOpen: {
    snapshot,
    act: async ({ page }) => {
      const closed = page.locator("details:not([open]) > summary");
      for (let left = await closed.count(); left > 0; left--) {
        await closed.first().click();
      }
      await page.locator("details").last().scrollIntoViewIfNeeded();
    },
  },
  composeCleared: {
    snapshot: () =>
      snapshot({
        compose: compose([]),
        notices: draftNotices(withoutSources(withSources(emptyDraft, twelveNames))),
      }),
  },
  reviewSide: { snapshot: review, act: ({ page }) => page.keyboard.press("2") },
  reviewDifference: { snapshot: review, act: ({ page }) => page.keyboard.press("3") },
  reviewFull: { snapshot: review, act: ({ page }) => page.keyboard.press("z") },
  reviewBin: {
    snapshot: review,
    act: ({ page }) => page.getByRole("radio", { name: /^Bin/ }).click({ force: true }),
  },
  reviewMarked: {
    snapshot: review,
    act: async ({ page }) => {
      await page.locator(".tile[id]").first().focus();
      await page.keyboard.press("Shift+ArrowRight");
      await page.getByRole("button", { name: "More Actions" }).click();
    },
  },
};

export const scenes: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(
    Object.entries({ ...states, ...troubles }).map(([name, state]) => [name, { snapshot: state }]),
  ),
  ...acted,
};

/** Shows a scene on a page that remembers nothing of an earlier one. */
export async function play(panel: OpenPanel, { snapshot, act }: Scene): Promise<void> {
  await panel.reload();
  await panel.show(snapshot());
  if (act !== undefined) {
    await act(panel);
    await panel.settle();
  }
}
