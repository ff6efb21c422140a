import { afterAll, beforeEach, expect, test } from "vitest";
import { startEmulator } from "../../startEmulator.ts";
import { infer, items, only } from "../../testing/client.ts";
import { rawGet } from "../../testing/raw.ts";
import type { imageFaults } from "../imageFaults.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const { faults, ledger } = emulator;

/** The address of a new result. */
async function address(): Promise<string> {
  return only(items(await infer(emulator))).imageURL;
}

async function download(from: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(from)).arrayBuffer());
}

const observations: Record<keyof typeof imageFaults, () => Promise<void>> = {
  async imageStatus() {
    const url = await address();
    for (const status of [404, 403, 502]) {
      faults.inject({ name: "imageStatus", status });
      expect((await fetch(url)).status).toBe(status);
    }
    faults.inject({ name: "imageStatus", when: { times: 2 } });
    const late = [await fetch(url), await fetch(url), await fetch(url)];
    expect(late.map(({ status }) => status)).toEqual([404, 404, 200]);
  },

  async imageLost() {
    const url = await address();
    for (const how of ["reset", "close"] as const) {
      faults.inject({ name: "imageLost", after: 500, how });
      await expect(download(url)).rejects.toThrow();
    }
    expect(ledger.deliveredImages()).toEqual([]);
    expect((await download(url)).length).toBeGreaterThan(500);
    expect(ledger.deliveredImages()).toHaveLength(1);
  },

  async imageLength() {
    const url = await address();
    const { length } = await download(url);
    for (const [declared, header] of [
      ["more", length + 100],
      ["less", Math.floor(length / 2)],
    ] as const) {
      faults.inject({ name: "imageLength", declared });
      const { text } = await rawGet(emulator, url);
      expect(text).toMatch(new RegExp(`^content-length: ${header}\r$`, "im"));
      expect(text.slice(text.indexOf("\r\n\r\n") + 4)).toHaveLength(length);
    }
    faults.inject({ name: "imageLength", declared: "missing" });
    const response = await fetch(url);
    expect(response.headers.get("content-length")).toBeNull();
    expect((await response.arrayBuffer()).byteLength).toBe(length);
  },

  async imageBytes() {
    const url = await address();
    const whole = await download(url);
    ledger.clear();
    const served = [];
    for (const kind of ["empty", "zeros", "html", "truncated"] as const) {
      faults.inject({ name: "imageBytes", kind });
      served.push(await download(url));
    }
    const [empty, zeros, html, truncated] = served;
    expect(empty).toHaveLength(0);
    expect(zeros).toEqual(Buffer.alloc(whole.length));
    expect(String(html)).toMatch(/^<!DOCTYPE html>/);
    expect(truncated).toEqual(whole.subarray(0, Math.floor(whole.length / 2)));
    expect(ledger.deliveredImages()).toEqual([]);
  },

  async imageRedirect() {
    const url = await address();
    faults.inject({ name: "imageRedirect" });
    expect((await fetch(url, { redirect: "manual" })).status).toBe(302);
    expect(ledger.violations()).toEqual([]);
    faults.inject({ name: "imageRedirect" });
    await fetch(url);
    expect(only(ledger.violations()).kind).toBe("redirectFollowed");
  },

  async imageType() {
    const url = await address();
    faults.inject({ name: "imageType" });
    expect((await fetch(url)).headers.get("content-type")).toBe("application/octet-stream");
    faults.inject({ name: "imageType", contentType: "" });
    expect((await fetch(url)).headers.get("content-type")).toBeNull();
  },

  async imageSlow() {
    const url = await address();
    const whole = await download(url);
    faults.inject({ name: "imageSlow", bytesPerSecond: 1_000_000 });
    expect(await download(url)).toEqual(whole);
    expect(ledger.requests().at(-1)?.faults).toEqual(["imageSlow"]);
  },
};

test.each(Object.entries(observations))("%s", async (_, observe) => {
  await observe();
});
