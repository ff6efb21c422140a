import { Endpoint, type Transport } from "../src/protocol/endpoint.ts";
import type { PanelRequest } from "../src/protocol/requests.ts";
import type { Snapshot } from "../src/protocol/snapshot.ts";

/** What VS Code gives a webview's scripts, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  function acquireVsCodeApi(): VsCodeApi;
}

export type Connection = Endpoint<PanelRequest, Snapshot>;

export function connect(api: VsCodeApi, receive: (snapshot: Snapshot) => void): Connection {
  const transport: Transport = {
    post: (message) => api.postMessage(message),
    listen(listener) {
      const onMessage = (event: MessageEvent<unknown>) => listener(event.data);
      window.addEventListener("message", onMessage);
      return () => window.removeEventListener("message", onMessage);
    },
  };
  return new Endpoint<PanelRequest, Snapshot>(transport, readSnapshot, receive);
}

/** The extension is trusted; what is told apart here are messages of something else. */
function readSnapshot(message: unknown): Snapshot | undefined {
  const isSnapshot =
    typeof message === "object" && message !== null && "type" in message && message.type === "snapshot";
  return isSnapshot ? (message as unknown as Snapshot) : undefined;
}
