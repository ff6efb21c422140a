import { writeJson } from "../json.ts";
import type { OutboundCall } from "../ledger.ts";
import type { Backend } from "./backend.ts";
import { isLoopback } from "./checks.ts";
import type { Job, JobResult } from "./job.ts";
import { mimeOf } from "./media.ts";

/**
 * Calls the webhook and the upload endpoint of a finished result. A webhook gets the flat result by POST
 * (https://runware.ai/docs/platform/webhooks), an upload endpoint the bytes by PUT
 * (https://runware.ai/docs/models/ideogram-1-0-remix). Only addresses of this machine are called, once; the
 * service tries webhooks again, how often is not documented.
 */
export function callOut(job: Job, result: JobResult, backend: Backend): void {
  const { webhookURL, uploadEndpoint } = job.task;
  if (webhookURL !== null) {
    const body = writeJson(job.itemOf(result));
    const call = send("webhook", webhookURL, { method: "POST", body, type: "application/json" });
    backend.pending.follow(call);
  }
  const medium = backend.media.find(result.imageUUID);
  if (uploadEndpoint !== null && medium !== undefined) {
    const { bytes: body, format } = medium;
    backend.pending.follow(send("upload", uploadEndpoint, { method: "PUT", body, type: mimeOf(format) }));
  }

  async function send(kind: OutboundCall["kind"], url: string, message: Message): Promise<void> {
    const { imageUUID } = result;
    const outcome = await request(url, message, backend.closing);
    backend.ledger.addOutbound({ kind, imageUUID, url, outcome });
    if (typeof outcome === "number" && outcome < 300) {
      const picture = kind === "upload" || job.task.outputType !== "URL";
      backend.ledger.addDelivery({
        taskUUID: job.task.taskUUID,
        imageUUID,
        by: kind,
        request: null,
        picture,
      });
    }
  }
}

interface Message {
  readonly method: "POST" | "PUT";
  readonly body: string | Uint8Array;
  readonly type: string;
}

async function request(
  url: string,
  { method, body, type }: Message,
  signal: AbortSignal,
): Promise<number | string> {
  if (!isLoopback(new URL(url).hostname)) {
    return "not called, since it is not on this machine";
  }
  try {
    const content = typeof body === "string" ? body : new Uint8Array(body);
    const headers = { "content-type": type };
    const response = await fetch(url, { method, headers, body: content, redirect: "manual", signal });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return `failed: ${String(error)}`;
  }
}
