import { afterAll, beforeEach, expect, test } from "vitest";
import { startEmulator } from "../../startEmulator.ts";
import { codes, infer, inference, items, post, submit } from "../../testing/client.ts";
import { rawPost } from "../../testing/raw.ts";
import type { requestFaults } from "../requestFaults.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const { faults, ledger } = emulator;

/** A request that never ends unless somebody gives up: resolves once the server has it. */
async function hang(): Promise<void> {
  const patience = new AbortController();
  const before = ledger.requests().length;
  const waiting = fetch(emulator.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${emulator.key}` },
    body: JSON.stringify([inference()]),
    signal: patience.signal,
  });
  await expect.poll(() => ledger.requests()[before]?.faults.length).toBe(1);
  await emulator.settled();
  patience.abort();
  await expect(waiting).rejects.toThrow();
}

const observations: Record<keyof typeof requestFaults, () => Promise<void>> = {
  async rateLimited() {
    for (const retryAfter of ["2", "0", "-5", "Wed, 21 Oct 2065 07:28:00 GMT", "99999999", "soon"]) {
      faults.inject({ name: "rateLimited", retryAfter });
      const answer = await infer(emulator);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, retryAfter]);
      expect(codes(answer)).toEqual(["rateLimitExceeded"]);
    }
    faults.inject({ name: "rateLimited", body: "empty" });
    const answer = await infer(emulator);
    expect([answer.status, answer.headers.get("retry-after"), answer.text]).toEqual([429, null, ""]);
  },

  async concurrencyCap() {
    const busy = await startEmulator({ secondsPerImage: 3600 });
    busy.faults.inject({ name: "concurrencyCap", limit: 2, retryAfter: "1" });
    const answers = await Promise.all([1, 2, 3, 4].map(() => infer(busy, { deliveryMethod: "async" })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.map(({ headers }) => headers.get("retry-after"))).toEqual(["1", "1"]);
    expect(busy.ledger.accepted()).toHaveLength(2);
    await busy.close();
  },

  async serverError() {
    faults.inject({ name: "serverError", status: 503, code: "serviceUnavailable" });
    const answer = await infer(emulator);
    expect([answer.status, ...codes(answer)]).toEqual([503, "serviceUnavailable"]);
    expect(ledger.accepted()).toHaveLength(0);
    faults.inject({ name: "serverError", work: "done" });
    expect((await infer(emulator)).status).toBe(500);
    expect(ledger.charged()).toHaveLength(1);
  },

  async htmlPage() {
    for (const status of [200, 502, 503, 504, 524]) {
      faults.inject({ name: "htmlPage", status });
      const answer = await infer(emulator);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        status,
        "text/html; charset=utf-8",
      ]);
      expect(answer.text).toMatch(/^<!DOCTYPE html>/);
    }
    expect(ledger.accepted()).toHaveLength(0);
  },

  async gatewayTimeout() {
    const task = inference();
    faults.inject({ name: "gatewayTimeout", status: 524 });
    expect((await post(emulator, [task])).status).toBe(524);
    expect(ledger.undelivered()).toHaveLength(1);
    expect(codes(await post(emulator, [task]))).toEqual(["conflictTaskUUID"]);
    faults.inject({ name: "gatewayTimeout", body: "task" });
    const other = inference();
    expect((await post(emulator, [other])).json.errors?.[0]?.taskUUID).toBe(other.taskUUID);
  },

  async connectionLost() {
    const body = JSON.stringify([inference()]);
    faults.inject({ name: "connectionLost", moment: "beforeWork" });
    expect(await rawPost(emulator, body)).toEqual({ text: "", error: "ECONNRESET" });
    expect(ledger.accepted()).toHaveLength(0);
    faults.inject({ name: "connectionLost", moment: "afterWork", how: "close" });
    expect(await rawPost(emulator, body)).toEqual({ text: "", error: undefined });
    expect(ledger.undelivered()).toHaveLength(1);
    faults.inject({ name: "connectionLost", moment: "duringReply", after: 7, how: "close" });
    const { text } = await rawPost(emulator, JSON.stringify([inference()]));
    expect(text.slice(text.indexOf("\r\n\r\n") + 4)).toBe('{"data"');
    faults.inject({ name: "connectionLost", how: "stall" });
    await hang();
    expect(ledger.charged()).toHaveLength(3);
  },

  async idleCut() {
    faults.inject({ name: "idleCut" });
    await expect(infer(emulator)).rejects.toThrow();
    expect(ledger.charged()).toHaveLength(1);
    await submit(emulator);
    expect(ledger.requests().at(-1)).toMatchObject({ status: 200, faults: [] });
  },

  async truncatedJson() {
    faults.inject({ name: "truncatedJson", keep: 12 });
    const answer = await infer(emulator);
    expect([answer.status, answer.text]).toEqual([200, '{"data":[{"t']);
    expect(ledger.undelivered()).toHaveLength(1);
  },

  async emptyBody() {
    faults.inject({ name: "emptyBody" });
    const answer = await infer(emulator);
    expect([answer.status, answer.text]).toEqual([200, ""]);
    expect(ledger.charged()).toHaveLength(1);
  },

  async hugeBody() {
    faults.inject({ name: "hugeBody", bytes: 5_000_000 });
    const answer = await infer(emulator);
    expect(answer.text.length).toBeGreaterThan(5_000_000);
    expect(items(answer)).toHaveLength(1);
  },

  async notHttp() {
    faults.inject({ name: "notHttp" });
    expect((await rawPost(emulator, "[]")).text).toMatch(/^SSH-2\.0/);
  },

  async proxyAuthentication() {
    faults.inject({ name: "proxyAuthentication" });
    // Node's fetch hides a 407 behind "fetch failed" (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
    const { text } = await rawPost(emulator, "[]");
    expect(text).toMatch(/^HTTP\/1\.1 407 /);
    expect(text).toMatch(/^proxy-authenticate: Basic realm="proxy"\r$/im);
  },

  async redirect() {
    for (const status of [301, 302, 303, 307, 308] as const) {
      faults.inject({ name: "redirect", status });
      const answer = await infer(emulator);
      expect(answer.status).toBe(status);
      const { port } = new URL(emulator.url);
      expect(answer.headers.get("location")).toBe(`http://localhost:${port}/elsewhere/v1`);
    }
    expect(ledger.violations()).toEqual([]);
  },

  async refusedKey() {
    const fault = faults.inject({ name: "refusedKey" });
    expect(codes(await infer(emulator))).toEqual(["invalidApiKey"]);
    expect((await infer(emulator)).status).toBe(401);
    fault.remove();
    expect((await infer(emulator)).status).toBe(200);
    faults.inject({ name: "refusedKey", status: 403, body: "html" });
    const answer = await infer(emulator);
    expect([answer.status, answer.text.slice(0, 15)]).toEqual([403, "<!DOCTYPE html>"]);
  },

  async bodyTooLarge() {
    faults.inject({ name: "bodyTooLarge", limit: 10_000 });
    expect((await infer(emulator)).status).toBe(200);
    const answer = await infer(emulator, { negativePrompt: "x".repeat(2_000_000) });
    expect(answer.status).toBe(413);
    expect(ledger.requests().at(-1)?.tasks).toEqual([]);
  },

  async lostDuringUpload() {
    faults.inject({ name: "lostDuringUpload", after: 1000 });
    const body = JSON.stringify([inference({ negativePrompt: "x".repeat(2_000_000) })]);
    expect((await rawPost(emulator, body)).text).toBe("");
    expect(ledger.requests().at(-1)).toMatchObject({ status: null, tasks: [], faults: ["lostDuringUpload"] });
    faults.inject({ name: "lostDuringUpload", after: 10, how: "stall" });
    await hang();
    expect(ledger.accepted()).toHaveLength(0);
  },

  async slowUpload() {
    faults.inject({ name: "slowUpload", bytesPerSecond: 1_000_000 });
    expect((await infer(emulator)).status).toBe(200);
    expect(ledger.requests().at(-1)?.faults).toEqual(["slowUpload"]);
  },

  async manyTasks() {
    faults.inject({ name: "manyTasks" });
    expect((await post(emulator, [inference(), inference()])).status).toBe(200);
    expect((await post(emulator, [inference(), inference(), inference()])).status).toBe(504);
    expect(ledger.accepted()).toHaveLength(2);
  },
};

test.each(Object.entries(observations))("%s", async (_, observe) => {
  await observe();
});

test("offline, nobody answers; online again, the tasks are still there", async () => {
  const taskUUID = await submit(emulator);
  await emulator.goOffline();
  await expect(infer(emulator)).rejects.toThrow(expect.objectContaining({ cause: expect.anything() }));
  await emulator.goOnline();
  const answer = await post(emulator, [{ taskType: "getResponse", taskUUID }]);
  expect(items(answer)).toHaveLength(1);
});
