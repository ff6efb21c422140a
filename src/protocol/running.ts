/** What is seen of a run: plain data that survives JSON. */
import type { ActionView } from "./compose.ts";

export const taskStates = [
  "waiting",
  "preparing",
  "uploading",
  "accepted",
  "drawing",
  "downloading",
  "saved",
  "failed",
  "unknown",
  "cancelled",
] as const;
export type TaskState = (typeof taskStates)[number];

/** The place of one result of a task. */
export interface SlotView {
  /** Address for an `<img>`; null until it is saved. */
  readonly uri: string | null;
}

/** One source in a run. */
export interface TaskView {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly uri: string;
  readonly state: TaskState;
  /** 0 to 100 while it is drawn, where the provider reports it. */
  readonly percent: number | null;
  /** Milliseconds since 1970; null until it was sent. */
  readonly started: number | null;
  /** Milliseconds since 1970; null until it has ended. */
  readonly ended: number | null;
  /** USD; null until it is reported. */
  readonly cost: number | null;
  readonly slots: readonly SlotView[];
  /** What happened, for a task that needs the user; null for others. */
  readonly headline: string | null;
  /** What it cost and what to do; null where there is nothing to say. */
  readonly detail: string | null;
  readonly actions: readonly ActionView[];
}

/** A line of a table. */
export interface RowView {
  readonly label: string;
  readonly value: string;
}

export interface RunView {
  readonly id: string;
  /** The preset's name, or what else the run is called. */
  readonly title: string;
  readonly provider: "runware" | "local";
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Milliseconds since 1970; null while it runs. */
  readonly ended: number | null;
  /** Whether an earlier window started it: what it had sent is collected, and cannot be stopped. */
  readonly isRecovered: boolean;
  /** Estimated milliseconds until it ends; null when nobody knows. */
  readonly left: number | null;
  /** Results that were asked for, that are saved, that are being drawn. */
  readonly results: { readonly total: number; readonly saved: number; readonly inAir: number };
  /** USD. */
  readonly money: { readonly spent: number; readonly inAir: number; readonly notSent: number };
  /** The recipe in words. */
  readonly recipe: readonly RowView[];
  readonly tasks: readonly TaskView[];
}
