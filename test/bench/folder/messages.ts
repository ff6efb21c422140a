/** What the processes of this bench say to each other. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import * as z from "zod/mini";

/** What a competitor has to do. */
export const assignment = z.object({
  /** Absolute paths of the pictures. Results belong beside them. */
  files: z.array(z.string()),
  /** Address of the API over HTTP. */
  endpoint: z.string(),
  webSocket: z.string(),
  key: z.string(),
  /** Tasks at the same time. */
  concurrency: z.number(),
  /** Absolute path of a folder of its own. */
  storage: z.string(),
});
export type Assignment = z.infer<typeof assignment>;

/** What a competitor measured of itself. Milliseconds and bytes. */
export const measured = z.object({
  wall: z.number(),
  /** Of the processor, all threads together. */
  cpu: z.number(),
  idleMemory: z.number(),
  /** Resident at the most, over what it was when idle. */
  peakMemory: z.number(),
  /** For how long the main thread came to nothing else, beyond the timer's own 5 ms. */
  blockP99: z.number(),
  blockMax: z.number(),
  saved: z.number(),
  failures: z.array(z.string()),
});
export type Measured = z.infer<typeof measured>;

/** Where the service is. */
export const place = z.object({
  endpoint: z.string(),
  webSocket: z.string(),
  key: z.string(),
  /** The port that it listens at itself, whatever lies before it. */
  own: z.number(),
});
export type Place = z.infer<typeof place>;

/** What the service saw. */
export const seen = z.object({
  charged: z.number(),
  boughtTwice: z.number(),
  /** Bytes of request bodies and messages. */
  received: z.number(),
  requests: z.number(),
});
export type Seen = z.infer<typeof seen>;

/** Starts another script of this folder. Its garbage collection can be called. */
export function start(script: string, args: readonly string[] = []): ChildProcess {
  return fork(script, [...args], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/**
 * The next message of a process.
 *
 * @throws Error when it ends without one
 */
export async function next<Schema extends z.ZodMiniType>(
  child: ChildProcess,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const gone = new AbortController();
  const ended = once(child, "exit", { signal: gone.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs[2]} ended with ${String(code)}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal: gone.signal }), ended]);
    return schema.parse(message);
  } finally {
    gone.abort();
    await ended.catch(() => undefined);
  }
}

/** Says something to the process that started this one. */
export function report(message: Measured | Place | Seen | { readonly ready: true }): void {
  process.send?.(message);
}
