import { availableParallelism } from "node:os";
import { type MessagePort, parentPort, receiveMessageOnPort, Worker } from "node:worker_threads";

/** Draws some parts of something, `from` to `to - 1`. */
type Draw<Args> = (args: Args, from: number, to: number) => void;

/** One piece of work as the hands get it. */
interface Work {
  readonly name: string;
  readonly args: unknown;
  /** Parts. */
  readonly count: number;
  /** How many bands have been claimed; then for each band whether it is drawn. Seen by all threads. */
  readonly tally: Int32Array;
}

/** States of a band in a tally. */
const OPEN = 0;
const DONE = 1;
const FAILED = 2;

/** Bands that work is cut into: enough that nobody waits long for the last of somebody else. */
const BANDS = 24;
/** More threads would mostly wait for memory. */
const MOST_HANDS = 3;
/** No band takes nearly this long: whoever needs longer has died or hangs. */
const PATIENCE_MILLISECONDS = 3_000;
/** A picture's stages follow each other faster than this. */
const AWAKE_MILLISECONDS = 0.5;
/** Tables and the arguments of stages; planes lie outside of it. */
const HEAP_MEGABYTES = 64;

/** As many hands as the machine has cores besides the caller's, at most 3. */
export function usualHands(): number {
  return Math.min(MOST_HANDS, availableParallelism() - 1);
}

/**
 * Threads that lend the calling one a hand. Work is cut into bands, which everybody claims one by one, the caller too:
 * hands that are late, have died or never started cost nothing but the speed. Without any, the caller draws all.
 */
export class Hands {
  readonly #script: string;
  readonly #count: number;
  readonly #patience: number;
  #threads: Worker[] | undefined;

  /**
   * @param script absolute path of what a hand runs, which calls `lendHand`
   * @param count threads besides the caller's
   * @param patience milliseconds that a band may take
   */
  constructor(script: string, count = usualHands(), patience = PATIENCE_MILLISECONDS) {
    this.#script = script;
    this.#count = count;
    this.#patience = patience;
  }

  /**
   * Draws all `count` parts of what the hands know as `name`; the first call starts them.
   *
   * @returns false if a hand broke off or was waited for in vain. Then the hands are dismissed, and whoever calls again
   *   draws alone.
   */
  run<Args>(name: string, draw: Draw<Args>, args: Args, count: number): boolean {
    this.#threads ??= this.#start();
    if (this.#threads.length === 0 || count < 2) {
      draw(args, 0, count);
      return true;
    }
    const bands = Math.min(BANDS, count);
    const tally = new Int32Array(new SharedArrayBuffer((1 + bands) * Int32Array.BYTES_PER_ELEMENT));
    const work: Work = { name, args, count, tally };
    for (const thread of this.#threads) thread.postMessage(work);
    drawBands(draw, args, work);
    if (this.#allDone(tally)) return true;
    void this.end();
    return false;
  }

  /** Memory that the hands see as well. */
  memory(bytes: number): SharedArrayBuffer {
    return new SharedArrayBuffer(bytes);
  }

  /** Ends the threads for good. */
  async end(): Promise<void> {
    const threads = this.#threads ?? [];
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #start(): Worker[] {
    const threads: Worker[] = [];
    try {
      while (threads.length < this.#count) {
        const thread = new Worker(this.#script, {
          resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
        });
        // A thread that fails or ends is one less; what it had claimed is found missing by who waits for it.
        thread.on("error", () => this.#forget(thread));
        thread.on("exit", () => this.#forget(thread));
        thread.unref();
        threads.push(thread);
      }
    } catch {
      // No more threads are to be had.
    }
    return threads;
  }

  #forget(thread: Worker): void {
    this.#threads = this.#threads?.filter((other) => other !== thread);
  }

  /** Waits for the bands that others have claimed. */
  #allDone(tally: Int32Array): boolean {
    const end = performance.now() + this.#patience;
    for (let place = 1; place < tally.length; place++) {
      Atomics.wait(tally, place, OPEN, Math.max(0, end - performance.now()));
      if (Atomics.load(tally, place) !== DONE) return false;
    }
    return true;
  }
}

/** Draws those bands that nobody else claims. */
function drawBands<Args>(draw: Draw<Args>, args: Args, { count, tally }: Work): void {
  const bands = tally.length - 1;
  const start = (band: number) => Math.floor((band * count) / bands);
  for (let band = Atomics.add(tally, 0, 1); band < bands; band = Atomics.add(tally, 0, 1)) {
    let state = FAILED;
    try {
      draw(args, start(band), start(band + 1));
      state = DONE;
    } finally {
      Atomics.store(tally, 1 + band, state);
      Atomics.notify(tally, 1 + band);
    }
  }
}

/** Makes the thread that calls a hand. `find` gives what to draw by its name, the same for the same name as the caller's. */
export function lendHand(find: (name: string) => Draw<unknown> | undefined): void {
  const port = parentPort;
  port?.on("message", (first: Work) => {
    for (let work: Work | undefined = first; work !== undefined; work = nextFrom(port)) {
      const draw = find(work.name);
      if (draw !== undefined) drawBands(draw, work.args, work);
    }
  });
}

/** What comes at once: to fall asleep and be woken would take longer than many a stage. */
function nextFrom(port: MessagePort): Work | undefined {
  const end = performance.now() + AWAKE_MILLISECONDS;
  let next: Work | undefined;
  while (next === undefined && performance.now() < end) next = receiveMessageOnPort(port)?.message;
  return next;
}
