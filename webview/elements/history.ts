import { html, nothing, type TemplateResult } from "lit";
import type { HistoryView } from "../../src/protocol/results.ts";
import { PanelElement } from "../element.ts";
import { money, plural, t } from "../words.ts";
import type { VirtualRow } from "./virtualList.ts";
import "./virtualList.ts";

/** Earlier runs of this workspace. */
class HistoryElement extends PanelElement {
  protected override render(): TemplateResult {
    const { history, isReadingHistory } = this.state.snapshot;
    if (history.length === 0) {
      return html`<section class="welcome" aria-label=${t("History")}>
        <h2 class="headline">${isReadingHistory ? t("Looking for earlier results…") : t("Nothing here yet")}</h2>
        <p class="secondary">${t("Results of earlier sessions of this workspace are listed here.")}</p>
      </section>`;
    }
    const rows = history.map(
      (entry): VirtualRow => ({ id: entry.id, height: 76, draw: () => this.#entry(entry) }),
    );
    return html`<section class="history" aria-label=${t("History")}>
      <div role="list" aria-label=${t("Earlier runs")}><virtual-list .rows=${rows}></virtual-list></div>
      ${isReadingHistory ? html`<p class="secondary reading">${t("Looking for earlier results…")}</p>` : nothing}
    </section>`;
  }

  #entry({ id, time, title, prompt, provider, results, cost, thumbnails }: HistoryView): TemplateResult {
    const { page } = this.state;
    const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(time);
    const price =
      provider === "local" ? t("Local preview, free") : cost === null ? t("cost not reported") : money(cost);
    return html`<div role="listitem">
      <button type="button" class="historyEntry" @click=${() => {
        page.arrange({ isReviewing: true });
        page.send({ type: "history", id });
      }}>
        <span class="thumbnails">
          ${thumbnails.slice(0, 3).map((uri) => html`<img src=${uri} alt="" loading="lazy" decoding="async" />`)}
        </span>
        <span class="names">
          <span class="name">${title}</span>
          ${prompt === "" ? nothing : html`<span class="secondary prompt">${prompt}</span>`}
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
