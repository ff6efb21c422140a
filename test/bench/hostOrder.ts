/** What the script and the extension host tell each other. */
import type { Blocks } from "./figures.ts";

/** Environment variable that holds a {@link HostOrder} as JSON. */
export const hostOrderVariable = "IMAGE_REMIX_BENCH";

/** One kind of remix. */
export interface HostCase {
  readonly name: string;
  /** Absolute path of the picture that is remixed. What follows its end must be of no account in its format. */
  readonly source: string;
  /** User settings, without their prefix. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Options of the call. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What is to be measured in one extension host. */
export interface HostOrder {
  /** An address that answers. */
  readonly address: string;
  /** User settings for all cases, without their prefix. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The first one is also measured cold. */
  readonly cases: readonly HostCase[];
  /** How often each case is measured warm. */
  readonly rounds: number;
  /** Absolute path of the file for the {@link HostRun}s. */
  readonly result: string;
  /** Absolute path of a folder for V8's profiles; null for none. */
  readonly profiles: string | null;
}

/** What was measured once. */
export interface HostRun {
  readonly name: string;
  /** `cold`: nothing of the extension was loaded; `first`: all was, and code had not yet run; `warm`: it had. */
  readonly temperature: "cold" | "first" | "warm";
  readonly blocks: Blocks;
  readonly milliseconds: number;
}
