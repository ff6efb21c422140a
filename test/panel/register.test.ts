/** Source and result lie over each other so that the same is in the same place of both. */
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import type { ResultView } from "../../src/protocol/results.ts";
import type { Snapshot } from "../../src/protocol/snapshot.ts";
import { group, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();

/** A wide picture of four quarters, and the part of it that its result shows: about neither its centre nor the quarters'. */
const whole = { width: 1600, height: 400 };
const part = { left: 700, top: 40, width: 480, height: 320 };
const used = {
  left: part.left / whole.width,
  top: part.top / whole.height,
  width: part.width / whole.width,
  height: part.height / whole.height,
};
const quarters = sharp(
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${whole.width}" height="${whole.height}">
    <path fill="#c03030" d="M0 0h800v200H0z"/><path fill="#30a040" d="M800 0h800v200H800z"/>
    <path fill="#3050c0" d="M0 200h800v200H0z"/><path fill="#d0b030" d="M800 200h800v200H800z"/>
  </svg>`),
);
const source = await quarters.png().toBuffer();
const made = await sharp(source).extract(part).resize(960, 640).png().toBuffer();

beforeEach(async () => {
  const { page } = panel();
  await page.route("**/pictures/quarters.png", (route) =>
    route.fulfill({ contentType: "image/png", body: source }),
  );
  await page.route("**/pictures/made.png", (route) =>
    route.fulfill({ contentType: "image/png", body: made }),
  );
});

function cropped(change: Partial<ResultView> = {}): Snapshot {
  const size = { width: 960, height: 640 };
  const own = group("tea-tin.png", ["undecided"], { uri: "/pictures/made.png", size, used, ...change });
  return snapshot({ view: "results", groups: [{ ...own, uri: "/pictures/quarters.png" }] });
}

interface Look {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** What is seen of a frame, in the pixels of the screen. */
async function seen(selector = ".pictures .frame"): Promise<Look> {
  const { page, settle } = panel();
  await settle();
  const shot = await page.locator(selector).first().screenshot();
  const { data, info } = await sharp(shot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Largest difference of any channel between both, at places away from labels, divider and grip. */
function difference(one: Look, other: Look): number {
  let most = 0;
  for (const down of [0.2, 0.3, 0.42, 0.58, 0.7, 0.8, 0.95]) {
    for (const across of [0.05, 0.15, 0.2, 0.3, 0.45, 0.6, 0.75, 0.95]) {
      const at = (Math.floor(down * one.height) * one.width + Math.floor(across * one.width)) * 3;
      for (const channel of [0, 1, 2]) {
        most = Math.max(most, Math.abs((one.data[at + channel] ?? 0) - (other.data[at + channel] ?? 255)));
      }
    }
  }
  return most;
}

async function divided(percent: number): Promise<void> {
  const { page } = panel();
  await page.locator(".dividerInput").fill(String(percent));
}

async function sourceAndResult(): Promise<readonly [Look, Look]> {
  await divided(100);
  const ofSource = await seen();
  await divided(0);
  return [ofSource, await seen()];
}

test("under the slider lies what the result was made from, place by place", async () => {
  const { show, problems } = panel();
  await show(cropped());
  const [ofSource, ofResult] = await sourceAndResult();

  expect(difference(ofSource, ofResult)).toBeLessThan(12);
  // Without a record it is laid about the centre, where this one was not cut.
  await show(cropped({ used: null }));
  const [centred, same] = await sourceAndResult();
  expect(difference(same, ofResult)).toBe(0);
  expect(difference(centred, same)).toBeGreaterThan(100);
  await show(cropped());
  const [again] = await sourceAndResult();
  expect(difference(again, ofSource)).toBe(0);
  expect(problems).toEqual([]);
});

test("flipped and in the difference it lies in the same place", async () => {
  const { page, show } = panel();
  await show(cropped());
  await divided(0);
  const ofResult = await seen();
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("Space");
  expect(difference(await seen(), ofResult)).toBeLessThan(12);
  await page.keyboard.press("Space");
  await page.keyboard.press("3");
  await expect.poll(() => page.locator(".difference").count()).toBe(1);
  const black = { ...ofResult, data: Buffer.alloc(ofResult.data.length) };
  expect(difference(await seen(), black)).toBeLessThan(12);
  await page.keyboard.press("Space");
  await expect.poll(() => page.locator(".difference").count()).toBe(0);
  expect(difference(await seen(), ofResult)).toBeLessThan(12);
});

test("at 1:1 too", async () => {
  const { page, show } = panel();
  await page.setViewportSize({ width: 1400, height: 1100 });
  await show(cropped());
  await page.locator("#tile-r-tea-tin-1").focus();
  await page.keyboard.press("z");
  const [ofSource, ofResult] = await sourceAndResult();
  expect(ofResult.width).toBe(960);
  expect(difference(ofSource, ofResult)).toBeLessThan(12);
  await page.setViewportSize({ width: 1280, height: 820 });
});

test("a result is laid over the copy of the source that it was made from", async () => {
  const { page, show } = panel();
  await show(cropped({ original: "/pictures/kept.png" }));
  expect(await page.locator(".sourcePart img").first().getAttribute("src")).toBe("/pictures/kept.png");
});
