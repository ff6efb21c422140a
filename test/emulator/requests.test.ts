import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator } from "./startEmulator.ts";
import { codes, infer, inference, items, only, post } from "./testing/client.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

describe("a request is refused", () => {
  const ping = [{ taskType: "ping", ping: true }];

  test("without a key", async () => {
    const answer = await post(emulator, ping, {});
    expect([answer.status, ...codes(answer)]).toEqual([401, "missingApiKey"]);
  });

  test.each(["wrong", `${emulator.key}x`, `"${emulator.key}"`])("with the key %s", async (key) => {
    const answer = await post(emulator, ping, { authorization: `Bearer ${key}` });
    expect([answer.status, ...codes(answer)]).toEqual([401, "invalidApiKey"]);
  });

  test("with another scheme than Bearer", async () => {
    expect((await post(emulator, ping, { authorization: emulator.key })).status).toBe(401);
  });

  test.each(["{}", "[]", "[1]", "nonsense", ""])("with the body %j", async (body) => {
    const answer = await post(emulator, body);
    expect([answer.status, ...codes(answer)]).toEqual([400, "invalidRequestBody"]);
  });

  test("with another content type", async () => {
    const authorization = `Bearer ${emulator.key}`;
    const answer = await post(emulator, ping, { authorization, "content-type": "text/plain" });
    expect(codes(answer)).toEqual(["invalidContentType"]);
  });

  test("with another method or path", async () => {
    expect((await fetch(emulator.url)).status).toBe(405);
    expect((await fetch(`${emulator.origin}/v2`, { method: "POST" })).status).toBe(404);
  });

  test("for a task type that is unknown", async () => {
    expect(codes(await post(emulator, [{ taskType: "videoInference" }]))).toEqual(["invalidTaskType"]);
  });
});

test("a key in the first element does as well", async () => {
  const authentication = { taskType: "authentication", apiKey: emulator.key };
  const answer = await post(emulator, [authentication, { taskType: "ping", ping: true }], {});
  expect(items(answer)).toEqual([{ taskType: "ping", pong: true }]);
  expect(JSON.stringify(emulator.ledger.snapshot())).not.toContain(emulator.key);
});

test("a UUID is good for one task", async () => {
  const task = inference();
  await post(emulator, [task]);
  const answer = await post(emulator, [task]);
  expect([answer.status, ...codes(answer)]).toEqual([400, "conflictTaskUUID"]);
  expect(emulator.ledger.charged()).toHaveLength(1);
});

test("of two tasks with the same UUID that come at the same time one is accepted", async () => {
  const task = inference();
  const answers = await Promise.all([post(emulator, [task]), post(emulator, [task])]);
  expect(answers.flatMap(codes)).toEqual(["conflictTaskUUID"]);
  expect(emulator.ledger.accepted()).toHaveLength(1);
});

test("a refused task gives its UUID back", async () => {
  const task = inference({ ttl: 1 });
  await post(emulator, [task]);
  expect(codes(await infer(emulator, { taskUUID: task.taskUUID }))).toEqual([]);
});

test("a task fails beside one that does not", async () => {
  const [good, bad] = [inference(), inference({ ttl: 1 })];
  const answer = await post(emulator, [bad, good]);
  expect(answer.status).toBe(200);
  expect(only(items(answer)).taskUUID).toBe(good.taskUUID);
  expect(only(answer.json.errors ?? []).taskUUID).toBe(bad.taskUUID);
});
