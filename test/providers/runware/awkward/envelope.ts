/** Behaviours 1 to 13: replies and errors. */
import { expect } from "vitest";
import { polls, type Row, submissions } from "./row.ts";

const sync = { recipe: { deliveryMethod: "sync" } } as const;
const two = { recipe: { numberResults: 2 } } as const;

export const envelopeRows: readonly Row[] = [
  {
    number: 1,
    plays: "200 with nothing but an error",
    faults: [{ name: "onlyErrors200" }],
    told: { code: "invalidRecipe", says: /hero\.png was not remixed: Runware refused/ },
    also: (_, emulator) => expect(submissions(emulator)).toBe(1),
  },
  {
    number: 1,
    plays: "several errors for one task",
    faults: [{ name: "severalErrors" }],
    told: { code: "invalidRecipe", says: /positivePrompt.*Problem 1 of 3\. Problem 2 of 3\./ },
    also: ({ failure }) => expect(failure?.parameter).toBe("positivePrompt"),
  },
  {
    number: 2,
    plays: "an error beside all results",
    faults: [{ name: "dataAndErrors" }],
    changes: { recipe: { numberResults: 2, deliveryMethod: "sync" } },
    told: "all is there",
  },
  {
    number: 2,
    plays: "an error beside some results of a synchronous reply",
    faults: [{ name: "someFail" }],
    changes: { recipe: { numberResults: 3, deliveryMethod: "sync" } },
    told: {
      code: "provider",
      says: /2 of 3 results of hero\.png were saved.*could not be generated/,
      results: 2,
    },
  },
  ...(["object", "empty", "null", "missing"] as const).flatMap((shape): Row[] => [
    {
      number: 3,
      plays: `acknowledgement whose data is ${shape}`,
      faults: [{ name: "dataShape", shape, when: { taskType: "imageInference" } }],
      told: "all is there",
    },
    {
      number: 3,
      plays: `poll whose data is ${shape}`,
      faults: [{ name: "dataShape", shape, when: { taskType: "getResponse" } }],
      told: "all is there",
    },
    {
      number: 3,
      plays: `results whose data is ${shape}`,
      faults: [{ name: "dataShape", shape }],
      changes: sync,
      told: "all is there",
    },
  ]),
  ...(["singular", "object", "singularText", "emptyData", "legacy"] as const).map((shape): Row => {
    const isCodeless = shape === "singularText" || shape === "legacy";
    return {
      number: 3,
      plays: `errors written as ${shape}`,
      faults: [{ name: "onlyErrors200" }, { name: "errorsShape", shape }].map((fault) => ({
        ...fault,
        ...(isCodeless ? { when: { taskType: "imageInference", times: 9 } } : {}),
      })) as NonNullable<Row["faults"]>,
      told: { code: isCodeless ? "unknown" : "invalidRecipe", says: /The task was refused/ },
    };
  }),
  {
    number: 4,
    plays: "lists of parameters and types",
    faults: [{ name: "listsInError" }],
    told: { code: "invalidRecipe", says: /refused size.*do not go together.*imageRemix\.size/ },
  },
  {
    number: 5,
    plays: "an error that names no task",
    faults: [{ name: "errorWithoutTask" }],
    told: { code: "invalidRecipe", says: /hero\.png.*The request was refused/ },
  },
  {
    number: 6,
    plays: "strangers beside the results",
    faults: [{ name: "strangers", when: { times: 9 } }],
    changes: two,
    told: "all is there",
  },
  {
    number: 6,
    plays: "strangers in a synchronous reply",
    faults: [{ name: "strangers" }],
    changes: sync,
    told: "all is there",
  },
  {
    number: 7,
    plays: "a code that nobody knows",
    faults: [{ name: "unknownCode", status: 400 }],
    told: { code: "unknown", says: /hero\.png.*zorkFailure.*Something odd.*See the log/ },
    also: (_, emulator) => expect(submissions(emulator)).toBe(1),
  },
  {
    number: 7,
    plays: "fields that nobody knows",
    faults: [{ name: "unknownFields", when: { times: 9 } }],
    told: "all is there",
  },
  ...(
    ["providerBadRequest", "providerError", "invalidProviderContent", "contentPolicyViolation"] as const
  ).map(
    (code): Row => ({
      number: 8,
      plays: `a refusal for content as ${code}`,
      faults: [{ name: "moderation", code, length: 30_000, html: true }],
      told: { code: "safety", says: /hero\.png.*rules on content.*Change the prompt or the picture/ },
      also: ({ failure }, emulator) => {
        expect(failure?.message).not.toContain("<");
        expect(failure?.message.length).toBeLessThan(500);
        expect(failure?.retryable).toBe(false);
        expect(submissions(emulator)).toBe(1);
      },
    }),
  ),
  ...([200, 400, 504] as const).flatMap((status): Row[] => [
    {
      number: 9,
      plays: `timeoutProvider with ${status}, nothing done`,
      faults: [{ name: "timeoutProvider", status }],
      told: "all is there",
      also: (_, emulator) => expect(submissions(emulator)).toBe(2),
    },
    {
      number: 9,
      plays: `timeoutProvider with ${status}, all done`,
      faults: [{ name: "timeoutProvider", status, work: "done" }],
      told: "all is there",
      also: (_, emulator) => expect(submissions(emulator)).toBe(1),
    },
  ]),
  {
    number: 10,
    plays: "conflictTaskUUID after a replay",
    faults: [
      { name: "connectionLost", moment: "afterWork", when: { taskType: "imageInference" } },
      { name: "emptyPolls", when: { times: 2, taskType: "getResponse" } },
      { name: "detailsShape", shape: "null" },
    ],
    told: "all is there",
    also: (_, emulator) => {
      expect(submissions(emulator)).toBe(2);
      expect(emulator.ledger.accepted()).toHaveLength(1);
    },
  },
  {
    number: 10,
    plays: "conflictTaskUUID for a task that never shows up",
    faults: [{ name: "conflictWithoutTask" }],
    told: {
      code: "timeout",
      says: /hero\.png.*did not finish in time.*may still be charged.*Task/,
      isOpen: true,
    },
    also: (_, emulator) => expect(submissions(emulator)).toBe(1),
  },
  {
    number: 11,
    plays: "402",
    faults: [{ name: "insufficientCredits" }],
    told: { code: "credit", says: /hero\.png.*credit.*my\.runware\.ai\/wallet/ },
    also: (_, emulator) => expect(submissions(emulator)).toBe(1),
  },
  {
    number: 11,
    plays: "an account that is empty",
    server: { balance: 0.01 },
    told: { code: "credit", says: /not enough credit/ },
  },
  ...([401, 403] as const).flatMap((status) =>
    (["json", "html", "empty"] as const).map(
      (body): Row => ({
        number: 12,
        plays: `${status} with ${body}`,
        faults: [{ name: "refusedKey", status, body }],
        told: {
          code: "authentication",
          says: new RegExp(`hero\\.png.*API key \\(${status}\\).*Set Runware API Key`),
        },
        also: (_, emulator) => expect(submissions(emulator)).toBe(1),
      }),
    ),
  ),
  {
    number: 12,
    plays: "a key with white space around it",
    changes: ({ key }) => ({ parts: { key: async () => ` ${key}\n` } }),
    told: "all is there",
  },
  {
    number: 12,
    plays: "a key with a line break in it",
    changes: ({ key }) => ({ parts: { key: async () => `${key}\n${key}` } }),
    told: { code: "authentication", says: /line breaks.*Set Runware API Key/ },
    also: (_, { ledger }) => expect(ledger.requests()).toEqual([]),
  },
  {
    number: 12,
    plays: "no key",
    changes: { parts: { key: async () => undefined } },
    told: { code: "authentication", says: /no Runware API key/ },
    also: (_, emulator) => expect(submissions(emulator) + polls(emulator)).toBe(0),
  },
];
