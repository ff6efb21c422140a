import type { IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { UploadAction } from "../faults/effect.ts";

/** Larger bodies are nobody's honest request. */
const maxBytes = 150_000_000;

/**
 * Receives the body of `request`, slowly or not to its end where `actions` say so.
 *
 * @returns undefined where the connection was broken off
 */
export async function readBody(
  request: IncomingMessage,
  actions: readonly UploadAction[],
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      for (const action of actions) {
        const isOn = await act(action, request, chunk.length, length);
        if (!isOn) {
          return undefined;
        }
      }
      if (length > maxBytes) {
        request.socket.destroy();
        return undefined;
      }
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

/** @returns whether to go on */
async function act(
  action: UploadAction,
  { socket }: IncomingMessage,
  chunk: number,
  length: number,
): Promise<boolean> {
  if (action.kind === "slow") {
    await pause((chunk / action.bytesPerSecond) * 1000);
    return true;
  }
  if (action.kind === "refuse" || length < action.after) {
    return true;
  }
  if (action.how === "stall") {
    // Nobody reads on, and nobody hangs up: the loop ends when the client or the server closes the connection.
    socket.pause();
    await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  } else if (action.how === "reset") {
    socket.resetAndDestroy();
  } else {
    socket.destroy();
  }
  return false;
}
