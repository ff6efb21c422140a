import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { base64 } from "../../../src/platform/base64.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { accountBalance } from "../../../src/providers/runware/account.ts";
import type { ConnectionParts } from "../../../src/providers/runware/ports.ts";
import type { Injection } from "../../emulator/faults/faultBox.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { FastClock } from "./world.ts";

const emulator = await startEmulator({ balance: 12.5 });
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const log: string[] = [];

function ask(changes: Partial<ConnectionParts> = {}, { signal } = new AbortController()) {
  const note = (message: string) => void log.push(message);
  const parts = {
    endpoint: emulator.url,
    key: async () => emulator.key,
    http: fetchHttp,
    base64,
    clock: new FastClock(),
    log: { debug: note, info: note, warn: note },
    newUUID: randomUUID,
    ...changes,
  };
  return accountBalance(parts, signal);
}

test("13, balance as a number or an object: says what is left, without charging anything", async () => {
  expect(await ask()).toEqual({ amount: 12.5, currency: "USD" });
  emulator.faults.inject({ name: "balanceShape", shape: "object" });
  expect(await ask()).toEqual({ amount: 12.5, currency: "USD" });
  emulator.faults.inject({ name: "balanceShape", shape: "text" });
  expect(await ask()).toEqual({ amount: 12.5, currency: "USD" });
  emulator.faults.inject({ name: "balanceShape", shape: "missing" });
  expect(await ask()).toEqual({ amount: null, currency: "USD" });
  expect(emulator.ledger.charged()).toEqual([]);
});

test.each<[Injection, string, RegExp]>([
  [{ name: "refusedKey" }, "authentication", /refused the API key \(401\)\. Enter a valid key/],
  [{ name: "refusedKey", status: 403, body: "html" }, "authentication", /\(403\)/],
  [{ name: "htmlPage", status: 200 }, "network", /not Runware answered/],
  [{ name: "rateLimited" }, "rate", /too many requests/],
  [{ name: "serverError" }, "provider", /fault of its own/],
  [{ name: "redirect" }, "network", /points elsewhere/],
])("%o: %s", async (fault, code, says) => {
  emulator.faults.inject(fault);
  const failure = ask();
  await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  await expect(failure).rejects.toMatchObject({
    message: expect.stringMatching(/^The API key could not be tested/),
  });
});

test("a wrong key is refused, and stands nowhere", async () => {
  const key = "canaryKey0123456789abcdefghijklm";
  log.length = 0;
  const failure: unknown = await ask({ key: async () => key }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "authentication" });
  expect(log.join("\n") + String(failure) + JSON.stringify(failure)).not.toContain(key);
});

test.each([
  "http://api.runware.ai/v1",
  "ftp://api.runware.ai/v1",
  "https://user:secret@api.runware.ai/v1",
  "api.runware.ai",
  "http://127.0.0.1.example.com/v1",
])("no key is sent to %s", async (endpoint) => {
  await expect(ask({ endpoint })).rejects.toMatchObject({ code: "invalidRecipe" });
});

test("without a connection it says so", async () => {
  await emulator.goOffline();
  try {
    await expect(ask()).rejects.toMatchObject({
      code: "network",
      message: expect.stringMatching(/could not be (reached|tested).*Check the network/),
    });
  } finally {
    await emulator.goOnline();
  }
});

test("an answer that is not waited for any longer did not come in time", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(ask({}, stop)).rejects.toMatchObject({ code: "timeout" });
});
