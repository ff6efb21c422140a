/** Time, so that tests need not wait for it. */
export interface ClockPort {
  /** Milliseconds that only ever grow, from any start, whatever is done to the time of day. */
  monotonic(): number;
  /** The time of day. */
  now(): Date;
  /** Resolves after so many milliseconds, or early when `signal` is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Where it is written down what happened. An output channel of VS Code will do. */
export interface LogPort {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}
