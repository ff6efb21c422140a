import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { startEmulator } from "../../startEmulator.ts";
import { codes, infer, inference, items, only, poll, post, submit } from "../../testing/client.ts";
import type { replyFaults } from "../replyFaults.ts";

const emulator = await startEmulator();
const gradual = await startEmulator({ progressSteps: 3 });
afterAll(() => Promise.all([emulator.close(), gradual.close()]));
beforeEach(() => emulator.reset());
afterEach(() => gradual.reset());

const { faults, ledger } = emulator;

const observations: Record<keyof typeof replyFaults, () => Promise<void>> = {
  async dataShape() {
    for (const [shape, data] of [
      ["object", expect.objectContaining({ taskType: "imageInference" })],
      ["empty", []],
      ["null", null],
      ["missing", undefined],
    ] as const) {
      faults.inject({ name: "dataShape", shape });
      expect((await infer(emulator)).json.data).toEqual(data);
    }
    expect(ledger.charged()).toHaveLength(4);
  },

  async errorsShape() {
    const bodies = [];
    for (const shape of ["singular", "object", "singularText", "emptyData", "legacy"] as const) {
      faults.inject({ name: "errorsShape", shape });
      bodies.push((await infer(emulator, { ttl: 1 })).json);
    }
    const code = "invalidTtl";
    expect(bodies).toMatchObject([
      { error: { code }, taskUUID: expect.any(String) },
      { errors: { code } },
      { error: expect.stringContaining("ttl") },
      { data: [], errors: [{ code }] },
      { errors: [{ errorId: 19, errorMessage: expect.stringContaining("ttl") }] },
    ]);
  },

  async dataAndErrors() {
    faults.inject({ name: "dataAndErrors" });
    const answer = await infer(emulator);
    expect([answer.status, items(answer).length, codes(answer)]).toEqual([200, 1, ["inferenceError"]]);
    expect(only(answer.json.errors ?? []).taskUUID).toBe(only(items(answer)).taskUUID);
  },

  async strangers() {
    faults.inject({ name: "strangers", results: 2 });
    const task = inference();
    const answer = await post(emulator, [task]);
    const own = items(answer).filter(({ taskUUID }) => taskUUID === task.taskUUID);
    expect([items(answer).length, own.length, codes(answer).length]).toEqual([3, 1, 1]);
  },

  async unknownFields() {
    faults.inject({ name: "unknownFields" });
    expect(only(items(await infer(emulator)))).toHaveProperty("novelty");
  },

  async namelessResults() {
    faults.inject({ name: "namelessResults" });
    const result = only(items(await infer(emulator)));
    expect(result).toHaveProperty("imageURL");
    expect(result).not.toHaveProperty("imageUUID");
  },

  async acknowledgementShape() {
    faults.inject({ name: "acknowledgementShape" });
    const task = inference({ deliveryMethod: "async" });
    expect(items(await post(emulator, [task]))).toEqual([]);
    expect(items(await poll(emulator, task.taskUUID))).toHaveLength(1);
    faults.inject({ name: "acknowledgementShape", shape: "processing" });
    const answer = await infer(emulator, { deliveryMethod: "async" });
    expect(only(items(answer)).status).toBe("processing");
  },

  async emptyPolls() {
    faults.inject({ name: "emptyPolls", when: { times: 2 } });
    const taskUUID = await submit(emulator);
    const counts = [];
    for (let count = 0; count < 3; count++) {
      counts.push(items(await poll(emulator, taskUUID)).length);
    }
    expect(counts).toEqual([0, 0, 1]);
  },

  async endlessProcessing() {
    faults.inject({ name: "endlessProcessing" });
    const taskUUID = await submit(emulator);
    for (let count = 0; count < 5; count++) {
      expect(only(items(await poll(emulator, taskUUID))).status).toBe("processing");
    }
    expect(ledger.undelivered()).toHaveLength(1);
  },

  async unknownStatus() {
    faults.inject({ name: "unknownStatus", status: "queued" });
    const taskUUID = await submit(emulator);
    expect(only(items(await poll(emulator, taskUUID))).status).toBe("queued");
    expect(only(items(await poll(emulator, taskUUID))).status).toBe("success");
  },

  async withoutStatus() {
    faults.inject({ name: "withoutStatus" });
    const item = only(items(await poll(emulator, await submit(emulator))));
    expect(item).toHaveProperty("imageURL");
    expect(item).not.toHaveProperty("status");
  },

  async repeatedItems() {
    faults.inject({ name: "repeatedItems", times: 3 });
    const results = items(await poll(emulator, await submit(emulator)));
    expect([results.length, new Set(results.map(({ imageUUID }) => imageUUID)).size]).toEqual([3, 1]);
  },

  async reversedItems() {
    const taskUUID = await submit(emulator, { numberResults: 3 });
    const order = async () => items(await poll(emulator, taskUUID)).map(({ imageUUID }) => imageUUID);
    const before = await order();
    faults.inject({ name: "reversedItems" });
    expect(await order()).toEqual(before.toReversed());
  },

  async progressShape() {
    for (const [shape, expected] of [
      ["backwards", [80, 70]],
      ["stuck", [50, 50]],
      ["missing", [undefined, undefined]],
      ["absurd", [1200, 1200]],
    ] as const) {
      const fault = gradual.faults.inject({ name: "progressShape", shape });
      const taskUUID = await submit(gradual);
      const progress = [];
      for (let count = 0; count < 2; count++) {
        progress.push(only(items(await poll(gradual, taskUUID))).progress);
      }
      expect(progress).toEqual(expected);
      fault.remove();
    }
  },

  async replyTaskType() {
    faults.inject({ name: "replyTaskType" });
    expect(only(items(await poll(emulator, await submit(emulator)))).taskType).toBe("getResponse");
  },

  async detailsShape() {
    const { taskUUID } = only(items(await infer(emulator)));
    await emulator.settled();
    const ask = async () => only(items(await post(emulator, [{ taskType: "getTaskDetails", taskUUID }])));
    faults.inject({ name: "detailsShape" });
    expect((await ask()).response).toBeNull();
    faults.inject({ name: "detailsShape", shape: "replay" });
    expect((await ask()).response).toMatchObject({ errors: [{ code: "conflictTaskUUID" }] });
    expect((await ask()).response).toMatchObject({ data: [{ taskUUID }] });
  },

  async balanceShape() {
    const ask = { taskType: "accountManagement", operation: "getDetails" };
    const balance = async () =>
      only(items(await post(emulator, [{ ...ask, taskUUID: randomUUID() }]))).balance;
    expect(await balance()).toBe(20);
    faults.inject({ name: "balanceShape" });
    expect(await balance()).toEqual({ amount: 20, freeBalance: 0, currency: "USD" });
    faults.inject({ name: "balanceShape", shape: "text" });
    expect(await balance()).toBe("20");
    faults.inject({ name: "balanceShape", shape: "missing" });
    expect(await balance()).toBeUndefined();
  },
};

test.each(Object.entries(observations))("%s", async (_, observe) => {
  await observe();
});
