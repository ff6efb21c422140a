import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { startEmulator } from "../../startEmulator.ts";
import {
  codes,
  type ErrorItem,
  infer,
  inference,
  items,
  only,
  picture,
  poll,
  post,
} from "../../testing/client.ts";
import type { refusalFaults } from "../refusalFaults.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const { faults, ledger } = emulator;

/** The only error that an inference is refused with. */
async function refusal(changes = {}): Promise<ErrorItem & { readonly status: number }> {
  const answer = await infer(emulator, changes);
  return { status: answer.status, ...only(answer.json.errors ?? []) };
}

const observations: Record<keyof typeof refusalFaults, () => Promise<void>> = {
  async taskRefused() {
    faults.inject({ name: "taskRefused", code: "invalidWidth", parameter: "width", message: "No." });
    expect(await refusal()).toMatchObject({
      status: 400,
      code: "invalidWidth",
      parameter: "width",
      message: "No.",
    });
    faults.inject({ name: "taskRefused", code: "providerUnavailable", status: 418, withoutTask: true });
    const second = await refusal();
    expect(second.status).toBe(418);
    expect(second).not.toHaveProperty("taskUUID");
    expect(ledger.accepted()).toEqual([]);
  },

  async unknownCode() {
    faults.inject({ name: "unknownCode" });
    expect(await refusal()).toMatchObject({ status: 400, code: "zorkFailure" });
  },

  async onlyErrors200() {
    faults.inject({ name: "onlyErrors200" });
    const answer = await infer(emulator);
    expect(answer.status).toBe(200);
    expect(answer.json).not.toHaveProperty("data");
    expect(codes(answer)).toEqual(["invalidPositivePrompt"]);
  },

  async severalErrors() {
    faults.inject({ name: "severalErrors", count: 4 });
    expect(codes(await infer(emulator))).toHaveLength(4);
  },

  async listsInError() {
    faults.inject({ name: "listsInError" });
    expect(await refusal()).toMatchObject({ parameter: ["width", "height"], type: ["integer", "null"] });
  },

  async errorWithoutTask() {
    faults.inject({ name: "errorWithoutTask" });
    expect(await refusal()).not.toHaveProperty("taskUUID");
  },

  async moderation() {
    faults.inject({ name: "moderation" });
    const disguised = await refusal();
    expect(disguised).toMatchObject({
      code: "providerBadRequest",
      message: "The provider returned an error.",
    });
    expect(disguised.responseContent).toContain("safety");
    faults.inject({
      name: "moderation",
      code: "providerError",
      where: "message",
      html: true,
      length: 100_000,
    });
    const { message } = await refusal();
    expect(message).toMatch(/^<html>.*<script>/);
    expect(message).toHaveLength(100_000);
  },

  async timeoutProvider() {
    for (const status of [200, 400, 504]) {
      faults.inject({ name: "timeoutProvider", status });
      expect(await refusal()).toMatchObject({ status, code: "timeoutProvider" });
    }
    expect(ledger.accepted()).toHaveLength(0);
    faults.inject({ name: "timeoutProvider", work: "done" });
    expect(await refusal()).toMatchObject({ status: 400, code: "timeoutProvider" });
    expect(ledger.undelivered()).toHaveLength(1);
  },

  async conflictWithoutTask() {
    for (const polls of ["empty", "processing", "taskNotFound"] as const) {
      const fault = faults.inject({ name: "conflictWithoutTask", polls });
      const task = inference();
      expect(codes(await post(emulator, [task]))).toEqual(["conflictTaskUUID"]);
      const answer = await poll(emulator, task.taskUUID);
      expect([items(answer).map(({ status }) => status), codes(answer)]).toEqual([
        polls === "processing" ? ["processing"] : [],
        polls === "taskNotFound" ? ["taskNotFound"] : [],
      ]);
      fault.remove();
    }
    expect(ledger.accepted()).toEqual([]);
  },

  async insufficientCredits() {
    faults.inject({ name: "insufficientCredits", when: { nth: 2 } });
    const statuses = [];
    for (let count = 0; count < 3; count++) {
      statuses.push((await infer(emulator)).status);
    }
    expect(statuses).toEqual([200, 402, 200]);
  },

  async modelRetired() {
    for (const code of ["invalidModel", "modelNotFound", "modelDisabled"] as const) {
      const fault = faults.inject({ name: "modelRetired", code, model: "ideogram:1@2" });
      expect(await refusal()).toMatchObject({ code, parameter: "model" });
      expect((await infer(emulator, { model: "ideogram:3@2" })).status).toBe(200);
      fault.remove();
    }
  },

  async qualityRefused() {
    faults.inject({ name: "qualityRefused" });
    const speed = (renderingSpeed: string) => ({ providerSettings: { ideogram: { renderingSpeed } } });
    expect((await infer(emulator, speed("TURBO"))).status).toBe(200);
    expect(await refusal(speed("QUALITY"))).toMatchObject({ code: "invalidRenderingSpeed" });
  },

  async referenceRefused() {
    const media = (await picture()).toString("base64");
    const upload = { taskType: "mediaStorage", taskUUID: randomUUID(), operation: "upload", media };
    const { mediaUUID } = only(items(await post(emulator, [upload])));
    faults.inject({ name: "referenceRefused" });
    const inputs = { referenceImages: [mediaUUID] };
    expect(await refusal({ inputs })).toMatchObject({ code: "failedToTransferImage" });
    expect((await infer(emulator)).status).toBe(200);
  },

  async promptUnits() {
    faults.inject({ name: "promptUnits", units: "utf16" });
    expect((await infer(emulator, { positivePrompt: "🍵".repeat(1000) })).status).toBe(200);
    expect(await refusal({ positivePrompt: "🍵".repeat(1001) })).toMatchObject({
      parameter: "positivePrompt",
    });
  },
};

test.each(Object.entries(observations))("%s", async (_, observe) => {
  await observe();
});
