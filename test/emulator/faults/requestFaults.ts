/** Faults of the connection and of what stands before the API: limits, proxies, edge servers. */
import { z } from "zod";
import { htmlReply, jsonReply, type WireReply } from "../http/wire.ts";
import { textField } from "../json.ts";
import { refuse } from "../refusal.ts";
import { type Effect, fault, foreign, hasTask, type Subject } from "./effect.ts";

/** Whether the task is done before its reply goes wrong. */
const work = z.enum(["none", "done"]);
const ending = z.enum(["reset", "close", "stall"]);

/** Plays `reply` instead of the API's, before or after the task was done. */
function instead(moment: z.infer<typeof work>, reply: (subject: Subject) => WireReply): Effect {
  return moment === "none" ? { request: reply } : { wire: (_, subject) => reply(subject) };
}

function errorReply(status: number, code: string, message: string, headers: Record<string, string> = {}) {
  const reply = jsonReply(status, { errors: [{ ...refuse(code, message).error }] });
  return { ...reply, delivers: false, headers: { ...reply.headers, ...headers } };
}

export const requestFaults = {
  rateLimited: fault({
    about: "429, with a Retry-After of any form or without one.",
    plays: [18, 30],
    parameters: {
      /** Taken as it is: seconds, an HTTP date, 0, negative, absurd, not a number. */
      retryAfter: z.string().optional(),
      code: z.string().default("rateLimitExceeded"),
      body: z.enum(["json", "html", "empty"]).default("json"),
    },
    effect: ({ retryAfter, code, body }) => {
      const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
      const replies = {
        json: errorReply(429, code, "Too many requests. Please slow down.", headers),
        html: htmlReply(429, "429 Too Many Requests", headers),
        empty: { ...htmlReply(429, "", headers), body: new Uint8Array() },
      };
      return { request: () => replies[body] };
    },
  }),

  concurrencyCap: fault({
    about: "429 for an inference while `limit` others are at work.",
    plays: [18],
    parameters: { limit: z.int().min(0), retryAfter: z.string().optional() },
    lasting: true,
    taskType: "imageInference",
    effect: ({ limit, retryAfter }) => ({
      applies: ({ inFlight }) => (inFlight ?? 0) >= limit,
      request: () =>
        errorReply(
          429,
          "inferenceRateLimitExceeded",
          "Too many concurrent requests.",
          retryAfter === undefined ? {} : { "retry-after": retryAfter },
        ),
    }),
  }),

  serverError: fault({
    about: "A 5xx with a JSON error.",
    plays: [30],
    parameters: {
      status: z.int().min(500).max(599).default(500),
      code: z.string().default("internalServerError"),
      work: work.default("none"),
    },
    effect: ({ status, code, work: moment }) =>
      instead(moment, () => errorReply(status, code, "Something went wrong.")),
  }),

  htmlPage: fault({
    about: "A page of an edge server or, with 200, of a captive portal.",
    plays: [14, 30],
    parameters: { status: z.int().min(200).max(599).default(502), work: work.default("none") },
    effect: ({ status, work: moment }) => instead(moment, () => htmlReply(status, `${status} from the edge`)),
  }),

  gatewayTimeout: fault({
    about: "504 or 524 in place of the reply to a task that was done.",
    plays: [15, 10, 34],
    parameters: {
      status: z.int().min(500).max(599).default(504),
      /** `task`: a JSON error that names the task. */
      body: z.enum(["html", "task"]).default("html"),
      work: work.default("done"),
    },
    effect: ({ status, body, work: moment }) =>
      instead(moment, ({ tasks }) => {
        const taskUUID = tasks[0] && textField(tasks[0], "taskUUID");
        const { error } = refuse("providerGatewayTimeout", "The request timed out.", { taskUUID });
        return body === "html"
          ? htmlReply(status, `${status} Gateway time-out`)
          : { ...jsonReply(status, { errors: [error] }), delivers: false };
      }),
  }),

  connectionLost: fault({
    about: "The connection breaks, or goes silent, in place of the reply or in its middle.",
    plays: [15, 16, 10],
    parameters: {
      moment: z.enum(["beforeWork", "afterWork", "duringReply"]).default("afterWork"),
      /** Bytes of the body that come through, where it happens during the reply. */
      after: z.int().min(0).default(20),
      how: ending.default("reset"),
    },
    effect: ({ moment, after, how }) => {
      if (moment === "duringReply") {
        return { wire: (reply) => (reply.kind === "whole" ? { ...reply, cut: { after, how } } : reply) };
      }
      return instead(moment === "beforeWork" ? "none" : "done", () => ({ kind: "nothing", how }));
    },
  }),

  idleCut: fault({
    about: "A proxy closes connections that wait for a synchronous result; the task is done.",
    plays: [19],
    lasting: true,
    taskType: "imageInference",
    effect: () => ({
      applies: (subject) => !hasTask(subject, "deliveryMethod", "async"),
      wire: () => ({ kind: "nothing", how: "close" }),
    }),
  }),

  truncatedJson: fault({
    about: "200 with JSON that ends in the middle, in a reply that is complete as HTTP.",
    plays: [16],
    parameters: { keep: z.int().min(0).default(25) },
    effect: ({ keep }) => ({
      wire: (reply) =>
        reply.kind === "whole" ? { ...reply, body: reply.body.subarray(0, keep), delivers: false } : reply,
    }),
  }),

  emptyBody: fault({
    about: "A status without a body.",
    plays: [14, 16],
    parameters: { status: z.int().min(200).max(599).default(200), work: work.default("done") },
    effect: ({ status, work: moment }) =>
      instead(moment, () => ({ ...htmlReply(status, ""), body: new Uint8Array() })),
  }),

  hugeBody: fault({
    about: "A valid reply that has grown to `bytes`.",
    plays: [38],
    parameters: { bytes: z.int().min(1).default(50_000_000) },
    effect: ({ bytes }) => ({
      shape: (body) => ({ ...body, padding: "x".repeat(bytes) }),
    }),
  }),

  notHttp: fault({
    about: "Something answers that does not speak HTTP.",
    plays: [20],
    effect: () => ({ request: () => ({ kind: "notHttp", text: "SSH-2.0-OpenSSH_9.9\r\n" }) }),
  }),

  proxyAuthentication: fault({
    about: "407 from a proxy that wants a password.",
    plays: [20],
    lasting: true,
    effect: () => ({
      request: () =>
        htmlReply(407, "407 Proxy Authentication Required", { "proxy-authenticate": 'Basic realm="proxy"' }),
    }),
  }),

  redirect: fault({
    about: "The API redirects elsewhere; whoever follows is in the ledger's violations.",
    plays: [21],
    parameters: {
      status: z.union([301, 302, 303, 307, 308].map((status) => z.literal(status))).default(307),
      /** By default an address of this server under another host name. */
      to: z.string().optional(),
    },
    effect: ({ status, to }) => ({
      request: ({ origin }) =>
        htmlReply(status, "Moved", { location: to ?? `${foreign(origin ?? "")}/elsewhere/v1` }),
    }),
  }),

  refusedKey: fault({
    about: "401 or 403, with JSON, HTML or nothing.",
    plays: [12, 30],
    parameters: {
      status: z.union([z.literal(401), z.literal(403)]).default(401),
      body: z.enum(["json", "html", "empty"]).default("json"),
      code: z.string().default("invalidApiKey"),
    },
    lasting: true,
    effect: ({ status, body, code }) => ({
      request: () => {
        switch (body) {
          case "json":
            return errorReply(status, code, "Invalid API key.");
          case "html":
            return htmlReply(status, `${status} Authorization Required`);
          case "empty":
            return { ...htmlReply(status, ""), body: new Uint8Array() };
        }
      },
    }),
  }),

  bodyTooLarge: fault({
    about: "413 for bodies above `limit` bytes, before they are read.",
    plays: [17],
    parameters: { limit: z.int().min(0) },
    lasting: true,
    effect: ({ limit }) => ({
      applies: ({ contentLength }) => (contentLength ?? 0) > limit,
      upload: { kind: "refuse", reply: htmlReply(413, "413 Request Entity Too Large") },
    }),
  }),

  lostDuringUpload: fault({
    about: "The connection breaks, or goes silent, once `after` bytes of the request's body have come in.",
    plays: [17],
    parameters: { after: z.int().min(0), how: ending.default("reset") },
    effect: ({ after, how }) => ({
      applies: ({ contentLength }) => (contentLength ?? 0) > after,
      upload: { kind: "break", after, how },
    }),
  }),

  slowUpload: fault({
    about: "The request's body is taken in slowly, as over a thin line.",
    plays: [17],
    parameters: { bytesPerSecond: z.int().min(1) },
    lasting: true,
    effect: ({ bytesPerSecond }) => ({ upload: { kind: "slow", bytesPerSecond } }),
  }),

  manyTasks: fault({
    about: "504 for bodies with `limit` tasks or more.",
    plays: [55],
    parameters: { limit: z.int().min(1).default(3) },
    lasting: true,
    effect: ({ limit }) => ({
      applies: ({ tasks }) => tasks.length >= limit,
      request: () => htmlReply(504, "504 Gateway time-out"),
    }),
  }),
};
