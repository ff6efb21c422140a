/** Faults in what becomes of an accepted inference, and in the items that tell of its results. */
import { z } from "zod";
import type { JobPlan, ResultPlan } from "../api/jobPlan.ts";
import { field, type JsonObject } from "../json.ts";
import { refuse } from "../refusal.ts";
import { type Effect, fault, foreign } from "./effect.ts";
import { bombPng } from "./imageFaults.ts";

/** Plays on every result of a task. */
function onResults(change: (result: ResultPlan) => void): Effect {
  return { job: (plan) => plan.results.forEach(change) };
}

/** Changes the items of a task's results, each time that they are written. */
function onItems(change: (item: JsonObject) => JsonObject): Effect {
  return onResults(({ retouch }) => retouch.push(change));
}

function without(item: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}

const addresses = {
  otherHost: "https://images.attacker.example/result.jpg",
  http: "http://im.runware.ai/image/result.jpg",
  privateAddress: "https://192.168.1.1/result.jpg",
  metadataService: "http://169.254.169.254/latest/meta-data/",
  file: "file:///etc/passwd",
  credentials: "https://user:secret@im.runware.ai/image/result.jpg",
  invalid: "//[not an address",
} as const;

export const resultFaults = {
  someFail: fault({
    about: "The last `failures` results fail, after their siblings have succeeded.",
    plays: [28, 31, 2],
    parameters: {
      failures: z.int().min(1).default(1),
      code: z.string().default("inferenceError"),
      message: z.string().default("The image could not be generated."),
      standIn: z.enum(["data", "errors"]).default("errors"),
    },
    effect: ({ failures, code, message, standIn }) => ({
      job: (plan: JobPlan) => {
        plan.errorsStandIn = standIn;
        for (const result of plan.results.slice(-failures)) {
          result.fate = "error";
          result.refusal = refuse(code, message);
        }
      },
    }),
  }),

  stopsShort: fault({
    about: "Only the first `after` results ever come; the others stay in the making.",
    plays: [28],
    parameters: { after: z.int().min(0).default(0) },
    effect: ({ after }) => ({
      job: (plan) => {
        for (const result of plan.results.slice(after)) {
          result.fate = "never";
        }
      },
    }),
  }),

  extraResults: fault({
    about: "More results come, and are charged, than were asked for.",
    plays: [28],
    parameters: { count: z.int().min(1).default(1) },
    effect: ({ count }) => ({
      job: ({ results }) => {
        const [model] = results;
        for (let more = 0; more < count && model !== undefined; more++) {
          results.push({ ...model, seed: model.seed + BigInt(more + 1), retouch: [...model.retouch] });
        }
      },
    }),
  }),

  flagged: fault({
    about: "A success is flagged as unsafe, with or without its picture.",
    plays: [39, 26],
    parameters: { withPicture: z.boolean().default(true) },
    effect: ({ withPicture }) =>
      onItems((item) => ({
        ...(withPicture ? item : without(item, "imageURL", "imageBase64Data", "imageDataURI")),
        NSFWContent: true,
      })),
  }),

  successWithoutPicture: fault({
    about: "A success has no field with a picture.",
    plays: [26],
    effect: () => onItems((item) => without(item, "imageURL", "imageBase64Data", "imageDataURI")),
  }),

  costShape: fault({
    about: "`cost` is null, 0, missing or text although it was asked for.",
    plays: [40],
    parameters: { shape: z.enum(["null", "zero", "absent", "text"]).default("null") },
    effect: ({ shape }) => {
      const costs = { null: null, zero: 0, absent: undefined, text: "0.06" };
      return onItems((item) => ({ ...item, cost: costs[shape] }));
    },
  }),

  bigSeed: fault({
    about: "Seeds beyond 2^53, with all their digits.",
    plays: [41],
    parameters: { seed: z.string().regex(/^\d+$/).default("5120148993590679312") },
    effect: ({ seed }) => ({
      job: ({ results }) => {
        for (const [index, result] of results.entries()) {
          result.seed = BigInt(seed) + BigInt(index);
        }
      },
    }),
  }),

  otherSize: fault({
    about: "Results have another size than was asked for.",
    plays: [42],
    parameters: {
      width: z.int().min(64).max(8192).default(640),
      height: z.int().min(64).max(8192).default(448),
    },
    effect: ({ width, height }) => onResults((result) => Object.assign(result, { width, height })),
  }),

  otherFormat: fault({
    about: "The bytes are of another format than was asked for and than the address says.",
    plays: [36],
    parameters: { format: z.enum(["JPG", "PNG", "WEBP"]).default("PNG") },
    effect: ({ format }) => onResults((result) => Object.assign(result, { outputFormat: format })),
  }),

  bomb: fault({
    about: "The result is a PNG of some hundred bytes that claims 60,000 × 60,000 pixels.",
    plays: [36, 42],
    effect: () => onResults((result) => Object.assign(result, { bytes: bombPng() })),
  }),

  imageAddress: fault({
    about: "The result's address is one that must not be fetched.",
    plays: [37],
    parameters: {
      kind: z
        .enum(Object.keys(addresses) as [keyof typeof addresses, ...(keyof typeof addresses)[]])
        .default("otherHost"),
      /** Instead of one of the kinds; `{origin}` stands for this server, `{foreign}` for its other name. */
      url: z.string().optional(),
    },
    effect: ({ kind, url }) =>
      onItems((item) => {
        const origin = URL.parse(String(field(item, "imageURL")))?.origin ?? "";
        const address = (url ?? addresses[kind])
          .replace("{origin}", origin)
          .replace("{foreign}", foreign(origin));
        return { ...item, imageURL: address };
      }),
  }),

  imageUnderOtherName: fault({
    about:
      "The result's address is right but for its host, another name of this server; fetching it is a violation.",
    plays: [37],
    effect: () =>
      onItems(({ imageURL, ...item }) =>
        imageURL === undefined ? item : { ...item, imageURL: foreign(String(imageURL)) },
      ),
  }),

  base64Shape: fault({
    about: "`imageBase64Data` has line breaks, a data: prefix or another alphabet, is broken or empty.",
    plays: [38],
    parameters: {
      shape: z
        .enum(["whitespace", "dataPrefix", "urlSafe", "unpadded", "broken", "empty"])
        .default("whitespace"),
    },
    effect: ({ shape }) =>
      onItems((item) => {
        const { imageBase64Data: data } = item;
        return typeof data === "string" ? { ...item, imageBase64Data: reshaped(data, shape) } : item;
      }),
  }),

  hugeBase64: fault({
    about: "`imageBase64Data` has grown to `bytes` characters.",
    plays: [38],
    parameters: { bytes: z.int().min(4).default(50_000_000) },
    effect: ({ bytes }) =>
      onItems((item) =>
        field(item, "imageBase64Data") === undefined
          ? item
          : { ...item, imageBase64Data: String(field(item, "imageBase64Data")).padEnd(bytes, "A") },
      ),
  }),
};

function reshaped(
  data: string,
  shape: "whitespace" | "dataPrefix" | "urlSafe" | "unpadded" | "broken" | "empty",
): string {
  switch (shape) {
    case "whitespace":
      return ` ${data.replaceAll(/(.{76})/g, "$1\r\n")}\n`;
    case "dataPrefix":
      return `data:image/jpeg;base64,${data}`;
    case "urlSafe":
      return data.replaceAll("+", "-").replaceAll("/", "_");
    case "unpadded":
      return data.replace(/=+$/, "");
    case "broken":
      return `${data.slice(0, 200)}*%$`;
    case "empty":
      return "";
  }
}
