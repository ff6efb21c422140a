import type { Clock } from "../clock.ts";
import type { Draw, RenderingSpeed } from "../drawing/draw.ts";
import type { FaultBox } from "../faults/faultBox.ts";
import type { JsonObject } from "../json.ts";
import type { Ledger, RequestEntry } from "../ledger.ts";
import type { Pending } from "../pending.ts";
import type { Refusal } from "../refusal.ts";
import type { Account } from "./account.ts";
import type { MediaStore } from "./media.ts";
import type { TaskBook } from "./taskBook.ts";

/** What the handlers of tasks share. */
export interface Backend {
  /** Address, without a path, at which clients reach the server. */
  readonly origin: () => string;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly media: MediaStore;
  readonly book: TaskBook;
  readonly account: Account;
  readonly faults: FaultBox;
  readonly pending: Pending;
  readonly draw: Draw;
  readonly priceOf: (model: string, speed: RenderingSpeed) => number;
  readonly secondsPerImage: number;
  readonly progressSteps: number;
  readonly inspection: "pixels" | "header";
  /** Aborted when the server closes or forgets everything; another one from then on. */
  readonly closing: AbortSignal;
}

/** What a task is answered with. */
export interface Answer {
  readonly items: readonly JsonObject[];
  readonly refusals: readonly Refusal[];
}

/** One request's way through the API. */
export interface Call {
  readonly entry: RequestEntry;
  /** Validate and price only (the header `X-Runware-Dry-Run: 1`, over WebSocket the query `dryRun=1`). */
  readonly dryRun: boolean;
  /** Takes finished results one by one, where the channel can (WebSocket). */
  readonly push: ((item: JsonObject) => void) | undefined;
}
