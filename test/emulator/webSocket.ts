import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { answerAll, refuseBody, refuseKey, tasksIn } from "./api/answer.ts";
import type { Backend } from "./api/backend.ts";
import { envelopeOf } from "./api/envelope.ts";
import { apiPath, changed, noteDeliveries, withoutAuthentication } from "./http/apiRoute.ts";
import { addEntry } from "./http/route.ts";
import { isList, type Json, type JsonObject, parseJson, textField, writeJson } from "./json.ts";
import { refuse } from "./refusal.ts";
import { shortened } from "./shorten.ts";

/** A client over all its connections: what it missed while it was away is sent when it is back. */
interface Session {
  socket: WebSocket | undefined;
  readonly missed: (() => Promise<void>)[];
}

interface Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly dryRun: boolean;
  /** Undefined until the key has come. */
  session: Session | undefined;
}

/**
 * The dialogue of `wss://ws-api.runware.ai/v1`: the key first, then tasks; each result is pushed as soon as it is
 * there (https://runware.ai/docs/getting-started/how-to-connect). Faults of HTTP itself are not played here.
 */
export class WebSocketApi {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 150_000_000 });
  readonly #sessions = new Map<string, Session>();
  readonly #backend: Backend;
  readonly #idleSeconds: number;

  constructor(backend: Backend, idleSeconds: number) {
    this.#backend = backend;
    this.#idleSeconds = idleSeconds;
  }

  /** Takes over an HTTP connection that asks to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (pathname !== apiPath) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#converse(webSocket, request, searchParams.get("dryRun") === "1"),
    );
  }

  /** Drops every connection. */
  disconnect(): void {
    for (const client of this.#server.clients) {
      client.terminate();
    }
  }

  #converse(socket: WebSocket, request: IncomingMessage, dryRun: boolean): void {
    const connection: Connection = { socket, request, dryRun, session: undefined };
    const idle = setTimeout(() => socket.close(1000, "idle"), this.#idleSeconds * 1000);
    idle.unref();
    socket.on("close", () => {
      clearTimeout(idle);
      if (connection.session?.socket === socket) {
        connection.session.socket = undefined;
      }
    });
    // A client that breaks off is no failure of the server.
    socket.on("error", () => {});
    socket.on("message", (data) => {
      idle.refresh();
      this.#backend.pending.follow(this.#receive(String(data), connection));
    });
  }

  /** Answers one message. */
  async #receive(text: string, connection: Connection): Promise<void> {
    const entry = addEntry(connection.request, "webSocket", this.#backend);
    const body = parseJson(text);
    const short = shortened(body ?? null);
    entry.tasks = isList(short) ? short : [];
    entry.bodyBytes = Buffer.byteLength(text);
    const tasks = tasksIn(body);
    if (tasks === undefined) {
      await transmit(connection.socket, { errors: refuseBody().refusals.map(({ error }) => error) });
      return;
    }
    if (connection.session === undefined) {
      await this.#authenticate(tasks, connection);
    }
    const { session, dryRun } = connection;
    entry.authorization = session === undefined ? "wrong" : "valid";
    if (session !== undefined) {
      await this.#answer(withoutAuthentication(tasks), session, { entry, dryRun });
    }
  }

  async #authenticate(tasks: readonly JsonObject[], connection: Connection): Promise<void> {
    const { socket } = connection;
    const [first] = tasks;
    const isElement = first !== undefined && textField(first, "taskType") === "authentication";
    const refusal = isElement
      ? refuseKey(undefined, tasks, this.#backend)
      : refuse("missingAuthentication", "Authenticate first.");
    if (refusal !== undefined || first === undefined) {
      await transmit(socket, { errors: refusal === undefined ? [] : [refusal.error] });
      return;
    }
    const uuid = textField(first, "connectionSessionUUID") ?? randomUUID();
    const session = this.#sessions.get(uuid) ?? { socket, missed: [] };
    this.#sessions.set(uuid, session);
    session.socket = socket;
    connection.session = session;
    await transmit(socket, { data: [{ taskType: "authentication", connectionSessionUUID: uuid }] });
    for (const sendAgain of session.missed.splice(0)) {
      await sendAgain();
    }
  }

  async #answer(
    tasks: readonly JsonObject[],
    session: Session,
    about: { readonly entry: ReturnType<typeof addEntry>; readonly dryRun: boolean },
  ): Promise<void> {
    const { entry } = about;
    const push = (item: JsonObject): void => {
      this.#backend.pending.follow(deliver({ status: 200, data: [item], errors: [] }));
    };
    const deliver = async (envelope: ReturnType<typeof envelopeOf>): Promise<void> => {
      const subject = { tasks, envelope, origin: this.#backend.origin() };
      const { body } = changed(envelope, entry, subject, this.#backend);
      await this.#send(session, body, () => noteDeliveries(body, tasks, entry, this.#backend));
    };
    const envelope = envelopeOf(await answerAll(tasks, { ...about, push }, this.#backend));
    if (envelope.data.length > 0 || envelope.errors.length > 0) {
      await deliver(envelope);
    }
  }

  /** Sends now, or when the client is back. */
  async #send(session: Session, body: Json, onSent: () => void): Promise<void> {
    const { socket } = session;
    const isSent = socket !== undefined && (await transmit(socket, body));
    if (isSent) {
      onSent();
    } else {
      session.missed.push(() => this.#send(session, body, onSent));
    }
  }
}

/** @returns whether it went out */
function transmit(socket: WebSocket, body: Json): Promise<boolean> {
  return new Promise((resolve) => {
    socket.send(writeJson(body), (error) => resolve(error === undefined || error === null));
  });
}
