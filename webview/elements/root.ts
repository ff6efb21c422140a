import { html, type nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Snapshot, View } from "../../src/protocol/snapshot.ts";
import { announcements } from "../announce.ts";
import { Announcer } from "../announcer.ts";
import { ChordWatch, endsChord } from "../chords.ts";
import { PanelElement } from "../element.ts";
import { FocusKeeper, focusInvalid } from "../keepFocus.ts";
import { claim, isTextField } from "../roving.ts";
import "./viewBar.ts";
import "./compose.ts";
import "./results.ts";
import "./history.ts";
import "./notices.ts";

const viewKeys: Readonly<Record<string, View>> = { Digit1: "compose", Digit2: "results", Digit3: "history" };

/** What a live region holds. */
interface Said {
  readonly text: string;
  /** Counts up: what is said twice is read twice. */
  readonly number: number;
}

const nothingSaid: Said = { text: "", number: 0 };

/** The whole page. */
export class RemixPanel extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    status: { state: true },
    alert: { state: true },
  };
  declare status: Said;
  declare alert: Said;
  readonly #focus = new FocusKeeper();
  readonly #chords = new ChordWatch();
  #earlier: Snapshot | undefined;
  readonly #announcer = new Announcer((kind, text) => {
    if (kind === "alert") {
      this.alert = { text, number: this.alert.number + 1 };
    } else {
      this.status = { text, number: this.status.number + 1 };
    }
  });

  constructor() {
    super();
    this.status = nothingSaid;
    this.alert = nothingSaid;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#onKey);
    this.#focus.start();
    this.#chords.start();
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#onKey);
    this.#focus.stop();
    this.#chords.stop();
    this.#announcer.stop();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const { snapshot } = this.state;
    if (snapshot !== this.#earlier) {
      const said = announcements(this.#earlier, snapshot);
      this.#earlier = snapshot;
      for (const one of said) {
        this.#announcer.announce(one);
      }
    }
  }

  protected override updated(): void {
    this.#focus.look();
  }

  protected override render(): TemplateResult {
    const { state } = this;
    return html`
      <view-bar .state=${state}></view-bar>
      <main>
        <panel-notices .state=${state}></panel-notices>
        <div id="view" role="tabpanel" aria-labelledby="tab-${state.snapshot.view}">${this.#view()}</div>
        <div role="status" class="hidden">${region(this.status)}</div>
        <div role="alert" class="hidden">${region(this.alert)}</div>
      </main>
    `;
  }

  #view(): TemplateResult | typeof nothing {
    const { state } = this;
    switch (state.snapshot.view) {
      case "compose":
        return html`<compose-view .state=${state}></compose-view>`;
      case "results":
        return html`<results-view .state=${state}></results-view>`;
      case "history":
        return html`<history-view .state=${state}></history-view>`;
    }
  }

  #remix(): void {
    const { page, snapshot } = this.state;
    const { block, sources } = snapshot.compose;
    if (block !== null) {
      // The reason, and the field it is about: both may be out of sight.
      this.#announcer.announce({ kind: "decision", text: block.text, delay: 0 });
      focusInvalid(this);
    } else if (sources.length > 0) {
      page.send({ type: "remix" });
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { page, snapshot } = this.state;
    if (endsChord(event)) {
      return;
    }
    const view = event.altKey && !event.ctrlKey && !event.metaKey ? viewKeys[event.code] : undefined;
    if (view !== undefined) {
      claim(event);
      page.send({ type: "view", view });
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && snapshot.view === "compose") {
      claim(event);
      if (!event.repeat) {
        this.#remix();
      }
    } else if (event.key.toLowerCase() === "a" && isTextField(event.target)) {
      // VS Code would select all a second time, a moment later: what was typed meanwhile would be replaced.
      event.stopPropagation();
    }
  };
}

function region({ text, number }: Said): unknown {
  return keyed(number, html`<span>${text}</span>`);
}

customElements.define("remix-panel", RemixPanel);
