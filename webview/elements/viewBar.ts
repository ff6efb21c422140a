import { html, nothing, type TemplateResult } from "lit";
import { type View, views } from "../../src/protocol/snapshot.ts";
import { PanelElement } from "../element.ts";
import { icon, iconButton } from "../icon.ts";
import { nextIndex } from "../roving.ts";
import { styled } from "../styled.ts";
import { money, t } from "../words.ts";

/** The row on top: the views, who draws, what has been spent. */
class ViewBar extends PanelElement {
  protected override render(): TemplateResult {
    const { page, snapshot } = this.state;
    return html`<header class="viewBar">
      <h1 class="hidden">${t("Image Remix")}</h1>
      <div role="tablist" aria-label=${t("Views")} @keydown=${this.#onKey}>
        ${views.map((view) => this.#tab(view))}
      </div>
      <span class="space"></span>
      ${snapshot.service.provider === "local" ? this.#preview() : this.#spending()}
      ${iconButton("settings-gear", t("Open Settings"), () => page.send({ type: "openSettings" }))}
    </header>`;
  }

  #tab(view: View): TemplateResult {
    const { page, snapshot } = this.state;
    const chosen = snapshot.view === view;
    const undecided = snapshot.groups.flatMap(({ results }) => results).filter(isUndecided).length;
    const badge =
      view === "results" && undecided > 0
        ? html`<span class="badge" title=${t("{0} undecided", undecided)}>${undecided}</span>`
        : nothing;
    return html`<button
      type="button"
      role="tab"
      id="tab-${view}"
      class="tab"
      aria-selected=${chosen}
      aria-controls="view"
      tabindex=${chosen ? 0 : -1}
      @click=${() => page.send({ type: "view", view })}
    >
      ${title(view)}${badge}
    </button>`;
  }

  #preview(): TemplateResult {
    return html`<span class="pill">${icon("beaker")}${t("Local preview")}</span>`;
  }

  #spending(): TemplateResult {
    const { model, spending } = this.state.snapshot.service;
    const { today, cap } = spending;
    const text = cap > 0 ? t("{0} of {1} today", money(today), money(cap)) : t("{0} today", money(today));
    const share = cap > 0 ? Math.min(100, (today / cap) * 100) : 0;
    return html`<span class="model secondary">${model}</span>
      <span class="spending">
        ${
          cap > 0
            ? html`<span
                class="meter"
                role="meter"
                aria-label=${t("Spent today")}
                aria-valuemin="0"
                aria-valuemax=${cap}
                aria-valuenow=${today}
                aria-valuetext=${text}
                ><span class="bar" ${styled({ width: `${share}%` })}></span
              ></span>`
            : nothing
        }
        <span class="number">${text}</span>
      </span>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const index = nextIndex(event, views.indexOf(this.state.snapshot.view), views.length);
    const view = index === undefined ? undefined : views[index];
    if (view !== undefined) {
      event.preventDefault();
      this.state.page.send({ type: "view", view });
      this.querySelector<HTMLElement>(`#tab-${view}`)?.focus();
    }
  };
}

function isUndecided({ decision }: { readonly decision: string }): boolean {
  return decision === "undecided";
}

function title(view: View): string {
  switch (view) {
    case "compose":
      return t("Compose");
    case "results":
      return t("Results");
    case "history":
      return t("History");
  }
}

customElements.define("view-bar", ViewBar);
