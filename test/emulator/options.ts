import type { Draw, RenderingSpeed } from "./drawing/draw.ts";

/** How the server behaves where no fault says otherwise. */
export interface EmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The keys that are good; the first is `emulator.key`. */
  readonly keys?: readonly string[];
  /** USD on the account at the start; 20 by default, the smallest amount that Runware sells. */
  readonly balance?: number;
  /** USD for a result of any model, or by speed; the models' list prices by default. */
  readonly price?: number | Readonly<Record<RenderingSpeed, number>>;
  /** Time that each result takes, one after the other; 0 by default. */
  readonly secondsPerImage?: number;
  /**
   * Polls that find a result still in the making, for each result: with 2, the third poll brings the first result,
   * the fifth the second, … With 0, the default, polls say what time alone has brought. Without a time for results
   * either, the first poll brings them all, however long drawing takes.
   */
  readonly progressSteps?: number;
  /** Who draws; tints quickly by default. */
  readonly draw?: Draw;
  /** How pictures that come in are looked at: to their last pixel, the default, or by their headers alone. */
  readonly inspection?: "pixels" | "header";
  /** Address, without a path, at which clients reach the server; its own by default. */
  readonly publicOrigin?: string;
  /** Speaks HTTPS, with a certificate that nobody trusts. */
  readonly tls?: boolean;
  /** Seconds after which a silent WebSocket is closed; 120 by default. */
  readonly webSocketIdleSeconds?: number;
}

/** A key that looks like Runware's, which are 32 letters and digits. */
export const defaultKey = "emulatorKey0123456789abcdefghijk";
