/** Faults in the JSON of replies. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Envelope } from "../api/envelope.ts";
import { field, isList, isObject, type JsonObject, textField } from "../json.ts";
import { fault, hasTask, type Subject } from "./effect.ts";

/** Changes each item of a reply's data. */
function onData(change: (item: JsonObject, index: number) => JsonObject): (envelope: Envelope) => Envelope {
  return (envelope) => ({ ...envelope, data: envelope.data.map(change) });
}

function has(status: string): (subject: Subject) => boolean {
  return ({ envelope }) =>
    envelope === undefined || envelope.data.some((item) => field(item, "status") === status);
}

function hasErrors({ envelope }: Subject): boolean {
  return (envelope?.errors.length ?? 0) > 0;
}

export const replyFaults = {
  dataShape: fault({
    about: "`data` is a single object, empty, null or missing.",
    plays: [3],
    parameters: { shape: z.enum(["object", "empty", "null", "missing"]).default("object") },
    effect: ({ shape }) => ({
      shape: (body) => {
        const { data, ...others } = body;
        const [first] = isList(data) ? data : [];
        switch (shape) {
          case "object":
            return { ...others, data: first ?? {} };
          case "empty":
            return { ...others, data: [] };
          case "null":
            return { ...others, data: null };
          case "missing":
            return others;
        }
      },
    }),
  }),

  errorsShape: fault({
    about: "`errors` is an object, or `error` stands in its place, or empty data stands beside it.",
    plays: [3],
    parameters: {
      shape: z.enum(["singular", "object", "singularText", "emptyData", "legacy"]).default("singular"),
    },
    effect: ({ shape }) => ({
      applies: hasErrors,
      shape: ({ errors, ...others }) => {
        const [first] = isList(errors) ? errors : [];
        const error = isObject(first) ? first : {};
        switch (shape) {
          case "singular":
            return { ...others, error, taskUUID: field(error, "taskUUID") };
          case "object":
            return { ...others, errors: error };
          case "singularText":
            return { ...others, error: field(error, "message") };
          case "emptyData":
            return { ...others, data: [], errors };
          case "legacy":
            // errorId and errorMessage: the fields of older replies.
            return {
              ...others,
              errors: [
                { errorId: 19, errorMessage: field(error, "message"), taskUUID: field(error, "taskUUID") },
              ],
            };
        }
      },
    }),
  }),

  dataAndErrors: fault({
    about: "An error for the same task stands beside its results.",
    plays: [2],
    parameters: { code: z.string().default("inferenceError") },
    effect: ({ code }) => ({
      reply: (envelope, { tasks }) => ({
        ...envelope,
        errors: [
          ...envelope.errors,
          { code, message: "One image failed.", taskUUID: tasks[0] && textField(tasks[0], "taskUUID") },
        ],
      }),
    }),
  }),

  strangers: fault({
    about: "Results and errors of tasks that were not asked for.",
    plays: [6],
    parameters: { results: z.int().min(0).default(1), errors: z.int().min(0).default(1) },
    effect: ({ results, errors }) => ({
      reply: (envelope) => {
        const stranger = (): JsonObject => ({ taskType: "imageInference", taskUUID: randomUUID() });
        const result = (): JsonObject => ({
          ...stranger(),
          imageUUID: randomUUID(),
          imageURL: "https://im.runware.ai/image/stranger.jpg",
          status: "success",
          cost: 0.06,
        });
        const error = (): JsonObject => ({ ...stranger(), code: "inferenceError", message: "Not yours." });
        return {
          ...envelope,
          data: [...Array.from({ length: results }, result), ...envelope.data],
          errors: [...Array.from({ length: errors }, error), ...envelope.errors],
        };
      },
    }),
  }),

  unknownFields: fault({
    about: "Items have fields that nobody has heard of.",
    plays: [7],
    effect: () => ({ reply: onData((item) => ({ ...item, novelty: { level: 3 }, $extra: [null] })) }),
  }),

  namelessResults: fault({
    about: "Results have no `imageUUID`.",
    plays: [26],
    effect: () => ({ reply: onData(({ imageUUID: _, ...item }) => item) }),
  }),

  acknowledgementShape: fault({
    about: "The acknowledgement of an asynchronous task is an empty list, or has a status.",
    plays: [24],
    parameters: { shape: z.enum(["empty", "processing"]).default("empty") },
    taskType: "imageInference",
    effect: ({ shape }) => ({
      applies: (subject) => hasTask(subject, "deliveryMethod", "async"),
      reply: (envelope) =>
        shape === "empty"
          ? { ...envelope, data: [] }
          : onData((item) => ({ ...item, status: "processing" }))(envelope),
    }),
  }),

  emptyPolls: fault({
    about: "Polls for a task that is known bring an empty list.",
    plays: [25],
    taskType: "getResponse",
    effect: () => ({ reply: (envelope) => ({ ...envelope, data: [], errors: [] }) }),
  }),

  endlessProcessing: fault({
    about: "Polls never say anything but `processing`, although the work is done and charged.",
    plays: [28],
    lasting: true,
    taskType: "getResponse",
    effect: () => ({ reply: processing("processing") }),
  }),

  unknownStatus: fault({
    about: "Polls show a status outside the documented three.",
    plays: [29],
    parameters: { status: z.string().default("queued") },
    taskType: "getResponse",
    effect: ({ status }) => ({ reply: processing(status) }),
  }),

  withoutStatus: fault({
    about: "Items of polls have no status, like those of a synchronous reply.",
    plays: [26],
    taskType: "getResponse",
    lasting: true,
    effect: () => ({ reply: onData(({ status: _, ...item }) => item) }),
  }),

  repeatedItems: fault({
    about: "A poll brings each result several times.",
    plays: [27],
    parameters: { times: z.int().min(2).default(2) },
    taskType: "getResponse",
    effect: ({ times }) => ({
      applies: has("success"),
      reply: (envelope) => ({
        ...envelope,
        data: Array.from({ length: times }, () => envelope.data).flat(),
      }),
    }),
  }),

  reversedItems: fault({
    about: "A poll brings the results in another order.",
    plays: [27],
    taskType: "getResponse",
    effect: () => ({ reply: (envelope) => ({ ...envelope, data: envelope.data.toReversed() }) }),
  }),

  progressShape: fault({
    about: "`progress` is missing, stuck, goes backwards or is out of range.",
    plays: [32],
    parameters: { shape: z.enum(["missing", "stuck", "backwards", "absurd"]).default("backwards") },
    lasting: true,
    taskType: "getResponse",
    effect: ({ shape }) => {
      let backwards = 90;
      const values = {
        missing: () => undefined,
        stuck: () => 50,
        absurd: () => 1200,
        backwards: () => (backwards -= 10),
      };
      return {
        applies: has("processing"),
        reply: onData((item) =>
          field(item, "status") === "processing" ? { ...item, progress: values[shape]() } : item,
        ),
      };
    },
  }),

  replyTaskType: fault({
    about: "Items of polls say `getResponse` where the samples have the original task's type.",
    plays: [27],
    lasting: true,
    taskType: "getResponse",
    effect: () => ({ reply: onData((item) => ({ ...item, taskType: "getResponse" })) }),
  }),

  detailsShape: fault({
    about: "getTaskDetails knows of no response, or of the refusal of a replay.",
    plays: [33],
    parameters: { shape: z.enum(["null", "replay"]).default("null") },
    taskType: "getTaskDetails",
    effect: ({ shape }) => ({
      reply: onData((item) => ({
        ...item,
        response:
          shape === "null"
            ? null
            : {
                errors: [
                  {
                    code: "conflictTaskUUID",
                    message: "Already submitted.",
                    taskUUID: field(item, "taskUUID"),
                  },
                ],
              },
      })),
    }),
  }),

  balanceShape: fault({
    about: "The balance is an object, text or missing.",
    plays: [13],
    parameters: { shape: z.enum(["object", "text", "missing"]).default("object") },
    taskType: "accountManagement",
    effect: ({ shape }) => ({
      reply: onData(({ balance, ...item }) => {
        switch (shape) {
          case "object":
            return { ...item, balance: { amount: balance, freeBalance: 0, currency: "USD" } };
          case "text":
            return { ...item, balance: String(balance) };
          case "missing":
            return item;
        }
      }),
    }),
  }),
};

/** All items as if their work were still going on. */
function processing(status: string): (envelope: Envelope) => Envelope {
  return ({ data }) => ({
    status: 200,
    data: data.map(({ taskType, taskUUID }) => ({ taskType, taskUUID, status })),
    errors: [],
  });
}
