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
  let longest: Block = { wall: 0, cpu: 0 };
  let last = now();
  const note = () => {
    const here = now();
    longest = {
      wall: Math.max(longest.wall, here.wall - last.wall - interval),
      cpu: Math.max(longest.cpu, here.cpu - last.cpu),
    };
    last = here;
  };
  const ticker = setInterval(note, interval);
  try {
    await work();
  } finally {
    clearInterval(ticker);
  }
  note();
  return longest;
}

/** Milliseconds. A ticker without pauses would take the processor from those it measures. */
const interval = 1;

function now(): Block {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}
