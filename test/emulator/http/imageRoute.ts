import type { IncomingMessage, ServerResponse } from "node:http";
import type { Backend } from "../api/backend.ts";
import { type Medium, mimeOf, uuidInPath } from "../api/media.ts";
import type { Subject } from "../faults/effect.ts";
import type { RequestEntry } from "../ledger.ts";
import { htmlReply, send, type WholeReply, type WireReply } from "./wire.ts";

/** Serves a result or an upload to whoever knows its address; a key has no business here. */
export async function serveImage(
  request: IncomingMessage,
  response: ServerResponse,
  entry: RequestEntry,
  backend: Backend,
): Promise<void> {
  const { ledger, media, clock, faults } = backend;
  if (request.headers.authorization !== undefined) {
    const detail = "The image host was sent a key.";
    ledger.addViolation({ kind: "authorizationSentToImageHost", request: entry.number, detail });
  }
  const origin = backend.origin();
  if (request.headers.host !== new URL(origin).host) {
    const detail = `Fetched from ${String(request.headers.host)}.`;
    ledger.addViolation({ kind: "fetchedFromForeignHost", request: entry.number, detail });
  }
  const medium = media.find(uuidInPath(entry.path) ?? "");
  if (medium === undefined || medium.expires <= clock.now()) {
    entry.status = 404;
    await send(htmlReply(404, "404 Not Found"), response, () => {});
    return;
  }
  const taskType = medium.kind === "result" ? "imageInference" : "mediaStorage";
  const subject: Subject = { tasks: [{ taskType, taskUUID: medium.taskUUID }], origin };
  const reply = faults
    .due("image", entry, subject)
    .reduce<WireReply>(
      (before, change) => (before.kind === "whole" ? change(before, subject) : before),
      served(medium),
    );
  entry.status = reply.kind === "whole" ? reply.status : null;
  await send(reply, response, () => {
    if (medium.kind === "result") {
      const { taskUUID, uuid: imageUUID } = medium;
      ledger.addDelivery({ taskUUID, imageUUID, by: "download", request: entry.number, picture: true });
    }
  });
}

function served({ bytes, format }: Medium): WholeReply {
  const headers = { "content-type": mimeOf(format), "cache-control": "public, max-age=604800" };
  return { kind: "whole", status: 200, headers, body: bytes, delivers: true };
}
