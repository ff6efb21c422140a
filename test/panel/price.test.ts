import { expect, test } from "vitest";
import { blockedLabel } from "../../webview/price.ts";

test("a button that cannot be pressed counts no pictures where there are none", () => {
  const price = { results: 0, estimate: null };
  expect([0, 1, 3].map((images) => blockedLabel({ ...price, images }))).toEqual([
    "Remix",
    "Remix 1 Image",
    "Remix 3 Images",
  ]);
});
