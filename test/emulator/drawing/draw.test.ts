import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { picture } from "../testing/client.ts";
import type { DrawRequest } from "./draw.ts";
import { drawRestyled } from "./restyled.ts";
import { drawTinted } from "./tint.ts";

const painters = { drawTinted, drawRestyled };

async function request(changes: Partial<DrawRequest> = {}): Promise<DrawRequest> {
  return {
    reference: await picture(),
    width: 512,
    height: 512,
    outputFormat: "PNG",
    outputQuality: 95,
    positivePrompt: "a tin of tea",
    negativePrompt: null,
    styleType: "AUTO",
    remixStrength: 50,
    renderingSpeed: "TURBO",
    seed: 1,
    imageUUID: randomUUID(),
    ...changes,
  };
}

describe.each(Object.entries(painters))("%s", (_, draw) => {
  test("gives a picture of the size and in the format that were asked for", async () => {
    const drawn = await draw(await request({ height: 640, outputFormat: "WEBP" }));
    expect(await sharp(drawn).metadata()).toMatchObject({ width: 512, height: 640, format: "webp" });
  });

  test("gives other bytes for another UUID, and the same for the same", async () => {
    const one = await request();
    const [first, again] = [await draw(one), await draw(one)];
    expect(first).toEqual(again);
    expect(await draw({ ...one, imageUUID: randomUUID() })).not.toEqual(first);
  });

  test.each(["b-w", "cmyk"] as const)("takes references in %s", async (space) => {
    const reference = await sharp(await picture())
      .toColourspace(space)
      .jpeg()
      .toBuffer();
    const drawn = await draw(await request({ reference }));
    expect((await sharp(drawn).metadata()).width).toBe(512);
  });
});
