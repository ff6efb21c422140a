import { html, type TemplateResult } from "lit";
import { PanelElement } from "../element.ts";
import { t } from "../words.ts";
import "./runView.ts";
import "./reviewView.ts";

/** The view of what was asked for: the run while it goes on, then its pictures. */
class ResultsView extends PanelElement {
  protected override render(): TemplateResult {
    const { state } = this;
    const { run, groups } = state.snapshot;
    if (run !== null && !state.arrangement.isReviewing) {
      return html`<run-view .state=${state}></run-view>`;
    }
    return groups.length === 0
      ? html`<section class="welcome" aria-label=${t("Results")}>
          <h2 class="headline">${t("No results yet")}</h2>
          <p class="secondary">${t("What you remix is shown here, beside its sources.")}</p>
        </section>`
      : html`<review-view .state=${state}></review-view>`;
  }
}

customElements.define("results-view", ResultsView);
