import type { IncomingMessage, ServerResponse } from "node:http";
import type { Backend } from "../api/backend.ts";
import type { RequestEntry } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import { apiPath, serveApi } from "./apiRoute.ts";
import { controlPath, serveControl } from "./controlRoute.ts";
import { serveImage } from "./imageRoute.ts";
import { htmlReply, jsonReply, send } from "./wire.ts";

/** Answers any HTTP request. */
export async function route(
  request: IncomingMessage,
  response: ServerResponse,
  backend: Backend,
  reset: () => void,
): Promise<void> {
  const path = request.url ?? "/";
  if (path.startsWith(controlPath)) {
    await serveControl(request, response, backend, reset);
    return;
  }
  const entry = addEntry(request, "http", backend);
  const { pathname } = new URL(path, "http://127.0.0.1");
  if (pathname.startsWith("/image/") || pathname.startsWith("/media-storage/")) {
    await serveImage(request, response, entry, backend);
  } else if (pathname.startsWith("/elsewhere/")) {
    const key = request.headers.authorization === undefined ? "without" : "with";
    const detail = `${request.method} ${pathname} ${key} authorization`;
    backend.ledger.addViolation({ kind: "redirectFollowed", request: entry.number, detail });
    await finish(200, () => jsonReply(200, { data: [] }));
  } else if (pathname !== apiPath) {
    await finish(404, () => htmlReply(404, "404 Not Found"));
  } else if (request.method !== "POST") {
    const { error } = refuse("methodNotAllowed", "Only POST is supported.");
    await finish(405, () => jsonReply(405, { errors: [error] }));
  } else {
    await serveApi(request, response, entry, backend);
  }

  async function finish(status: number, reply: () => ReturnType<typeof htmlReply>): Promise<void> {
    request.resume();
    entry.status = status;
    await send(reply(), response, () => {});
  }
}

/** Begins the entry of a request in the ledger. */
export function addEntry(
  { method, url, headers }: IncomingMessage,
  channel: RequestEntry["channel"],
  { ledger, account }: Backend,
): RequestEntry {
  const { authorization, ...others } = headers;
  const entry = ledger.addRequest({
    channel,
    method: method ?? "",
    path: url ?? "",
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)])),
    authorization: authorization === undefined ? "none" : "wrong",
    tasks: [],
    bodyBytes: 0,
  });
  if ([...account.keys].some((key) => entry.path.includes(key))) {
    ledger.addViolation({ kind: "keyInAddress", request: entry.number, detail: "The address holds a key." });
  }
  return entry;
}
