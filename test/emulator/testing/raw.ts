/** HTTP over a bare socket, for what well-behaved clients hide. */
import { connect } from "node:net";
import type { Emulator } from "../startEmulator.ts";

/** Everything that came until the connection was closed, and the error that ended it. */
export interface RawAnswer {
  readonly text: string;
  /** `ECONNRESET` and the like; undefined where it was closed in good order. */
  readonly error: string | undefined;
}

/** Posts `body` and reads until the server hangs up. */
export async function rawPost(emulator: Emulator, body: string): Promise<RawAnswer> {
  const head = [
    "POST /v1 HTTP/1.1",
    "Host: 127.0.0.1",
    "Connection: close",
    "Content-Type: application/json",
    `Authorization: Bearer ${emulator.key}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return await exchange(emulator, `${head.join("\r\n")}\r\n\r\n${body}`);
}

export async function rawGet(emulator: Emulator, address: string): Promise<RawAnswer> {
  const { pathname, host } = new URL(address);
  return await exchange(emulator, `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
}

async function exchange(emulator: Emulator, request: string): Promise<RawAnswer> {
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
  let text = "";
  let error: string | undefined;
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  socket.on("error", (problem: NodeJS.ErrnoException) => {
    error = problem.code;
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(request);
  await closed;
  return { text, error };
}
