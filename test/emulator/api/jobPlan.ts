import type { OutputFormat } from "../drawing/draw.ts";
import type { JsonObject } from "../json.ts";
import type { Refusal } from "../refusal.ts";

/** What is going to become of one result; faults change it before the work starts. */
export interface ResultPlan {
  /** `never`: stays in the making for ever. */
  fate: "success" | "error" | "never";
  /** What the error says, where it is one. */
  refusal: Refusal | undefined;
  width: number;
  height: number;
  outputFormat: OutputFormat;
  seed: bigint;
  /** USD. */
  price: number;
  /** Replaces the bytes that are served. */
  bytes: Uint8Array | undefined;
  /** Last changes to the item of the reply; called each time that it is written. */
  readonly retouch: ((item: JsonObject) => JsonObject)[];
}

/** What is going to become of a task. */
export interface JobPlan {
  /** As many as were asked for, unless a fault adds some. */
  readonly results: ResultPlan[];
  /** Where failed results stand in replies: documented are both (https://runware.ai/docs/platform/task-polling). */
  errorsStandIn: "data" | "errors";
}
