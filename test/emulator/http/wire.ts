import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Json, writeJson } from "../json.ts";

/** How a connection ends too early: with an RST, with a FIN, or not at all while nothing more comes. */
export type Ending = "reset" | "close" | "stall";

/** An HTTP reply, possibly one that goes wrong on its way. */
export interface WholeReply {
  readonly kind: "whole";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether a client that gets all of it has got what the body holds. */
  readonly delivers: boolean;
  /** Ends after so many bytes of the body, which its header announces completely. */
  readonly cut?: { readonly after: number; readonly how: Ending };
  /** A Content-Length that is not true, or null for none at all. */
  readonly declaredLength?: number | null;
  /** Sends the body slowly. */
  readonly bytesPerSecond?: number;
}

export type WireReply =
  | WholeReply
  /** No reply. */
  | { readonly kind: "nothing"; readonly how: Ending }
  /** Something that is not HTTP. */
  | { readonly kind: "notHttp"; readonly text: string };

export function jsonReply(status: number, body: Json): WholeReply {
  return {
    kind: "whole",
    status,
    headers: { "content-type": "application/json" },
    body: Buffer.from(writeJson(body)),
    delivers: true,
  };
}

/** An error page as edge servers and captive portals send them. */
export function htmlReply(status: number, title: string, headers: Record<string, string> = {}): WholeReply {
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return {
    kind: "whole",
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: Buffer.from(page),
    delivers: false,
  };
}

/**
 * Sends `reply`. `onDelivered` is called when all but its last byte has gone out, so that whoever has received all
 * of it finds the delivery in the ledger.
 */
export async function send(
  reply: WireReply,
  response: ServerResponse,
  onDelivered: () => void,
): Promise<void> {
  switch (reply.kind) {
    case "nothing":
      end(response, reply.how);
      return;
    case "notHttp":
      response.socket?.end(reply.text);
      return;
    case "whole":
      await sendWhole(reply, response, onDelivered);
  }
}

async function sendWhole(
  reply: WholeReply,
  response: ServerResponse,
  onDelivered: () => void,
): Promise<void> {
  const { status, headers, body, cut, bytesPerSecond, delivers } = reply;
  const length = reply.declaredLength === undefined ? body.length : reply.declaredLength;
  const isTrue = length === body.length;
  response.writeHead(status, {
    ...headers,
    ...(length === null ? {} : { "content-length": length }),
    ...(isTrue ? {} : { connection: "close" }),
  });
  if (cut !== undefined) {
    response.flushHeaders();
    await write(response, body.subarray(0, Math.min(cut.after, body.length - 1)), bytesPerSecond);
    end(response, cut.how);
    return;
  }
  const last = Math.max(0, body.length - 1);
  const isOut = await write(response, body.subarray(0, last), bytesPerSecond);
  if (isOut && delivers) {
    onDelivered();
  }
  const { socket } = response;
  response.end(body.subarray(last), () => isTrue || socket?.end());
}

/** @returns whether `bytes` went out */
async function write(
  response: ServerResponse,
  bytes: Uint8Array,
  bytesPerSecond: number | undefined,
): Promise<boolean> {
  const step = bytesPerSecond === undefined ? bytes.length : Math.max(1, Math.round(bytesPerSecond / 20));
  for (let at = 0; at < bytes.length; at += step) {
    const isOut = await writeChunk(response, bytes.subarray(at, at + step));
    if (!isOut) {
      return false;
    }
    if (bytesPerSecond !== undefined) {
      await pause(50);
    }
  }
  return true;
}

function writeChunk(response: ServerResponse, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = (): void => resolve(false);
    response.once("close", gone);
    response.write(bytes, (error) => {
      response.off("close", gone);
      resolve(error === undefined || error === null);
    });
  });
}

function end(response: ServerResponse, how: Ending): void {
  if (how === "reset") {
    response.socket?.resetAndDestroy();
  } else if (how === "close") {
    response.socket?.destroy();
  }
}
