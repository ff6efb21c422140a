import type { DetailedFacts, ProviderId, SourceFile } from "../../engine/ports.ts";
import type { FractionRectangle } from "../../engine/size.ts";
import type { ActionView, BlockView, PixelSize } from "../../protocol/compose.ts";
import type { Decision } from "../../protocol/results.ts";
import type { RowView, TaskState } from "../../protocol/running.ts";
import type { NoticeView, ServiceView } from "../../protocol/snapshot.ts";

/** What is asked for with the Remix button. */
export interface RemixOrder {
  /** Absolute paths, in the order of the panel. */
  readonly sources: readonly string[];
  /** Name of the preset; an empty one means none, undefined the default one of the settings. */
  readonly preset: string | undefined;
  /** What was set in the panel, by parameter name, legal or not. Wins over everything. */
  readonly recipe: Readonly<Record<string, unknown>>;
}

/** What is wanted at one speed. */
export interface QuotedOrder {
  readonly results: number;
  readonly renderingSpeed: string;
}

/** What a run would cost, and whether it may start. */
export interface Quote {
  /** USD; `free` for the local preview, null when nobody knows. */
  readonly estimate: number | "free" | null;
  /** Why it may not start, a reached cap for instance; null when it may. */
  readonly block: BlockView | null;
  /** What else to know before the click: where results go, or that a question comes first. */
  readonly hint: string;
}

/** One source of a run. Paths are absolute, times in milliseconds since 1970, money in USD. */
export interface PanelTask {
  readonly id: string;
  readonly source: string;
  readonly state: TaskState;
  /** 0 to 100, where the provider reports it. */
  readonly percent: number | null;
  readonly started: number | null;
  readonly ended: number | null;
  readonly cost: number | null;
  /** Number of results that were asked for. */
  readonly expected: number;
  /** Files that are saved so far. */
  readonly outputs: readonly string[];
  /** For a task that needs the user: what happened, then what it cost and what to do. */
  readonly headline: string | null;
  readonly detail: string | null;
  /** Ids with an icon of their own: `cancel`, `stop`, `open`. */
  readonly actions: readonly ActionView[];
}

export interface PanelRun {
  readonly id: string;
  /** The preset's name, or what else the run is called. */
  readonly title: string;
  readonly provider: ProviderId;
  readonly started: number;
  readonly ended: number | null;
  /** Whether an earlier window started it: what it had sent is collected, and cannot be stopped. */
  readonly isRecovered: boolean;
  /** Estimated milliseconds to its end; null when nobody knows. */
  readonly left: number | null;
  /** Known and estimated cost of what has been drawn, of what is being drawn, and of what was not sent. */
  readonly money: { readonly spent: number; readonly inAir: number; readonly notSent: number };
  /** The recipe in words. */
  readonly recipe: readonly RowView[];
  readonly tasks: readonly PanelTask[];
}

/** One result that can be decided on. */
export interface PanelResult {
  readonly id: string;
  /** Absolute path of the source. */
  readonly source: string;
  /** Absolute path of the bytes that it was made from: the source, or the copy kept of one that was replaced. */
  readonly original: string;
  /** Absolute path of the file as it is now: beside the source, or in the bin. */
  readonly path: string;
  /** What the file is called beside its source. */
  readonly name: string;
  readonly decision: Decision;
  readonly provider: ProviderId;
  /** What the model that drew it is called; null where nobody knows. */
  readonly model: string | null;
  readonly flagged: boolean;
  readonly cost: number | null;
  readonly seed: string | null;
  /** Pixels; null as long as they are not known. */
  readonly size: PixelSize | null;
  /** The part of the upright original that it shows, in fractions of it; null where nobody knows. */
  readonly used: FractionRectangle | null;
  /** "PNG, 1.4 MB". */
  readonly file: string;
  readonly prompt: string;
  /** The recipe in words. */
  readonly recipe: string;
}

export interface PanelHistoryEntry {
  readonly id: string;
  readonly time: number;
  readonly title: string;
  readonly prompt: string;
  readonly provider: ProviderId;
  readonly results: number;
  readonly cost: number | null;
  /** The first few results: what they are known by, and their absolute paths. */
  readonly pictures: readonly Pick<PanelResult, "id" | "path">[];
}

/** All that the panel shows besides what is being composed. */
export interface ServicesState {
  readonly service: ServiceView;
  /** The newest run of this session, else what is left of an earlier one; null when there is none. */
  readonly run: PanelRun | null;
  /** Results of this session, or those of the history entry that was opened. */
  readonly results: readonly PanelResult[];
  /** What Undo would take back, in a sentence that is also read aloud; null when there is nothing. */
  readonly undo: string | null;
  /** Newest first. */
  readonly history: readonly PanelHistoryEntry[];
  /** Whether files are being read for the history. */
  readonly isReadingHistory: boolean;
  /** Their actions come back through `act` with the notice's id. */
  readonly notices: readonly NoticeView[];
}

/**
 * What the panel needs of the rest of the extension: everything that runs, costs, or is decided. Dialogs (a price that
 * is above the limit, Replace Source, stopping what was sent) are the services' own, in the editor's look. No method
 * throws for something that was foreseen: it shows up in the state, or in a notification.
 */
export interface PanelServices {
  /** What is known now. Cheap: it is asked for at each change. */
  state(): ServicesState;
  /** Calls `listener` after each change of the state or of a quote. */
  onDidChange(listener: () => void): { dispose(): void };
  /** Takes a path apart by the machine's own rules. */
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  inspect(source: SourceFile): Promise<DetailedFacts>;
  /** What results of `images` sources would cost. */
  quote(images: number, orders: readonly QuotedOrder[]): Quote;
  /** Whether a run was asked for here that has not started yet. */
  readonly isStarting: boolean;
  /** Starts a run, after the question that its price may need; settles when it has started or was refused. */
  remix(order: RemixOrder): Promise<void>;
  /** Drops what was not sent: free. */
  cancelNotSent(): Promise<void>;
  /** Asks, then stops waiting for what was sent. */
  stopWaiting(): Promise<void>;
  /**
   * One of the actions offered beside a task, a notice or (subject null) the Remix button.
   *
   * @param order what the panel would remix now
   */
  act(subject: string | null, action: string, order: RemixOrder): Promise<void>;
  /**
   * Keeps results or moves them to the bin, several after a question. `restore` brings them back from there, and gives
   * a source that a result has replaced its old bytes.
   */
  decide(ids: readonly string[], decision: "keep" | "discard" | "restore"): Promise<void>;
  /** Asks, then lets a result take its source's place; the old bytes are kept. */
  replaceSource(id: string): Promise<void>;
  /** A new variation with the recipe that made a result. */
  remixAgain(id: string): Promise<void>;
  showRecipe(id: string): Promise<void>;
  /** Takes back the last decision. */
  undo(): Promise<void>;
  /** Makes the results of an earlier run those of the state. */
  openHistory(id: string): void;
  /** Makes the results of the state's run those of the state. */
  openRun(): void;
  /** Somebody looks at the panel again, after a while maybe. */
  look(): void;
  /** Reads results of earlier sessions from files, or stops that when nobody looks at them any more. */
  readHistory(isWanted: boolean): void;
}
