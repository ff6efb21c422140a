import sharp from "sharp";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../json.ts";
import { startEmulator } from "../../startEmulator.ts";
import { codes, infer, items, only, poll, submit } from "../../testing/client.ts";
import type { resultFaults } from "../resultFaults.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const { faults, ledger } = emulator;

async function result(changes: JsonObject = {}) {
  return only(items(await infer(emulator, changes)));
}

async function metadata(address: string) {
  const bytes = await (await fetch(address)).arrayBuffer();
  return await sharp(Buffer.from(bytes), { limitInputPixels: false }).metadata();
}

const base64 = { outputType: "base64Data" };

const observations: Record<keyof typeof resultFaults, () => Promise<void>> = {
  async someFail() {
    faults.inject({ name: "someFail", code: "providerError" });
    const answer = await infer(emulator, { numberResults: 4 });
    expect([answer.status, items(answer).length, codes(answer)]).toEqual([200, 3, ["providerError"]]);
    faults.inject({ name: "someFail", standIn: "data", failures: 2 });
    const polled = items(await poll(emulator, await submit(emulator, { numberResults: 3 })));
    expect(polled.map(({ status }) => status)).toEqual(["success", "error", "error"]);
    expect(polled.at(-1)?.error).toMatchObject({ code: "inferenceError" });
    faults.inject({ name: "someFail" });
    const last = await poll(emulator, await submit(emulator, { numberResults: 2 }));
    expect(last.json.errors).toMatchObject([{ code: "inferenceError", status: "error" }]);
    expect(ledger.charged()).toHaveLength(3 + 1 + 1);
  },

  async stopsShort() {
    faults.inject({ name: "stopsShort", after: 3 });
    const taskUUID = await submit(emulator, { numberResults: 4 });
    for (let count = 0; count < 3; count++) {
      const states = items(await poll(emulator, taskUUID)).map(({ status }) => status);
      expect(states).toEqual(["success", "success", "success", "processing"]);
    }
    faults.inject({ name: "stopsShort", after: 1 });
    expect(items(await infer(emulator, { numberResults: 2 }))).toHaveLength(1);
    expect(ledger.charged()).toHaveLength(4);
  },

  async extraResults() {
    faults.inject({ name: "extraResults", count: 2 });
    expect(items(await infer(emulator))).toHaveLength(3);
    expect(ledger.charged()).toHaveLength(3);
  },

  async flagged() {
    faults.inject({ name: "flagged" });
    expect(await result()).toMatchObject({ NSFWContent: true, imageURL: expect.any(String) });
    faults.inject({ name: "flagged", withPicture: false });
    expect(await result()).not.toHaveProperty("imageURL");
  },

  async successWithoutPicture() {
    faults.inject({ name: "successWithoutPicture" });
    const polled = only(items(await poll(emulator, await submit(emulator))));
    expect(polled.status).toBe("success");
    expect(polled).not.toHaveProperty("imageURL");
    expect(ledger.undelivered()).toHaveLength(1);
  },

  async costShape() {
    for (const [shape, cost] of [
      ["null", null],
      ["zero", 0],
      ["text", "0.06"],
    ] as const) {
      faults.inject({ name: "costShape", shape });
      expect((await result()).cost).toBe(cost);
    }
    faults.inject({ name: "costShape", shape: "absent" });
    expect(await result()).not.toHaveProperty("cost");
    expect(ledger.chargedTotal()).toBe(0.24);
  },

  async bigSeed() {
    faults.inject({ name: "bigSeed" });
    const { text } = await infer(emulator, { numberResults: 2 });
    expect(text).toContain('"seed":5120148993590679312,');
    expect(text).toContain('"seed":5120148993590679313,');
  },

  async otherSize() {
    faults.inject({ name: "otherSize", width: 320, height: 200 });
    expect(await metadata((await result()).imageURL)).toMatchObject({ width: 320, height: 200 });
  },

  async otherFormat() {
    faults.inject({ name: "otherFormat", format: "WEBP" });
    const { imageURL } = await result();
    expect(imageURL).toMatch(/\.jpg$/);
    expect(await metadata(imageURL)).toMatchObject({ format: "webp" });
  },

  async bomb() {
    faults.inject({ name: "bomb" });
    expect(await metadata((await result()).imageURL)).toMatchObject({ width: 60_000, height: 60_000 });
  },

  async imageAddress() {
    faults.inject({ name: "imageAddress", kind: "metadataService" });
    expect((await result()).imageURL).toBe("http://169.254.169.254/latest/meta-data/");
    faults.inject({ name: "imageAddress", url: "{foreign}/elsewhere/x.jpg" });
    expect((await result()).imageURL).toMatch(/^http:\/\/localhost:\d+\/elsewhere\/x\.jpg$/);
  },

  async imageUnderOtherName() {
    faults.inject({ name: "imageUnderOtherName" });
    expect((await fetch((await result()).imageURL)).status).toBe(200);
    expect(only(ledger.violations()).kind).toBe("fetchedFromForeignHost");
  },

  async base64Shape() {
    for (const [shape, pattern] of [
      ["whitespace", /^ \/9j.*\r\n/],
      ["dataPrefix", /^data:image\/jpeg;base64,\/9j/],
      ["urlSafe", /^_9j/],
      ["unpadded", /[^=]$/],
      ["broken", /\*%\$$/],
      ["empty", /^$/],
    ] as const) {
      faults.inject({ name: "base64Shape", shape });
      expect((await result(base64)).imageBase64Data).toMatch(pattern);
    }
    // What can be read has been delivered.
    expect(ledger.deliveredImages()).toHaveLength(4);
  },

  async hugeBase64() {
    faults.inject({ name: "hugeBase64", bytes: 3_000_000 });
    expect((await result(base64)).imageBase64Data).toHaveLength(3_000_000);
  },
};

test.each(Object.entries(observations))("%s", async (_, observe) => {
  await observe();
});
