import { html, nothing, type TemplateResult } from "lit";
import type { HistoryView } from "../../src/protocol/results.ts";
import { PanelElement } from "../element.ts";
import { nextIndex } from "../roving.ts";
import { money, plural, t } from "../words.ts";
import { VirtualList, type VirtualRow } from "./virtualList.ts";

/** Earlier runs of this workspace. */
class HistoryElement extends PanelElement {
  static override properties = { ...PanelElement.properties, focused: { state: true } };
  /** Id of the entry that Tab leads to; null for the first. */
  declare focused: string | null;

  constructor() {
    super();
    this.focused = null;
  }

  protected override render(): TemplateResult {
    const { history, isReadingHistory } = this.state.snapshot;
    if (history.length === 0) {
      return html`<section class="welcome" aria-label=${t("History")}>
        <h2 class="headline">${isReadingHistory ? t("Looking for earlier results…") : t("Nothing here yet")}</h2>
        <p class="secondary">${t("Results of earlier sessions of this workspace are listed here.")}</p>
      </section>`;
    }
    const index = Math.max(0, this.#index());
    const rows = history.map(
      (entry, at): VirtualRow => ({
        id: entry.id,
        height: 76,
        draw: () => this.#entry(entry, at === index, at + 1, history.length),
      }),
    );
    return html`<section class="history" aria-label=${t("History")}>
      <div role="list" aria-label=${t("Earlier runs")} @keydown=${this.#onKey}><virtual-list .rows=${rows}></virtual-list></div>
      ${isReadingHistory ? html`<p class="secondary reading">${t("Looking for earlier results…")}</p>` : nothing}
    </section>`;
  }

  #index(): number {
    return this.state.snapshot.history.findIndex(({ id }) => id === this.focused);
  }

  readonly #onKey = async (event: KeyboardEvent): Promise<void> => {
    const { history } = this.state.snapshot;
    const next = nextIndex(event, Math.max(0, this.#index()), history.length);
    const entry = next === undefined ? undefined : history[next];
    const list = this.querySelector("virtual-list");
    if (entry !== undefined && list instanceof VirtualList) {
      event.preventDefault();
      this.focused = entry.id;
      await list.show(entry.id);
      this.querySelector<HTMLElement>(`[data-row=${JSON.stringify(entry.id)}] button`)?.focus();
    }
  };

  #entry(
    { id, time, title, prompt, provider, results, cost, thumbnails }: HistoryView,
    hasFocus: boolean,
    position: number,
    count: number,
  ): TemplateResult {
    const { page } = this.state;
    const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(time);
    const price =
      provider === "local" ? t("Local preview, free") : cost === null ? t("cost not reported") : money(cost);
    return html`<div role="listitem" aria-setsize=${count} aria-posinset=${position}>
      <button type="button" class="historyEntry" tabindex=${hasFocus ? 0 : -1} @focus=${() => {
        this.focused = id;
      }} @click=${() => {
        page.arrange({ isReviewing: true });
        page.send({ type: "history", id });
      }}>
        <span class="thumbnails">
          ${thumbnails.slice(0, 3).map((uri) => html`<img src=${uri} alt="" loading="lazy" decoding="async" />`)}
        </span>
        <span class="names">
          <span class="name" dir="auto">${title}</span>
          ${prompt === "" ? nothing : html`<span class="secondary prompt" dir="auto">${prompt}</span>`}
        </span>
        <span class="facts">
          <span>${plural(results, "{0} result", "{0} results")} · ${price}</span>
          <span class="secondary">${when}</span>
        </span>
      </button>
    </div>`;
  }
}

customElements.define("history-view", HistoryElement);
