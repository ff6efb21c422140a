import * as z from "zod/mini";

/** Text, or nothing where anything else stands. */
const text = z.catch(z.optional(z.string()), undefined);

/** An error of the service. Fields vary: https://runware.ai/docs/platform/errors */
const apiError = z.object({
  code: text,
  message: text,
  /** The field at fault; a list where a rule is about several. */
  parameter: z.catch(z.optional(z.union([z.string(), z.array(z.string())])), undefined),
  taskUUID: text,
  status: text,
  /** What the company behind the model said. */
  responseContent: z.catch(z.optional(z.unknown()), undefined),
  /** The message in older replies. */
  errorMessage: text,
});

/** One error, in one shape. */
export interface ApiError {
  /** As the service wrote it; empty where there was none. */
  readonly code: string;
  readonly message: string;
  readonly parameters: readonly string[];
  /** The task it is about; undefined for the request as a whole. */
  readonly taskUUID: string | undefined;
  readonly responseContent: string;
}

const amount = z.union([z.number(), z.string()]);

const apiItem = z.object({
  taskType: text,
  taskUUID: text,
  /** `processing`, `success`, `error`, and whatever else turns up. */
  status: text,
  imageUUID: text,
  imageURL: text,
  imageBase64Data: text,
  imageDataURI: text,
  /** Digits: {@link parseReply} keeps them all. */
  seed: text,
  cost: z.catch(z.optional(z.nullable(amount)), undefined),
  NSFWContent: z.catch(z.optional(z.boolean()), undefined),
  error: z.optional(z.unknown()),
  mediaUUID: text,
  pong: z.optional(z.unknown()),
  balance: z.optional(z.unknown()),
  request: z.optional(z.unknown()),
  response: z.optional(z.unknown()),
});

/** One entry of a reply's `data`; what the service adds is dropped, what it writes wrongly counts as not there. */
export type ApiItem = z.infer<typeof apiItem>;

/** A reply of the service, whatever shape it came in. */
export interface Envelope {
  readonly items: readonly ApiItem[];
  readonly errors: readonly ApiError[];
  /** Whether there was a list (or an object) of data, if an empty one. */
  readonly hasData: boolean;
}

const body = z.object({
  data: z.optional(z.unknown()),
  errors: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  taskUUID: text,
});

/** Reads the JSON of a reply. @returns undefined for anything that is not a JSON object */
export function parseReply(json: string): Envelope | undefined {
  try {
    return readEnvelope(JSON.parse(withExactSeeds(json)));
  } catch {
    return undefined;
  }
}

/** Reads a reply that is parsed already, as `getTaskDetails` holds one. */
export function readEnvelope(value: unknown): Envelope | undefined {
  const parsed = body.safeParse(value);
  if (!parsed.success || Array.isArray(value)) {
    return undefined;
  }
  const { data, errors, error, taskUUID } = parsed.data;
  const items = list(data).flatMap((item) => {
    const read = apiItem.safeParse(item);
    return read.success ? [read.data] : [];
  });
  const written = [...list(errors), ...list(error)];
  return {
    items,
    errors: written.map((entry) => readError(entry, taskUUID)),
    hasData: typeof data === "object" && data !== null,
  };
}

/** The error inside an item whose status says that it failed. */
export function errorIn({ error, taskUUID }: ApiItem): ApiError {
  return readError(error, taskUUID);
}

function readError(value: unknown, outerUUID: string | undefined): ApiError {
  const read = apiError.safeParse(value);
  if (!read.success) {
    const message = typeof value === "string" ? value : "";
    return { code: "", message, parameters: [], taskUUID: outerUUID, responseContent: "" };
  }
  const { code, message, parameter, taskUUID, responseContent, errorMessage } = read.data;
  return {
    code: code ?? "",
    message: message ?? errorMessage ?? "",
    parameters: parameter === undefined ? [] : [parameter].flat(),
    taskUUID: taskUUID ?? outerUUID,
    responseContent: asText(responseContent),
  };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/** `data`, `errors` and `error` come as a list, a single object, text, null or not at all. */
function list(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/**
 * Writes the seeds in quotes: they go beyond 2^53, and `JSON.parse` would round them. Inside of a text the quote
 * before the colon would be escaped, so that no text is changed. A pattern is not let loose on the whole, which may
 * hold megabytes of a picture.
 */
function withExactSeeds(json: string): string {
  const seed = /"seed"\s*:\s*(-?\d+)(?=\s*[,}])/y;
  let written = "";
  let at = 0;
  for (let found = json.indexOf('"seed"'); found !== -1; found = json.indexOf('"seed"', found + 1)) {
    seed.lastIndex = found;
    const digits = seed.exec(json)?.[1];
    if (digits !== undefined) {
      written += `${json.slice(at, found)}"seed":"${digits}"`;
      at = seed.lastIndex;
    }
  }
  return at === 0 ? json : written + json.slice(at);
}

/** What an item says that it cost, in USD; null where it says nothing or nothing sensible. */
export function costOf({ cost }: ApiItem): number | null {
  const number = typeof cost === "string" && /^\d+(\.\d+)?$/.test(cost.trim()) ? Number(cost) : cost;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : null;
}
