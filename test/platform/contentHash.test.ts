import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { contentHash } from "../../src/platform/contentHash.ts";

const slice = 4 * 1024 * 1024;

test.each([0, 1, slice - 1, slice, slice + 1, 3 * slice + 5])(
  "%i bytes are hashed as one",
  async (length) => {
    const bytes = new Uint8Array(length + 2).map((_, index) => index % 251).subarray(1, length + 1);
    expect(await contentHash(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  },
);

test("others come in between", async () => {
  let others = 0;
  const ticker = setInterval(() => others++, 0);
  await contentHash(new Uint8Array(20 * slice));
  clearInterval(ticker);
  expect(others).toBeGreaterThan(0);
});
