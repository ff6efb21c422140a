/** Medians, and the longest time for which this thread answered to nobody. */

/** Median of `values`. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** What `work` gives, and how many milliseconds it took. */
export async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  const value = await work();
  return [value, performance.now() - start];
}

/** How long a thread came to nothing else, at the longest, in milliseconds. */
export interface Block {
  /** By the clock: includes the time for which the machine gave the processor to others. */
  readonly wall: number;
  /** Of the processor's time on this thread: what the work itself takes, on a machine however busy. */
  readonly cpu: number;
}

/** The longest time, during `work`, for which this thread did not come to a timer that was due. */
export async function longestBlock(work: () => Promise<unknown>): Promise<Block> {
  const { wall, cpu } = await blocksDuring(work);
  return { wall: Math.max(0, ...wall), cpu: Math.max(0, ...cpu) };
}

/** All times, in milliseconds, for which a thread came to nothing else. */
export interface Blocks {
  /** As in {@link Block}. */
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}

/** How long this thread did not come to a timer that was due, each time during `work`. */
export async function blocksDuring(work: () => Promise<unknown>): Promise<Blocks> {
  const wall: number[] = [];
  const cpu: number[] = [];
  let last = now();
  const note = () => {
    const here = now();
    wall.push(here.wall - last.wall - interval);
    cpu.push(here.cpu - last.cpu);
    last = here;
  };
  const ticker = setInterval(note, interval);
  try {
    await work();
  } finally {
    clearInterval(ticker);
  }
  note();
  return { wall, cpu };
}

/** The value that the share `share` of `values`, 0 to 1, does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds. A ticker without pauses would take the processor from those it measures. */
const interval = 1;

function now(): Block {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}
