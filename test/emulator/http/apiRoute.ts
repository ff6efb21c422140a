import type { IncomingMessage, ServerResponse } from "node:http";
import { answerAll, refuseBody, refuseKey, tasksIn } from "../api/answer.ts";
import type { Answer, Backend } from "../api/backend.ts";
import { bodyOf, type Envelope, envelopeOf, picturesIn } from "../api/envelope.ts";
import type { Subject } from "../faults/effect.ts";
import { isList, type Json, type JsonObject, parseJson, textField } from "../json.ts";
import type { RequestEntry } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import { shortened } from "../shorten.ts";
import { readBody } from "./readBody.ts";
import { jsonReply, send, type WireReply } from "./wire.ts";

/** Path of the API; `https://api.runware.ai/v1` at Runware (https://runware.ai/docs/models-api/authentication). */
export const apiPath = "/v1";

/** Answers a request to the API. */
export async function serveApi(
  request: IncomingMessage,
  response: ServerResponse,
  entry: RequestEntry,
  backend: Backend,
): Promise<void> {
  const contentLength = Number(request.headers["content-length"] ?? 0);
  const uploading = backend.faults.due("upload", entry, { tasks: [], contentLength });
  const refusal = uploading.find((action) => action.kind === "refuse");
  if (refusal?.kind === "refuse") {
    request.resume();
    await reply(refusal.reply, undefined);
    return;
  }
  const bytes = await readBody(request, uploading);
  if (bytes === undefined) {
    return;
  }
  const body = parseJson(bytes.toString());
  const tasks = tasksIn(body) ?? [];
  note(entry, body, bytes.length);
  const origin = backend.origin();
  const subject: Subject = { tasks, inFlight: backend.book.inFlight, origin };
  const [instead] = backend.faults.due("request", entry, subject);
  if (instead !== undefined) {
    await reply(instead(subject), undefined);
    return;
  }
  const envelope = envelopeOf(await answer(request, body, entry, backend));
  const answered = changed(envelope, entry, { ...subject, envelope }, backend);
  const wire = backend.faults
    .due("wire", entry, subject)
    .reduce<WireReply>(
      (before, change) => change(before, subject),
      jsonReply(answered.status, answered.body),
    );
  await reply(wire, answered.body);

  async function reply(wire: WireReply, json: Json | undefined): Promise<void> {
    entry.status = wire.kind === "whole" ? wire.status : null;
    await send(wire, response, () => noteDeliveries(json ?? null, tasks, entry, backend));
  }
}

function note(entry: RequestEntry, body: Json | undefined, bodyBytes: number): void {
  const short = shortened(body ?? null);
  entry.tasks = isList(short) ? short : body === undefined ? [] : [short];
  entry.bodyBytes = bodyBytes;
}

/** Checks the request as a whole, then has its tasks answered. */
async function answer(
  { headers }: IncomingMessage,
  body: Json | undefined,
  entry: RequestEntry,
  backend: Backend,
): Promise<readonly Answer[]> {
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    const message = "The Content-Type must be application/json.";
    return [{ items: [], refusals: [refuse("invalidContentType", message)] }];
  }
  const tasks = tasksIn(body);
  const [, headerKey] = /^Bearer (.*)$/.exec(headers.authorization ?? "") ?? [];
  const refusal = refuseKey(headerKey, tasks ?? [], backend);
  const isMissing = refusal?.error.code === "missingApiKey";
  entry.authorization = refusal === undefined ? "valid" : isMissing ? "none" : "wrong";
  if (refusal !== undefined) {
    return [{ items: [], refusals: [refusal] }];
  }
  if (tasks === undefined) {
    return [refuseBody()];
  }
  const call = { entry, dryRun: headers["x-runware-dry-run"] === "1", push: undefined };
  return await answerAll(withoutAuthentication(tasks), call, backend);
}

/** The tasks that are left once the first has been used for the key. */
export function withoutAuthentication(tasks: readonly JsonObject[]): readonly JsonObject[] {
  const [first, ...others] = tasks;
  return first !== undefined && textField(first, "taskType") === "authentication" ? others : tasks;
}

/** The reply's status and JSON, once faults have had their way with it. */
export function changed(
  envelope: Envelope,
  entry: RequestEntry,
  subject: Subject,
  { faults }: Backend,
): { readonly status: number; readonly body: Json } {
  const altered = faults
    .due("reply", entry, subject)
    .reduce((before, change) => change(before, subject), envelope);
  const reshaping = faults.due("shape", entry, { ...subject, envelope: altered });
  const whole = bodyOf(altered);
  const body = reshaping.reduce<Json>((_, change) => change(whole, subject), whole);
  return { status: altered.status, body };
}

/** Notes which results have gone out in `body`. */
export function noteDeliveries(
  body: Json,
  tasks: readonly JsonObject[],
  entry: RequestEntry,
  { ledger, media }: Backend,
): void {
  const isPoll = tasks.some((task) => textField(task, "taskType") === "getResponse");
  for (const { taskUUID, imageUUID, bytes } of picturesIn(body)) {
    const medium = media.find(imageUUID);
    if (medium?.kind === "result") {
      const picture = bytes?.equals(medium.bytes) ?? false;
      const by = isPoll ? "poll" : "reply";
      ledger.addDelivery({ taskUUID, imageUUID, by, request: entry.number, picture });
    }
  }
}
