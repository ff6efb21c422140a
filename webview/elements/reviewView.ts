import { html, type TemplateResult } from "lit";
import type { ResultAction } from "../../src/protocol/requests.ts";
import { type GroupView, isOffered, type ResultView } from "../../src/protocol/results.ts";
import { compareModes } from "../arrangement.ts";
import { PanelElement } from "../element.ts";
import { type Marks, marksAfter, noMarks } from "../marking.ts";
import { shownResults } from "../page.ts";
import { claim, isTextField } from "../roving.ts";
import { t } from "../words.ts";
import { ResultGroups } from "./resultGroups.ts";
import "./comparePictures.ts";
import "./compareBar.ts";
import "./decisionBar.ts";
import "./resultDetails.ts";

/** The extension takes no more ids in one message. */
const mostAtOnce = 1000;
const modifiers: ReadonlySet<string> = new Set(["Control", "Shift", "Alt", "Meta"]);
/** Keys that do something to the picture that is looked at. */
const deciding: ReadonlySet<string> = new Set(["k", "d", "r", "m", "enter"]);

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
  /** Whether Ctrl+K or Cmd+K was pressed, of which VS Code waits for the second key. */
  #isAfterChord = false;

  constructor() {
    super();
    this.isFlipped = false;
    this.marks = noMarks;
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const chosen = chosenResult(this.state);
    const marked = this.#marked();
    return html`<div class="review" @keydown=${this.#onKeyDown} @keyup=${this.#onKeyUp}>
      <result-groups
        .state=${state}
        .chosen=${chosen?.result.id ?? null}
        .marked=${marked}
        .goTo=${this.#goTo}
      ></result-groups>
      <section class="compare" aria-label=${t("Compare")}>
        <compare-bar .state=${state} .chosen=${chosen}></compare-bar>
        <compare-pictures .state=${state} .chosen=${chosen} .isFlipped=${this.isFlipped}></compare-pictures>
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
      for (let start = 0; start < ids.length; start += mostAtOnce) {
        page.send({ type: "results", ids: ids.slice(start, start + mostAtOnce), action });
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
      this.#focusTile();
    }
  }

  #focusTile(): void {
    const groups = this.querySelector("result-groups");
    const id = chosenResult(this.state)?.result.id;
    if (groups instanceof ResultGroups && id !== undefined) {
      void groups.focusTile(id);
    }
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { page, arrangement } = this.state;
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !isTextField(event.target)) {
      claim(event);
      if (!event.repeat) {
        page.send({ type: "undo" });
      }
      return;
    }
    if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && !isTextField(event.target)) {
      claim(event);
      this.#markAll();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) {
      if (!modifiers.has(event.key)) {
        this.#isAfterChord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      }
      return;
    }
    if (modifiers.has(event.key)) {
      return;
    }
    if (this.#isAfterChord) {
      // It belongs to a chord of VS Code, as Ctrl+K Z does.
      this.#isAfterChord = false;
      return;
    }
    const run = this.#keyed(event, arrangement.zoom);
    if (run !== undefined) {
      claim(event);
      // A key that is held decides once: the next picture has not been looked at.
      if (!event.repeat || !deciding.has(event.key.toLowerCase())) {
        run();
      }
    }
  };

  #keyed(event: KeyboardEvent, zoom: number | "fit"): (() => void) | undefined {
    const { page } = this.state;
    const onControl =
      event.target instanceof Element && event.target.closest("button, a, vscode-button, [role=menu]");
    const scale = zoom === "fit" ? 1 : zoom;
    const mode = compareModes[["1", "2", "3"].indexOf(event.key)];
    if (mode !== undefined) {
      return () => page.arrange({ compareMode: mode });
    }
    switch (event.key.toLowerCase()) {
      case "k":
        return () => this.#decide("keep");
      case "d":
        return () => this.#decide("discard");
      case "r":
        return () => this.#decide("replaceSource");
      case "m":
        return () => this.#decide("remixFurther");
      case "enter":
        return onControl ? undefined : () => this.#decide("open");
      case " ":
        return onControl ? undefined : () => this.#flip(event.repeat);
      case "z":
        return () => page.arrange({ zoom: zoom === "fit" ? 1 : "fit" });
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

  #flip(isRepeat: boolean): void {
    if (!isRepeat) {
      this.isFlipped = !this.isFlipped;
      this.#flippedAt = performance.now();
      if (document.activeElement instanceof HTMLElement && document.activeElement.matches(".dividerInput")) {
        // It goes with the picture that it divides.
        this.#focusTile();
      }
    }
  }

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    // Held, Space shows the source as long as it is held; tapped, until it is tapped again.
    if (event.key === " " && this.isFlipped && performance.now() - this.#flippedAt > 300) {
      this.isFlipped = false;
    }
  };
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
