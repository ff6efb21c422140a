/** A client as bare as can be, for the emulator's own tests. */
import { randomUUID } from "node:crypto";
import sharp from "sharp";
import type { Json, JsonObject } from "../json.ts";
import type { Emulator } from "../startEmulator.ts";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly json: Body;
}

/** The fields of a reply that tests look at. */
export interface Body {
  readonly data?: readonly Item[];
  readonly errors?: readonly ErrorItem[];
}

export interface Item {
  readonly taskType: string;
  readonly taskUUID: string;
  readonly imageUUID: string;
  readonly imageURL: string;
  readonly imageBase64Data: string;
  readonly imageDataURI: string;
  readonly status?: string;
  readonly mediaUUID: string;
  readonly mediaURL: string;
  readonly connectionSessionUUID: string;
  readonly seed: number;
  readonly cost?: number;
  readonly progress?: number;
  readonly NSFWContent?: boolean;
  readonly error?: ErrorItem;
  readonly response?: unknown;
  readonly balance?: unknown;
}

export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly parameter?: string | readonly string[];
  readonly taskUUID?: string;
  readonly responseContent?: string;
}

/** A small picture with something to recognise: left half orange, right half blue. */
export async function picture(format: "png" | "jpeg" | "webp" = "png"): Promise<Buffer> {
  const half = await sharp({ create: { width: 48, height: 64, channels: 3, background: "#2050c0" } })
    .png()
    .toBuffer();
  return await sharp({ create: { width: 96, height: 64, channels: 3, background: "#e08020" } })
    .composite([{ input: half, left: 48, top: 0 }])
    .toFormat(format)
    .toBuffer();
}

const reference = (await picture()).toString("base64");

/** A valid task, with `changes`; undefined takes a field away. */
export function inference(changes: JsonObject = {}): JsonObject & { readonly taskUUID: string } {
  return {
    taskType: "imageInference",
    taskUUID: randomUUID(),
    model: "ideogram:1@2",
    positivePrompt: "a tin of tea",
    width: 1536,
    height: 512,
    inputs: { referenceImages: [reference] },
    includeCost: true,
    ...changes,
  };
}

/** Posts `body` with the good key; `headers` are added. */
export async function post(
  emulator: Emulator,
  body: Json | string,
  headers: Record<string, string> = { authorization: `Bearer ${emulator.key}` },
): Promise<Answer> {
  const response = await fetch(emulator.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/** Sends one inference and takes what comes. */
export async function infer(emulator: Emulator, changes: JsonObject = {}): Promise<Answer> {
  return await post(emulator, [inference(changes)]);
}

/** Polls once. */
export async function poll(emulator: Emulator, taskUUID: string): Promise<Answer> {
  return await post(emulator, [{ taskType: "getResponse", taskUUID }]);
}

/** Sends an asynchronous inference. @returns its UUID */
export async function submit(emulator: Emulator, changes: JsonObject = {}): Promise<string> {
  const task = inference({ deliveryMethod: "async", ...changes });
  await post(emulator, [task]);
  return task.taskUUID;
}

/** The items of a reply; none where it has no list. */
export function items({ json }: Answer): readonly Item[] {
  return Array.isArray(json.data) ? json.data : [];
}

/** The codes of a reply's errors. */
export function codes({ json }: Answer): readonly string[] {
  return Array.isArray(json.errors) ? json.errors.map(({ code }) => code) : [];
}

/** The only item of a list. */
export function only<Element>(list: readonly Element[]): Element {
  const [first] = list;
  if (first === undefined || list.length !== 1) {
    throw new Error(`One element was expected, not ${list.length}.`);
  }
  return first;
}
