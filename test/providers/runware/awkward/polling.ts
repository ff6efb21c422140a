/** Behaviours 24 to 34: asynchronous results. */
import { expect } from "vitest";
import type { Changes } from "../world.ts";
import { polls, type Row, submissions } from "./row.ts";

const four = { recipe: { numberResults: 4 } } as const;
const poll = "getResponse";

/** Stops after the first request that is noted in the log. */
function stopAfter(request: string): Changes {
  const stop = new AbortController();
  const note = (message: string): void => {
    if (message.startsWith(request)) {
      stop.abort();
    }
  };
  return { signal: stop.signal, parts: { log: { debug: note, info: note, warn: note } } };
}

export const pollingRows: readonly Row[] = [
  ...(["empty", "processing"] as const).map(
    (shape): Row => ({
      number: 24,
      plays: `an acknowledgement that is ${shape}`,
      faults: [{ name: "acknowledgementShape", shape }],
      told: "all is there",
      also: (_, emulator) => expect(submissions(emulator)).toBe(1),
    }),
  ),
  {
    number: 25,
    plays: "polls that bring nothing at first",
    faults: [{ name: "emptyPolls", when: { taskType: poll, times: 5 } }],
    changes: four,
    told: "all is there",
    also: (_, emulator) => expect(polls(emulator)).toBe(6),
  },
  ...(["empty", "processing", "taskNotFound"] as const).map(
    (shape): Row => ({
      number: 25,
      plays: `polls that bring ${shape} for ever`,
      faults: [{ name: "conflictWithoutTask", polls: shape }],
      told: { code: "timeout", says: /did not finish in time.*may still be charged/, isOpen: true },
    }),
  ),
  {
    number: 26,
    plays: "pictures without a status",
    faults: [{ name: "withoutStatus" }],
    server: { progressSteps: 1 },
    changes: four,
    told: "all is there",
  },
  {
    number: 26,
    plays: "a success without a picture",
    faults: [{ name: "successWithoutPicture" }],
    told: {
      code: "provider",
      says: /hero\.png.*without its picture.*One result was charged.*Task/,
      isOpen: true,
    },
  },
  {
    number: 27,
    plays: "results several times, in another order, under another task type",
    faults: [
      { name: "repeatedItems", times: 3, when: { taskType: poll, times: 9 } },
      { name: "reversedItems", when: { taskType: poll, times: 9 } },
      { name: "replyTaskType" },
    ],
    server: { progressSteps: 1 },
    changes: four,
    told: "all is there",
  },
  ...(["data", "errors"] as const).map(
    (standIn): Row => ({
      number: 28,
      plays: `three of four, with an error in ${standIn}`,
      faults: [{ name: "someFail", standIn }],
      changes: four,
      told: {
        code: "provider",
        says: /3 of 4 results of hero\.png were saved.*could not be generated/,
        results: 3,
      },
    }),
  ),
  {
    number: 28,
    plays: "three of four, and then nothing for ever",
    faults: [{ name: "stopsShort", after: 3 }],
    changes: four,
    told: { code: "timeout", says: /3 of 4 results.*did not finish in time/, results: 3, isOpen: true },
    also: (_, emulator) => expect(polls(emulator)).toBeLessThan(45),
  },
  {
    number: 28,
    plays: "more results than were asked for",
    faults: [{ name: "extraResults", count: 2 }],
    told: "all is there",
    also: ({ results }) => expect(results).toHaveLength(3),
  },
  {
    number: 28,
    plays: "nothing but `processing`, although all is done",
    faults: [{ name: "endlessProcessing" }],
    changes: four,
    told: "all is there",
    also: (_, { ledger }) => expect(ledger.requests("getTaskDetails")).toHaveLength(1),
  },
  ...["queued", "pending", "SUCCESS?"].map(
    (status): Row => ({
      number: 29,
      plays: `the status ${status}`,
      faults: [{ name: "unknownStatus", status, when: { taskType: poll, times: 3 } }],
      told: "all is there",
    }),
  ),
  {
    number: 30,
    plays: "polls that fail with 429, 500, 503 and web pages",
    faults: [
      { name: "rateLimited", retryAfter: "30", when: { taskType: poll } },
      { name: "serverError", when: { taskType: poll, nth: 2 } },
      { name: "serverError", status: 503, code: "serviceUnavailable", when: { taskType: poll, nth: 3 } },
      { name: "htmlPage", when: { taskType: poll, nth: 4 } },
      { name: "refusedKey", when: { taskType: poll, nth: 5, times: 2 } },
    ],
    told: "all is there",
    also: ({ clock }) => expect(Math.max(...clock.slept)).toBeGreaterThan(20_000),
  },
  {
    number: 30,
    plays: "a key that is revoked after the submission",
    faults: [{ name: "refusedKey", when: { taskType: poll } }],
    told: {
      code: "authentication",
      says: /not known what became of hero\.png.*API key.*may still be charged/,
      isOpen: true,
    },
    also: (_, emulator) => expect(polls(emulator)).toBe(3),
  },
  {
    number: 31,
    plays: "an error after three successes, one after the other",
    faults: [{ name: "someFail", code: "providerError" }],
    server: { progressSteps: 2 },
    changes: four,
    told: { code: "provider", says: /3 of 4 results/, results: 3 },
  },
  {
    number: 31,
    plays: "all of them fail",
    faults: [{ name: "someFail", failures: 4 }],
    changes: four,
    told: { code: "provider", says: /hero\.png was not remixed.*could not be generated.*Try again/ },
  },
  ...(["missing", "stuck", "backwards", "absurd"] as const).map(
    (shape): Row => ({
      number: 32,
      plays: `progress that is ${shape}`,
      faults: [{ name: "progressShape", shape }],
      server: { progressSteps: 3 },
      told: "all is there",
    }),
  ),
  ...(["null", "replay"] as const).map(
    (shape): Row => ({
      number: 33,
      plays: `getTaskDetails with ${shape}`,
      faults: [
        { name: "connectionLost", when: { taskType: "imageInference" } },
        { name: "emptyPolls", when: { taskType: poll, times: 3 } },
        { name: "detailsShape", shape },
      ],
      told: "all is there",
      also: (_, emulator) => expect(submissions(emulator)).toBe(shape === "null" ? 2 : 1),
    }),
  ),
  {
    number: 34,
    plays: "stopped while it is at work",
    changes: () => stopAfter("getResponse"),
    server: { progressSteps: 3 },
    told: {
      code: "abandoned",
      says: /Stopped waiting for hero\.png.*may still be charged.*Task/,
      isOpen: true,
    },
    also: ({ unsettled, taskUUID }, { ledger }) => {
      expect(unsettled).toMatchObject([{ taskUUID, isAccepted: true }]);
      expect(ledger.charged()).toHaveLength(1);
    },
  },
  {
    number: 34,
    plays: "stopped before it is sent",
    changes: { signal: AbortSignal.abort() },
    told: { code: "cancelled", says: /hero\.png was not sent.*Nothing was charged/ },
    also: (_, { ledger }) => expect(ledger.requests()).toEqual([]),
  },
];
