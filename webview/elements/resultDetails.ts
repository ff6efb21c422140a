import { html, nothing, type TemplateResult } from "lit";
import { PanelElement } from "../element.ts";
import { money, pixels, t } from "../words.ts";
import type { Chosen } from "./reviewView.ts";

/** What is known of the result that is looked at. */
class ResultDetails extends PanelElement {
  static override properties = { ...PanelElement.properties, chosen: { attribute: false } };
  declare chosen: Chosen | undefined;

  protected override render(): TemplateResult | typeof nothing {
    if (this.chosen === undefined) {
      return nothing;
    }
    const { result } = this.chosen;
    const { page } = this.state;
    const isLocal = result.provider === "local";
    const drawn = result.model === null ? t("Runware") : t("{0} on Runware", result.model);
    const cost = result.cost === null ? t("cost not reported") : money(result.cost);
    const made = isLocal ? t("Local preview, free") : `${drawn}, ${cost}`;
    return html`<section class="details" aria-label=${t("Details")}>
      <div class="head">
        <h2 dir="auto" title=${result.name}>${result.name}</h2>
        <span class="space"></span>
        <button
          type="button"
          class="link"
          @click=${() => page.send({ type: "result", id: result.id, action: "showRecipe" })}
        >
          ${t("Show Recipe")}
        </button>
      </div>
      <dl class="facts">
        ${fact(t("Picture"), [result.size === null ? "" : pixels(result.size), result.file].filter((text) => text !== "").join(", "))}
        ${result.prompt === "" ? nothing : fact(t("Prompt"), result.prompt, "prompt")}
        ${result.recipe === "" ? nothing : fact(t("Recipe"), result.recipe)} ${fact(t("Made by"), made)}
        ${result.seed === null ? nothing : fact(t("Seed"), result.seed)}
      </dl>
    </section>`;
  }
}

function fact(label: string, value: string, className = ""): TemplateResult {
  return html`<dt class="secondary">${label}</dt><dd class=${className} dir="auto" title=${value}>${value}</dd>`;
}

customElements.define("result-details", ResultDetails);
