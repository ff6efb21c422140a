import { setTimeout } from "node:timers/promises";

/** The machine's time. */
export const clock = {
  monotonic: () => performance.now(),
  now: () => new Date(),
  sleep: (milliseconds: number, signal: AbortSignal): Promise<void> =>
    setTimeout(milliseconds, undefined, { signal }).catch(() => undefined),
} as const;
