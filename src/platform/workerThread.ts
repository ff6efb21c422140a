import { type Pool, Promise as PoolPromise, pool, TerminateError } from "workerpool";
import * as z from "zod/mini";
import { failureCodes, RemixFailure } from "../engine/failure.ts";

/** Functions that live in a worker. Arguments and results are structured-cloned. */
// Parameters are contravariant: every function can stand for one that takes `never[]`.
export type WorkerMethods = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** A thread that has not been needed for this long is ended: WebAssembly memory never shrinks otherwise. */
const idleMilliseconds = 60_000;

/** No picture within the limits takes nearly this long; a thread that does is stuck. */
const stuckMilliseconds = 120_000;

/** Without a limit of its own, a thread that runs out of memory takes the whole extension host with it. */
const usualHeap = 1024;

/** The fields of a failure that survive the way between threads. */
const thrown = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  retryable: z.optional(z.boolean()),
});

/**
 * A worker thread that starts with the first call, is replaced after a crash or a hang, and ends when idle. Calls
 * are run one after the other.
 */
export class WorkerThread<Methods extends WorkerMethods> {
  readonly #script: string;
  readonly #heapMegabytes: number;
  #pool: Pool | undefined;
  #idle: NodeJS.Timeout | undefined;
  #running = 0;

  /**
   * @param script absolute path of the worker's bundle, which calls `worker()` of workerpool
   * @param heapMegabytes what its JavaScript objects may take; pictures lie outside of that
   */
  constructor(script: string, { heapMegabytes = usualHeap }: { readonly heapMegabytes?: number } = {}) {
    this.#script = script;
    this.#heapMegabytes = heapMegabytes;
  }

  /**
   * Runs `method` in the thread. An abort ends the thread, with whatever it is doing.
   *
   * @param given an argument that the caller needs no more: it is moved instead of copied where it fills its buffer
   * @throws RemixFailure as the method threw it, or `timeout` after two minutes, or `unknown` after a crash; the
   *   message of a failure continues a sentence that starts with a file's name
   */
  async call<Name extends keyof Methods & string>(
    method: Name,
    args: Parameters<Methods[Name]>,
    signal: AbortSignal,
    given?: Uint8Array,
  ): Promise<Awaited<ReturnType<Methods[Name]>>> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    this.#pool ??= pool(this.#script, {
      workerType: "thread",
      maxWorkers: 1,
      workerTerminateTimeout: 0,
      workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes } },
    });
    const job = this.#pool.exec(method, args, { transfer: movable(given) }).timeout(stuckMilliseconds);
    // Returning the promise would make the signal report its rejection as nobody's.
    const cancel = () => void job.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    this.#running += 1;
    try {
      return (await job) as Awaited<ReturnType<Methods[Name]>>;
    } catch (error) {
      signal.throwIfAborted();
      throw asWorkerFailure(error);
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#running -= 1;
      if (this.#running === 0) {
        this.#idle = setTimeout(() => void this.end(), idleMilliseconds);
        this.#idle.unref();
      }
    }
  }

  /** Ends the thread; the next call starts another. */
  async end(): Promise<void> {
    clearTimeout(this.#idle);
    const ended = this.#pool;
    this.#pool = undefined;
    await ended?.terminate(true);
  }
}

function movable(bytes: Uint8Array | undefined): ArrayBuffer[] {
  const buffer = bytes?.buffer;
  // What shares its buffer with others would take them along.
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes?.byteLength ? [buffer] : [];
}

function asWorkerFailure(error: unknown): RemixFailure {
  const known = thrown.safeParse(error);
  if (known.success) {
    const { code, message, retryable } = known.data;
    return new RemixFailure(
      code,
      message,
      retryable === undefined ? { cause: error } : { cause: error, retryable },
    );
  }
  if (error instanceof PoolPromise.TimeoutError) {
    const seconds = stuckMilliseconds / 1000;
    return new RemixFailure("timeout", `could not be processed within ${seconds} seconds.`, { cause: error });
  }
  const crashed = error instanceof TerminateError;
  const reason = error instanceof Error ? error.message : String(error);
  const message = crashed ? "made the image engine crash." : `could not be processed (${reason}).`;
  return new RemixFailure("unknown", `${message} Save it anew as PNG, then try again.`, { cause: error });
}
