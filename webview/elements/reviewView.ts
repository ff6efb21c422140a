import { html, type TemplateResult } from "lit";
import { longest } from "../../src/protocol/limits.ts";
import type { ResultAction } from "../../src/protocol/requests.ts";
import { type GroupView, isOffered, type ResultView } from "../../src/protocol/results.ts";
import { compareModes } from "../arrangement.ts";
import { endsChord } from "../chords.ts";
import { PanelElement } from "../element.ts";
import { type Marks, marksAfter, noMarks } from "../marking.ts";
import { shownResults } from "../page.ts";
import { claim, isTextField } from "../roving.ts";
import { t } from "../words.ts";
import { ComparePictures } from "./comparePictures.ts";
import { ResultGroups } from "./resultGroups.ts";
import "./compareBar.ts";
import "./decisionBar.ts";
import "./resultDetails.ts";

/** The view in which results are decided on. */
class ReviewView extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    isFlipped: { state: true },
    marks: { state: true },
  };
  /** Whether the source is shown alone, while Space is held or after it was tapped. */
  declare isFlipped: boolean;
  declare marks: Marks;
  #flippedAt = 0;

  constructor() {
    super();
    this.isFlipped = false;
    this.marks = noMarks;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The key may come up where the focus has gone meanwhile.
    document.addEventListener("keyup", this.#onKeyUp);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keyup", this.#onKeyUp);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const chosen = chosenResult(this.state);
    const marked = this.#marked();
    return html`<div class="review" @keydown=${this.#onKeyDown}>
      <result-groups
        .state=${state}
        .chosen=${chosen?.result.id ?? null}
        .marked=${marked}
        .goTo=${this.#goTo}
      ></result-groups>
      <section class="compare" aria-label=${t("Compare")}>
        <compare-bar .state=${state} .chosen=${chosen}></compare-bar>
        <compare-pictures
          .state=${state}
          .chosen=${chosen}
          .isFlipped=${this.isFlipped}
          .endFlip=${this.#endFlip}
        ></compare-pictures>
        <decision-bar
          .state=${state}
          .chosen=${chosen}
          .marked=${marked.size}
          .decide=${this.#decide}
          .markAll=${this.#markAll}
        ></decision-bar>
      </section>
      <result-details .state=${state} .chosen=${chosen}></result-details>
    </div>`;
  }

  /**
   * Does something with the chosen result, or with all that are marked; after Keep and Discard the next undecided one
   * is chosen.
   */
  readonly #decide = (action: ResultAction): void => {
    const { page } = this.state;
    const chosen = chosenResult(this.state);
    if (chosen === undefined || !isOffered(action, chosen.result.decision)) {
      return;
    }
    const { id } = chosen.result;
    if (action !== "keep" && action !== "discard") {
      page.send({ type: "result", id, action });
      return;
    }
    const marked = this.#marked();
    const all = shownResults(this.state);
    if (marked.size > 0) {
      const ids = [...marked];
      for (let start = 0; start < ids.length; start += longest.results) {
        page.send({ type: "results", ids: ids.slice(start, start + longest.results), action });
      }
    } else {
      page.send({ type: "result", id, action });
    }
    const index = all.findIndex((one) => one.id === id);
    const rest = [...all.slice(index + 1), ...all.slice(0, index)].filter((one) => !marked.has(one.id));
    const next = rest.find(({ decision }) => decision === "undecided");
    this.#choose(next?.id ?? all[index + 1]?.id ?? all[index - 1]?.id ?? id);
  };

  /** Marked results that are shown: a filter takes others out of reach. */
  #marked(): ReadonlySet<string> {
    const shown = shownResults(this.state).filter(({ id }) => this.marks.marked.has(id));
    return new Set(shown.map(({ id }) => id));
  }

  readonly #markAll = (): void => {
    const ids = shownResults(this.state).map(({ id }) => id);
    this.marks = ids.length > 1 ? { marked: new Set(ids), anchor: ids[0] ?? null } : noMarks;
  };

  /** Looks at another result; Ctrl, Cmd and Shift mark on the way. */
  readonly #goTo = (id: string, keys: MouseEvent | KeyboardEvent): void => {
    const ids = shownResults(this.state).map((result) => result.id);
    const from = chosenResult(this.state)?.result.id ?? null;
    this.marks = marksAfter(this.marks, ids, from, id, keys);
    this.state.page.arrange({ result: id });
  };

  #choose(id: string | undefined): void {
    this.marks = noMarks;
    if (id !== undefined) {
      this.isFlipped = false;
      this.state.page.arrange({ result: id });
      const groups = this.querySelector("result-groups");
      if (groups instanceof ResultGroups) {
        void groups.focusTile(id);
      }
    }
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || endsChord(event) || isTextField(event.target)) {
      return;
    }
    const run = event.ctrlKey || event.metaKey ? this.#commanded(event) : this.#keyed(event);
    if (run !== undefined) {
      claim(event);
      run();
    }
  };

  /** What is done with Ctrl or Cmd. */
  #commanded(event: KeyboardEvent): (() => void) | undefined {
    switch (event.key.toLowerCase()) {
      case "z":
        return once(event, () => this.state.page.send({ type: "undo" }));
      case "a":
        return this.#markAll;
      default:
        return undefined;
    }
  }

  #keyed(event: KeyboardEvent): (() => void) | undefined {
    const { page, arrangement } = this.state;
    const { zoom } = arrangement;
    const onControl =
      event.target instanceof Element && event.target.closest("button, a, vscode-button, [role=menu]");
    const scale = zoom === "fit" ? 1 : zoom;
    const mode = compareModes[["1", "2", "3"].indexOf(event.key)];
    if (mode !== undefined) {
      return () => page.arrange({ compareMode: mode });
    }
    if (event.shiftKey && zoom !== "fit" && event.key.startsWith("Arrow")) {
      return () => this.#pan(event.key);
    }
    switch (event.key.toLowerCase()) {
      case "k":
        return once(event, () => this.#decide("keep"));
      case "d":
        return once(event, () => this.#decide("discard"));
      case "r":
        return once(event, () => this.#decide("replaceSource"));
      case "m":
        return once(event, () => this.#decide("remixFurther"));
      case "enter":
        return onControl ? undefined : once(event, () => this.#decide("open"));
      case " ":
        return onControl ? undefined : once(event, this.#flip);
      case "z":
        return once(event, () => page.arrange({ zoom: zoom === "fit" ? 1 : "fit" }));
      case "+":
      case "=":
        return () => page.arrange({ zoom: Math.min(8, scale * 1.25) });
      case "-":
        return () => page.arrange({ zoom: Math.max(0.1, scale / 1.25) });
      case "escape":
        return () => {
          page.arrange({ zoom: "fit" });
          this.#choose(chosenResult(this.state)?.result.id);
        };
      default:
        return undefined;
    }
  }

  #pan(key: string): void {
    const pictures = this.querySelector("compare-pictures");
    if (pictures instanceof ComparePictures) {
      pictures.pan(key);
    }
  }

  readonly #flip = (): void => {
    this.isFlipped = !this.isFlipped;
    this.#flippedAt = performance.now();
  };

  readonly #endFlip = (): void => {
    this.isFlipped = false;
  };

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    // Held, Space shows the source as long as it is held; tapped, until it is tapped again.
    if (event.key === " " && this.isFlipped && performance.now() - this.#flippedAt > 300) {
      this.isFlipped = false;
    }
  };
}

/** A key that is held down does its work once: what comes next is another picture. */
function once({ repeat }: KeyboardEvent, run: () => void): () => void {
  return repeat ? () => undefined : run;
}

/** A result and the source it belongs to. */
export interface Chosen {
  readonly group: GroupView;
  readonly result: ResultView;
  /** From 1, among those that the filter lets through. */
  readonly position: number;
  readonly count: number;
}

/** The result that is looked at: the chosen one, else the first undecided one, else the first. */
function chosenResult(state: PanelElement["state"]): Chosen | undefined {
  const shown = shownResults(state);
  const wanted =
    shown.find(({ id }) => id === state.arrangement.result) ??
    shown.find(({ decision }) => decision === "undecided") ??
    shown[0];
  const group = state.snapshot.groups.find(({ results }) => results.some(({ id }) => id === wanted?.id));
  return wanted === undefined || group === undefined
    ? undefined
    : { group, result: wanted, position: shown.indexOf(wanted) + 1, count: shown.length };
}

customElements.define("review-view", ReviewView);
