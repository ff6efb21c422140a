/** Behaviours 35 to 42: pictures and what is said about them. */
import sharp from "sharp";
import { expect } from "vitest";
import { impatient } from "../world.ts";
import type { Row } from "./row.ts";

const sync = { recipe: { deliveryMethod: "sync" } } as const;
const paid = { isOpen: true, code: "provider" } as const;

/** The picture came in spite of failed downloads, without anything being made again. */
const onceMade: NonNullable<Row["also"]> = (_, { ledger }) => {
  expect(ledger.accepted()).toHaveLength(1);
  expect(ledger.undelivered()).toEqual([]);
};

const forBothAlphabets = ["whitespace", "dataPrefix", "urlSafe", "unpadded"] as const;

export const outputRows: readonly Row[] = [
  ...[404, 403, 502].flatMap((status): Row[] => [
    {
      number: 35,
      plays: `the picture's address answers ${status} at first`,
      faults: [{ name: "imageStatus", status, when: { times: 3 } }],
      told: "all is there",
      also: onceMade,
    },
    {
      number: 35,
      plays: `the picture's address answers ${status} for ever`,
      faults: [{ name: "imageStatus", status, when: { times: 99 } }],
      told: {
        ...paid,
        says: new RegExp(`hero\\.png.*address answers ${status}.*One result was charged.*Task`),
      },
      also: ({ unsettled }) => expect(unsettled[0]?.received).toHaveLength(1),
    },
  ]),
  ...(["empty", "zeros", "html", "truncated"] as const).flatMap((kind): Row[] => [
    {
      number: 36,
      plays: `${kind} in place of the picture, once`,
      faults: [{ name: "imageBytes", kind }],
      told: "all is there",
      also: onceMade,
    },
    {
      number: 36,
      plays: `${kind} in place of the picture, for ever`,
      faults: [{ name: "imageBytes", kind, when: { times: 99 } }],
      told: { ...paid, says: /no complete picture/ },
    },
  ]),
  ...(["reset", "close", "stall"] as const).map(
    (how): Row => ({
      number: 36,
      plays: `the download ends early by ${how}`,
      faults: [{ name: "imageLost", how }],
      changes: { parts: impatient },
      told: "all is there",
      also: onceMade,
    }),
  ),
  ...(["more", "less", "missing"] as const).map(
    (declared): Row => ({
      number: 36,
      plays: `a Content-Length that is ${declared}`,
      faults: [{ name: "imageLength", declared }],
      changes: { parts: impatient },
      told: "all is there",
      also: onceMade,
    }),
  ),
  ...(["JPG", "PNG", "WEBP"] as const).flatMap((format) =>
    (["URL", "base64Data", "dataURI"] as const).map(
      (outputType): Row => ({
        number: 36,
        plays: `${format} by ${outputType}, whatever was asked for`,
        faults: [{ name: "otherFormat", format }],
        changes: { recipe: { outputType }, task: { outputFormat: format === "PNG" ? "JPG" : "PNG" } },
        told: "all is there",
        also: ({ results }) => expect(results.map((result) => result.format)).toEqual([format]),
      }),
    ),
  ),
  ...(
    ["otherHost", "http", "privateAddress", "metadataService", "file", "credentials", "invalid"] as const
  ).map(
    (kind): Row => ({
      number: 37,
      plays: `an address that is ${kind}`,
      faults: [{ name: "imageAddress", kind }],
      told: { ...paid, says: /hero\.png.*picture's address is.*One result was charged/ },
      also: ({ failure }, { ledger }) => {
        expect(ledger.requests().filter(({ method }) => method === "GET")).toEqual([]);
        expect(failure?.message).not.toContain("secret");
      },
    }),
  ),
  {
    number: 37,
    plays: "the server's other name",
    faults: [{ name: "imageUnderOtherName" }],
    told: { ...paid, says: /not Runware's/ },
  },
  {
    number: 37,
    plays: "a picture that redirects",
    faults: [{ name: "imageRedirect", when: { times: 99 } }],
    told: { ...paid, says: /address answers 302/ },
  },
  ...forBothAlphabets.map(
    (shape): Row => ({
      number: 38,
      plays: `Base64 with ${shape}`,
      faults: [{ name: "base64Shape", shape }],
      changes: { recipe: { outputType: "base64Data", deliveryMethod: "sync" } },
      told: "all is there",
    }),
  ),
  ...(["broken", "empty"] as const).map(
    (shape): Row => ({
      number: 38,
      plays: `Base64 that is ${shape}`,
      faults: [{ name: "base64Shape", shape }],
      changes: { recipe: { outputType: "base64Data" } },
      told: { ...paid, says: /hero\.png.*(damaged|without its picture).*One result was charged/ },
    }),
  ),
  {
    number: 38,
    plays: "a poll of 50 MB",
    faults: [{ name: "hugeBody", when: { taskType: "getResponse" } }],
    told: "all is there",
  },
  {
    number: 38,
    plays: "an acknowledgement of 50 MB",
    faults: [{ name: "hugeBody", when: { taskType: "imageInference" } }],
    told: "all is there",
  },
  {
    number: 38,
    plays: "a picture of 50 MB in the reply",
    faults: [{ name: "hugeBase64" }],
    changes: { recipe: { outputType: "base64Data" } },
    told: { ...paid, says: /larger than any picture/ },
  },
  {
    number: 39,
    plays: "a result that is flagged",
    faults: [{ name: "flagged" }],
    told: "all is there",
    also: ({ results }) => expect(results[0]?.flagged).toBe(true),
  },
  {
    number: 39,
    plays: "a result that is flagged and withheld",
    faults: [{ name: "flagged", withPicture: false }],
    told: { code: "safety", says: /hero\.png.*flagged as unsafe.*One result was charged/, isOpen: true },
  },
  {
    number: 39,
    plays: "a check that finds nothing",
    changes: { recipe: { "safety.checkContent": true } },
    told: "all is there",
    also: ({ results }) => expect(results[0]?.flagged).toBe(false),
  },
  ...(["null", "zero", "absent", "text"] as const).map(
    (shape): Row => ({
      number: 40,
      plays: `a cost that is ${shape}`,
      faults: [{ name: "costShape", shape }],
      told: "all is there",
      also: ({ results }) => {
        const cost = { null: null, zero: 0, absent: null, text: 0.06 }[shape];
        expect(results[0]?.cost).toBe(cost);
      },
    }),
  ),
  ...([{}, sync] as const).map(
    (changes): Row => ({
      number: 41,
      plays: `a seed beyond 2^53${"recipe" in changes ? ", synchronously" : ""}`,
      faults: [{ name: "bigSeed" }],
      changes,
      told: "all is there",
      also: ({ results, journal }) => {
        expect(results[0]?.seed).toBe("5120148993590679312");
        expect(journal).toContain('"5120148993590679312"');
      },
    }),
  ),
  {
    number: 42,
    plays: "another size",
    faults: [{ name: "otherSize" }],
    told: "all is there",
    also: async ({ results }) => {
      expect(await sharp(results[0]?.bytes).metadata()).toMatchObject({ width: 640, height: 448 });
    },
  },
];
