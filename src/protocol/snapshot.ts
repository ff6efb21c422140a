import type { ActionView, ComposeView } from "./compose.ts";
import type { GroupView, HistoryView } from "./results.ts";
import type { RunView } from "./running.ts";

export const views = ["compose", "results", "history"] as const;
export type View = (typeof views)[number];

/** Who draws, and what has been spent. */
export interface ServiceView {
  readonly provider: "runware" | "local";
  /** What the model is called. */
  readonly model: string;
  readonly hasKey: boolean;
  /** USD spent today, and the cap of the day; 0 means no cap. */
  readonly spending: { readonly today: number; readonly cap: number };
}

/** Something that the user should know, whatever view is shown. */
export interface NoticeView {
  readonly id: string;
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  readonly actions: readonly ActionView[];
}

/**
 * Everything the page draws, whole. A later one replaces an earlier one; nothing is sent in pieces, so that a page
 * that was away misses nothing.
 */
export interface Snapshot {
  readonly type: "snapshot";
  /** Counts up from 1; a page drops what is older than what it has. */
  readonly number: number;
  /** The extension's clock when it was made, in milliseconds since 1970: the page may run on another machine. */
  readonly time: number;
  readonly view: View;
  readonly service: ServiceView;
  readonly compose: ComposeView;
  readonly run: RunView | null;
  readonly groups: readonly GroupView[];
  /** What Undo would take back, in words; null when there is nothing. */
  readonly undo: string | null;
  readonly history: readonly HistoryView[];
  /** Whether more of the history is being read from files. */
  readonly isReadingHistory: boolean;
  readonly notices: readonly NoticeView[];
  /** Texts in the user's language, by their English ones; absent ones stay English. */
  readonly texts: Readonly<Record<string, string>>;
}
