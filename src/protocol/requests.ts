/**
 * What the page may ask of the extension. The page holds whatever a script in it makes of it, so each message is
 * parsed here; it names things by the ids it was told, never by path (dropped addresses excepted, which are only ever
 * opened for reading), and everything has a size limit.
 */
import * as z from "zod/mini";
import { longest } from "./limits.ts";
import { views } from "./snapshot.ts";

const id = z.string().check(z.minLength(1), z.maxLength(100));
const edit = z.int().check(z.minimum(1));
const value = z.union([
  z.string().check(z.maxLength(longest.text)),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().check(z.maxLength(longest.entry))).check(z.maxLength(longest.entries)),
]);

const address = z.string().check(z.maxLength(8192));

/** Requests that say nothing but their name. */
const plainRequests = [
  "ready",
  "addImages",
  "addAny",
  "clearSources",
  "remix",
  "saveAsPreset",
  "saveToWorkspace",
  "openSettings",
  "setApiKey",
  "cancelNotSent",
  "stopWaiting",
  "undo",
  "openRun",
] as const;

/** What can be done with one result. */
export const resultActions = [
  "keep",
  "discard",
  "restore",
  "replaceSource",
  "remixFurther",
  "remixAgain",
  "copyMarkdown",
  "reveal",
  "open",
  "showRecipe",
] as const;
export type ResultAction = (typeof resultActions)[number];

const request = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(plainRequests) }),
  z.strictObject({ type: z.literal("view"), view: z.enum(views) }),
  z.strictObject({ type: z.literal("edit"), edit, id, value }),
  z.strictObject({ type: z.literal("reset"), edit, id }),
  z.strictObject({ type: z.literal("preset"), edit, name: z.nullable(z.string().check(z.maxLength(200))) }),
  z.strictObject({ type: z.literal("pickImages"), id }),
  z.strictObject({ type: z.literal("openOrigin"), id }),
  z.strictObject({ type: z.literal("drop"), addresses: z.array(address).check(z.maxLength(1000)) }),
  z.strictObject({ type: z.literal("removeSource"), id }),
  z.strictObject({ type: z.literal("act"), subject: z.nullable(id), action: id }),
  z.strictObject({ type: z.literal("result"), id, action: z.enum(resultActions) }),
  z.strictObject({
    type: z.literal("results"),
    ids: z.array(id).check(z.maxLength(longest.results)),
    action: z.enum(["keep", "discard"]),
  }),
  z.strictObject({ type: z.literal("history"), id }),
  z.strictObject({ type: z.literal("problem"), text: z.string().check(z.maxLength(longest.text)) }),
]);

/** A message of the page. `act` is one of the actions that a snapshot offered beside a task, a notice or Remix. */
export type PanelRequest = z.infer<typeof request>;

/** @returns the request, or undefined for what is none */
export function parseRequest(message: unknown): PanelRequest | undefined {
  const parsed = request.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}

const typed = z.object({ type: z.string() });

/** Problems that a refusal spells out. */
const mostProblems = 5;

/**
 * Why a message is no request, for a log: its type where that is one of ours, and where the first problems lie with
 * zod's code of each. None of its values is in it, nor a name that the page made up: they can hold prompts and keys.
 */
export function refusalOf(message: unknown): string {
  const { error } = request.safeParse(message);
  const issues = error?.issues ?? [];
  const places = issues
    .slice(0, mostProblems)
    .map(({ path, code }) => `${path.length === 0 ? "message" : path.map(String).join(".")}: ${code}`);
  const rest = issues.length - places.length;
  // Which of ours it is was found out before anything else was looked at.
  const isOurs = !issues.some(
    ({ path, code }) => path[0] === "type" || (code === "invalid_type" && path.length === 0),
  );
  const { data } = typed.safeParse(message);
  return `${isOurs && data !== undefined ? `${data.type}: ` : ""}${places.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`;
}
