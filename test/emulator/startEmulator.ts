import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Account } from "./api/account.ts";
import type { Backend } from "./api/backend.ts";
import { listPrice } from "./api/inferenceRules.ts";
import { MediaStore } from "./api/media.ts";
import { TaskBook } from "./api/taskBook.ts";
import { Clock } from "./clock.ts";
import { drawTinted } from "./drawing/tint.ts";
import { FaultBox } from "./faults/faultBox.ts";
import { apiPath } from "./http/apiRoute.ts";
import { selfSigned } from "./http/certificate.ts";
import { route } from "./http/route.ts";
import { Ledger } from "./ledger.ts";
import { defaultKey, type EmulatorOptions } from "./options.ts";
import { Pending } from "./pending.ts";
import { WebSocketApi } from "./webSocket.ts";

/** A running server that plays the Runware API. */
export interface Emulator {
  /** Address of the API, as it belongs into the setting `imageRemix.runware.endpoint`. */
  readonly url: string;
  /** Address of the server without a path. */
  readonly origin: string;
  /** Address of the WebSocket API. */
  readonly webSocketUrl: string;
  /** The certificate, where the server has one. */
  readonly certificate: string | undefined;
  /** A key that is good. */
  readonly key: string;
  readonly ledger: Ledger;
  readonly faults: FaultBox;
  readonly clock: Clock;
  /** Balance and good keys, to be changed at will. */
  readonly account: Account;
  /** Resolves once no work and no call to a webhook is going on. */
  settled(): Promise<void>;
  /** Forgets everything that happened: tasks, pictures, ledger, faults. */
  reset(): void;
  /** Stops listening and drops every connection, as if the cable were pulled. Work goes on. */
  goOffline(): Promise<void>;
  /** Listens again at the same address. */
  goOnline(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on the loopback interface, and nowhere else. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const keys = options.keys ?? [defaultKey];
  let era = new AbortController();
  let port = options.port ?? 0;
  const tls = options.tls === true ? selfSigned() : undefined;
  const origin = (): string => `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  const { price } = options;
  const backend: Backend = {
    origin: () => options.publicOrigin ?? origin(),
    clock: new Clock(),
    ledger: new Ledger(),
    media: new MediaStore(),
    book: new TaskBook(),
    account: new Account(options.balance ?? 20, keys),
    faults: new FaultBox(),
    pending: new Pending(),
    draw: options.draw ?? drawTinted,
    priceOf: (model, speed) => (typeof price === "number" ? price : (price?.[speed] ?? listPrice(model))),
    secondsPerImage: options.secondsPerImage ?? 0,
    progressSteps: options.progressSteps ?? 0,
    inspection: options.inspection ?? "pixels",
    get closing() {
      return era.signal;
    },
  };
  const webSockets = new WebSocketApi(backend, options.webSocketIdleSeconds ?? 120);
  const listener: RequestListener = (request, response) => {
    route(request, response, backend, reset).catch((error: unknown) => {
      backend.ledger.addViolation({ kind: "serverError", request: 0, detail: String(error) });
      response.destroy();
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on("upgrade", (request, socket, head) => webSockets.upgrade(request, socket, head));
  await listen();

  function reset(): void {
    era.abort();
    era = new AbortController();
    for (const part of [backend.ledger, backend.media, backend.book, backend.faults]) {
      part.clear();
    }
    backend.account.reset();
    backend.clock.reset();
  }

  async function listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
    port = (server.address() as AddressInfo).port;
  }

  async function stopListening(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    webSockets.disconnect();
    server.closeAllConnections();
    await closed;
  }

  return {
    url: origin() + apiPath,
    origin: origin(),
    webSocketUrl: origin().replace("http", "ws") + apiPath,
    certificate: tls?.cert,
    key: keys[0] ?? "",
    ledger: backend.ledger,
    faults: backend.faults,
    clock: backend.clock,
    account: backend.account,
    settled: () => backend.pending.idle(),
    reset,
    goOffline: stopListening,
    goOnline: listen,
    close: async () => {
      era.abort();
      await stopListening();
      await backend.pending.idle();
    },
  };
}
