import type { FieldValue, FieldView, SourceView } from "../src/protocol/compose.ts";
import { carried } from "../src/protocol/limits.ts";
import type { PanelRequest } from "../src/protocol/requests.ts";
import type { ResultView } from "../src/protocol/results.ts";
import type { Snapshot } from "../src/protocol/snapshot.ts";
import { type Arrangement, readArrangement } from "./arrangement.ts";
import { type Connection, connect, type VsCodeApi } from "./connection.ts";
import { useTexts } from "./words.ts";

/** What the page draws from. A new object whenever something of it has changed. */
export interface PageState {
  readonly page: Page;
  readonly snapshot: Snapshot;
  readonly arrangement: Arrangement;
}

/** An edit that no snapshot contains yet. */
interface PendingEdit {
  readonly edit: number;
  readonly value: FieldValue;
}

/** Waits for the last of several changes in a row, in milliseconds. */
const saveDelay = 200;

/** The page without its looks: what it knows, and what can be asked of the extension. */
export class Page {
  readonly #api: VsCodeApi;
  readonly #connection: Connection;
  readonly #draw: (state: PageState) => void;
  #snapshot: Snapshot | undefined;
  #arrangement: Arrangement;
  #edit = 0;
  readonly #pending = new Map<string, PendingEdit>();
  #saveTimer: number | undefined;
  #hasRemixed = false;
  #clockOffset = 0;

  constructor(api: VsCodeApi, draw: (state: PageState) => void) {
    this.#api = api;
    this.#draw = draw;
    this.#arrangement = readArrangement(api.getState());
    this.#connection = connect(api, (snapshot) => this.#receive(snapshot));
    this.send({ type: "ready" });
  }

  send(request: PanelRequest): void {
    // Whoever does something else meanwhile has answered the question about the costs with No.
    this.#hasRemixed = request.type === "remix";
    this.#connection.send(request);
  }

  /** Whether the focus belongs to a new run, because it was started here, where it still is; true once for each. */
  takesFocus(): boolean {
    const taken = this.#hasRemixed && document.hasFocus();
    this.#hasRemixed = false;
    return taken;
  }

  /** Changes how the page is arranged, and keeps it for the next time. */
  arrange(change: Partial<Arrangement>): void {
    this.#arrangement = { ...this.#arrangement, ...change };
    window.clearTimeout(this.#saveTimer);
    this.#saveTimer = window.setTimeout(() => this.#api.setState(this.#arrangement), saveDelay);
    this.#redraw();
  }

  /** Sets a field; it is shown at once and checked by the extension. */
  edit(id: string, value: FieldValue): void {
    this.#edit += 1;
    this.#pending.set(id, { edit: this.#edit, value });
    this.send({
      type: "edit",
      edit: this.#edit,
      id,
      value: carried(value),
    });
    this.#redraw();
  }

  reset(id: string): void {
    this.#edit += 1;
    this.#pending.delete(id);
    this.send({ type: "reset", edit: this.#edit, id });
  }

  choosePreset(name: string | null): void {
    this.#edit += 1;
    this.send({ type: "preset", edit: this.#edit, name });
  }

  /** The extension's clock, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#clockOffset;
  }

  /** What a field holds, the user's last edit included. */
  valueOf(field: FieldView): FieldValue {
    return this.#pending.get(field.id)?.value ?? field.value;
  }

  #receive(snapshot: Snapshot): void {
    if (this.#snapshot !== undefined && snapshot.number <= this.#snapshot.number) {
      return;
    }
    this.#snapshot = snapshot;
    this.#clockOffset = snapshot.time - Date.now();
    // Edits go on from where an earlier life of this page ended.
    this.#edit = Math.max(this.#edit, snapshot.compose.edit);
    for (const [id, { edit }] of this.#pending) {
      if (edit <= snapshot.compose.edit) {
        this.#pending.delete(id);
      }
    }
    useTexts(snapshot.texts);
    const { run } = snapshot;
    if (run !== null && run.id !== this.#arrangement.run) {
      this.#arrangement = { ...this.#arrangement, run: run.id, isReviewing: false, runFilter: "all" };
    }
    this.#redraw();
  }

  #redraw(): void {
    if (this.#snapshot !== undefined) {
      this.#draw({ page: this, snapshot: this.#snapshot, arrangement: this.#arrangement });
    }
  }
}

/** The results that the filter lets through, in their order on the page. */
export function shownResults({ snapshot, arrangement }: PageState): readonly ResultView[] {
  return snapshot.groups
    .flatMap(({ results }) => results)
    .filter((result) => isShown(result, arrangement.resultFilter));
}

export function isShown({ decision }: ResultView, filter: Arrangement["resultFilter"]): boolean {
  switch (filter) {
    case "all":
      return true;
    case "undecided":
      return decision === "undecided";
    case "kept":
      return decision === "kept" || decision === "replaced";
    case "bin":
      return decision === "discarded";
  }
}

/** The source that the stage shows: the chosen one, else the first. */
export function shownSource({ snapshot, arrangement }: PageState): SourceView | undefined {
  const { sources } = snapshot.compose;
  return sources.find(({ id }) => id === arrangement.source) ?? sources[0];
}
