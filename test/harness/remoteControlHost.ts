/**
 * A helper extension for end-to-end tests: runs code in the extension host for who knows the key. It is written
 * into a test session's own folder of extensions, and never belongs to what people start or install.
 */
import { randomBytes } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import * as vscode from "vscode";
import type { ControlAddress, ControlReply, ControlRequest } from "./remoteControl.ts";

export function activate(context: vscode.ExtensionContext): void {
  const { REMOTE_CONTROL_FILE: file } = process.env;
  if (!file) {
    return;
  }
  const key = randomBytes(16).toString("hex");
  const server = createServer(async (request, response) => {
    if (request.headers["x-key"] !== key) {
      response.writeHead(403).end();
      return;
    }
    response.end(JSON.stringify(await answer(request)));
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") {
      const written: ControlAddress = { port: address.port, key, process: process.pid };
      // Renamed into place, since the test may read at any moment.
      writeFileSync(`${file}.new`, JSON.stringify(written));
      renameSync(`${file}.new`, file);
    }
  });
  context.subscriptions.push({ dispose: () => server.close() });
}

async function answer(request: IncomingMessage): Promise<ControlReply> {
  try {
    const { code, argument }: ControlRequest = JSON.parse(await text(request));
    const run: unknown = new Function(`return ${code}`)();
    if (typeof run !== "function") {
      throw new TypeError("not a function");
    }
    return { value: await run(vscode, argument) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
