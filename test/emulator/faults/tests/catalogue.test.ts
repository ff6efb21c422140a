import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator } from "../../startEmulator.ts";
import { infer, inference, post, submit } from "../../testing/client.ts";
import { behaviours, builtIn, clientSide } from "../behaviours.ts";
import { catalogue } from "../catalogue.ts";
import type { Injection } from "../faultBox.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const { faults } = emulator;

describe("the catalogue", () => {
  const played = new Set([...Object.values(catalogue).flatMap(({ plays }) => [...plays]), ...builtIn.keys()]);

  test("plays every behaviour that a server can cause", () => {
    const missing = [...behaviours].filter(([number]) => !played.has(number) && !clientSide.has(number));
    expect(behaviours.size).toBe(55);
    expect(missing).toEqual([]);
  });

  test("plays none that happens on the client's machine", () => {
    expect([...clientSide.keys()].filter((number) => played.has(number))).toEqual([]);
  });

  test("names only behaviours that there are", () => {
    expect([...played].filter((number) => !behaviours.has(number))).toEqual([]);
  });
});

describe("a fault is played", () => {
  async function statuses(count: number): Promise<number[]> {
    const seen: number[] = [];
    for (let index = 0; index < count; index++) {
      seen.push((await post(emulator, [{ taskType: "ping", ping: true }])).status);
    }
    return seen;
  }

  test("once, at once", async () => {
    const fault = faults.inject({ name: "rateLimited" });
    expect(await statuses(3)).toEqual([429, 200, 200]);
    expect(fault.played).toBe(1);
  });

  test("from the nth time on, so many times", async () => {
    faults.inject({ name: "rateLimited", when: { nth: 2, times: 2 } });
    expect(await statuses(5)).toEqual([200, 429, 429, 200, 200]);
  });

  test("for one task type, or one task", async () => {
    faults.inject({ name: "rateLimited", when: { taskType: "imageInference" } });
    expect(await statuses(1)).toEqual([200]);
    expect((await infer(emulator)).status).toBe(429);
    const task = inference();
    faults.inject({ name: "rateLimited", when: { taskUUID: task.taskUUID } });
    expect((await infer(emulator)).status).toBe(200);
    expect((await post(emulator, [task])).status).toBe(429);
  });

  test("by chance, and the same chances again for the same seed", async () => {
    const storm = { name: "serverError", when: { probability: 0.5, seed: 7 } } as const;
    faults.inject(storm);
    const first = await statuses(40);
    faults.clear();
    faults.inject(storm);
    expect(await statuses(40)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    faults.clear();
    faults.inject({ ...storm, when: { ...storm.when, seed: 8 } });
    expect(await statuses(40)).not.toEqual(first);
  });

  test("until it is taken away", async () => {
    const fault = faults.inject({ name: "refusedKey" });
    expect(await statuses(3)).toEqual([401, 401, 401]);
    fault.remove();
    expect(await statuses(1)).toEqual([200]);
  });

  test("together with others", async () => {
    faults.inject({ name: "bigSeed", when: { times: 1 } });
    faults.inject({ name: "costShape", shape: "zero" });
    const { text } = await infer(emulator);
    expect(text).toContain('"seed":5120148993590679312');
    expect(text).toContain('"cost":0}');
    expect(emulator.ledger.requests()[0]?.faults).toEqual(["bigSeed", "costShape"]);
  });
});

test("what is injected wrongly is refused at once", async () => {
  const wrong: unknown[] = [
    { name: "nonsense" },
    { name: "rateLimited", retries: 3 },
    { name: "htmlPage", status: "502" },
    { name: "htmlPage", when: { often: true } },
    { name: "someFail", failures: 0 },
  ];
  for (const injection of wrong) {
    expect(() => faults.inject(injection as Injection)).toThrow();
  }
  await submit(emulator);
  expect(emulator.ledger.requests()[0]?.status).toBe(200);
});
