import { html, type nothing, type TemplateResult } from "lit";
import type { Snapshot, View } from "../../src/protocol/snapshot.ts";
import { announcements } from "../announce.ts";
import { ChordWatch, endsChord } from "../chords.ts";
import { PanelElement } from "../element.ts";
import { FocusKeeper } from "../keepFocus.ts";
import { claim, isTextField } from "../roving.ts";
import "./viewBar.ts";
import "./compose.ts";
import "./results.ts";
import "./history.ts";
import "./notices.ts";

const viewKeys: Readonly<Record<string, View>> = { Digit1: "compose", Digit2: "results", Digit3: "history" };

/** The whole page. */
export class RemixPanel extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    status: { state: true },
    alert: { state: true },
  };
  declare status: string;
  declare alert: string;
  readonly #focus = new FocusKeeper();
  readonly #chords = new ChordWatch();
  #earlier: Snapshot | undefined;
  #waiting: { readonly text: string; readonly timer: number } | undefined;

  constructor() {
    super();
    this.status = "";
    this.alert = "";
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
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const { snapshot } = this.state;
    if (snapshot !== this.#earlier) {
      const { status, alert, delay = 0 } = announcements(this.#earlier, snapshot);
      this.#earlier = snapshot;
      this.alert = alert ?? this.alert;
      if (status !== undefined) {
        this.#say(status, delay);
      }
    }
  }

  protected override updated(): void {
    this.#focus.look();
  }

  /** Of several that wait, the newest is said when the first one's time has come. */
  #say(text: string, delay: number): void {
    if (delay === 0) {
      window.clearTimeout(this.#waiting?.timer);
      this.#waiting = undefined;
      this.status = text;
      return;
    }
    const say = () => {
      this.status = this.#waiting?.text ?? this.status;
      this.#waiting = undefined;
    };
    this.#waiting = { text, timer: this.#waiting?.timer ?? window.setTimeout(say, delay) };
  }

  protected override render(): TemplateResult {
    const { state } = this;
    return html`
      <view-bar .state=${state}></view-bar>
      <main>
        <panel-notices .state=${state}></panel-notices>
        <div id="view" role="tabpanel" aria-labelledby="tab-${state.snapshot.view}">${this.#view()}</div>
        <div role="status" class="hidden">${this.status}</div>
        <div role="alert" class="hidden">${this.alert}</div>
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
      const { block, sources } = snapshot.compose;
      if (block === null && sources.length > 0 && !event.repeat) {
        page.send({ type: "remix" });
      }
    } else if (event.key.toLowerCase() === "a" && isTextField(event.target)) {
      // VS Code would select all a second time, a moment later: what was typed meanwhile would be replaced.
      event.stopPropagation();
    }
  };
}

customElements.define("remix-panel", RemixPanel);
