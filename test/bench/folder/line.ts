/**
 * A line of limited speed: a TCP proxy that lets so many bits a second through each way, all connections together, in
 * turns. `node line.ts MEGABITS`; the first message names the port that it leads to.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod/mini";

const bytesPerMillisecond = (Number(process.argv[2] ?? "20") * 1e6) / 8 / 1000;
/** Bytes that go at once: what a line of 20 Mbit/s takes in 3 ms. */
const piece = 8 * 1024;

/** Milliseconds for which a busy machine may come late without the line losing speed. */
const lag = 100;

/** One direction. Pieces go in the order in which they ask. */
class Way {
  #free = performance.now();

  /** Resolves when `bytes` are through. */
  async pass(bytes: number): Promise<void> {
    const now = performance.now();
    this.#free = Math.max(this.#free, now - lag) + bytes / bytesPerMillisecond;
    const wait = this.#free - now;
    // Timers are no finer than a millisecond; what goes too early here is made up for by the next.
    if (wait >= 2) {
      await pause(wait);
    }
  }
}

const up = new Way();
const down = new Way();

async function carry(from: Socket, to: Socket, way: Way): Promise<void> {
  for await (const chunk of from as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; at += piece) {
      const part = chunk.subarray(at, at + piece);
      await way.pass(part.length);
      if (!to.write(part)) {
        await once(to, "drain");
      }
    }
  }
  to.end();
}

let target = 0;
const server = createServer({ noDelay: true }, (client) => {
  const service = connect({ port: target, host: "127.0.0.1", noDelay: true });
  for (const [from, to, way] of [
    [client, service, up],
    [service, client, down],
  ] as const) {
    // Whoever hangs up takes the other along.
    carry(from, to, way).catch(() => to.destroy());
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = z.object({ port: z.number() }).parse(server.address());
process.on("message", (message) => {
  target = z.object({ port: z.number() }).parse(message).port;
});
process.send?.(address);
