import { once } from "node:events";
import { afterAll, beforeEach, expect, test } from "vitest";
import WebSocket from "ws";
import { startEmulator } from "./startEmulator.ts";
import { type Body, inference } from "./testing/client.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

/** A connection whose messages can be waited for one by one. */
class Connection {
  readonly #socket: WebSocket;
  readonly #messages: Body[] = [];
  #wake: () => void = () => {};

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.on("message", (data) => {
      this.#messages.push(JSON.parse(String(data)) as Body);
      this.#wake();
    });
  }

  async say(...tasks: object[]): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      await once(this.#socket, "open");
    }
    this.#socket.send(JSON.stringify(tasks));
  }

  async hear(): Promise<Body> {
    while (this.#messages.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#messages.shift() ?? {};
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }
}

async function connect(url = emulator.webSocketUrl, session: object = {}) {
  const connection = new Connection(url);
  await connection.say({ taskType: "authentication", apiKey: emulator.key, ...session });
  const [item] = (await connection.hear()).data ?? [];
  return { connection, connectionSessionUUID: item?.connectionSessionUUID ?? "" };
}

test("the key comes first", async () => {
  const connection = new Connection(emulator.webSocketUrl);
  await connection.say({ taskType: "ping", ping: true });
  expect(await connection.hear()).toMatchObject({ errors: [{ code: "missingAuthentication" }] });
  await connection.say({ taskType: "authentication", apiKey: "wrong" });
  expect(await connection.hear()).toMatchObject({ errors: [{ code: "invalidApiKey" }] });
  await connection.say({ taskType: "authentication", apiKey: emulator.key });
  expect(await connection.hear()).toMatchObject({ data: [{ taskType: "authentication" }] });
  await connection.say({ taskType: "ping", ping: true });
  expect(await connection.hear()).toEqual({ data: [{ taskType: "ping", pong: true }] });
  await connection.close();
});

test("each result is pushed by itself", async () => {
  const { connection } = await connect();
  const task = inference({ numberResults: 3 });
  await connection.say(task);
  const replies = [await connection.hear(), await connection.hear(), await connection.hear()];
  expect(replies.map(({ data }) => data?.map(({ taskUUID }) => taskUUID))).toEqual([
    [task.taskUUID],
    [task.taskUUID],
    [task.taskUUID],
  ]);
  expect(new Set(replies.map(({ data }) => data?.[0]?.imageUUID)).size).toBe(3);
  await connection.say(task);
  expect(await connection.hear()).toMatchObject({ errors: [{ code: "conflictTaskUUID" }] });
  expect(emulator.ledger.charged()).toHaveLength(3);
  await connection.close();
});

test("asynchronous tasks are acknowledged and polled", async () => {
  const { connection } = await connect();
  const task = inference({ deliveryMethod: "async" });
  await connection.say(task);
  expect((await connection.hear()).data).toEqual([{ taskType: "imageInference", taskUUID: task.taskUUID }]);
  await connection.say({ taskType: "getResponse", taskUUID: task.taskUUID });
  expect((await connection.hear()).data).toMatchObject([{ status: "success" }]);
  await connection.close();
});

test("mistakes come as errors", async () => {
  const { connection } = await connect();
  await connection.say(inference({ seed: 1 }));
  expect(await connection.hear()).toMatchObject({
    errors: [{ code: "unsupportedParameter", parameter: "seed" }],
  });
  await connection.close();
});

test("what was missed is sent once the session is back", async () => {
  const { connection, connectionSessionUUID } = await connect();
  emulator.faults.inject({ name: "flagged" });
  const task = inference();
  await connection.say(task);
  await connection.close();
  await expect.poll(() => emulator.ledger.charged().length).toBe(1);
  await emulator.settled();
  const { connection: next } = await connect(emulator.webSocketUrl, { connectionSessionUUID });
  expect((await next.hear()).data).toMatchObject([{ taskUUID: task.taskUUID, NSFWContent: true }]);
  await next.close();
});

test("a dry run is asked for in the address", async () => {
  const { connection } = await connect(`${emulator.webSocketUrl}?dryRun=1`);
  await connection.say(inference());
  expect((await connection.hear()).data).toMatchObject([{ cost: 0.06 }]);
  expect(emulator.ledger.accepted()).toEqual([]);
  await connection.close();
});

test("silent connections are closed", async () => {
  const impatient = await startEmulator({ webSocketIdleSeconds: 0.01 });
  const socket = new WebSocket(impatient.webSocketUrl);
  const [code] = await once(socket, "close");
  expect(code).toBe(1000);
  await impatient.close();
});
