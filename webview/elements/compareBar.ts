import { html, nothing, type TemplateResult } from "lit";
import { compareModes } from "../arrangement.ts";
import { PanelElement } from "../element.ts";
import { iconButton } from "../icon.ts";
import { shownResults } from "../page.ts";
import { segmented } from "../segmented.ts";
import { t } from "../words.ts";
import type { Chosen } from "./reviewView.ts";

/** How source and result are compared, and the way from one result to the next. */
class CompareBar extends PanelElement {
  static override properties = { ...PanelElement.properties, chosen: { attribute: false } };
  declare chosen: Chosen | undefined;

  protected override render(): TemplateResult {
    const { chosen } = this;
    const { page, arrangement } = this.state;
    const titles = { slider: t("Slider"), side: t("Side by Side"), difference: t("Difference") };
    return html`<div class="compareBar">
      ${segmented({
        name: "compareMode",
        label: t("Compare as"),
        look: "segments",
        options: compareModes.map((value) => ({ value, title: titles[value] })),
        chosen: arrangement.compareMode,
        choose: (compareMode) => page.arrange({ compareMode }),
      })}
      <span class="space"></span>
      ${
        chosen === undefined
          ? nothing
          : html`<span class="secondary name positionName" dir="auto" title=${chosen.result.name}>${chosen.result.name}</span>
              <span class="secondary number position">${t("{0} of {1}", chosen.position, chosen.count)}</span>`
      }
      ${iconButton("chevron-left", t("Previous Result"), () => this.#step(-1))}
      ${iconButton("chevron-right", t("Next Result"), () => this.#step(1))}
      <span class="zoomChoice">
        ${segmented({
          name: "zoom",
          label: t("Zoom"),
          look: "segments",
          options: [
            { value: "fit", title: t("Fit") },
            { value: "1", title: t("1:1") },
          ],
          chosen: String(arrangement.zoom),
          choose: (zoom) => page.arrange({ zoom: zoom === "fit" ? "fit" : 1 }),
        })}
      </span>
    </div>`;
  }

  #step(by: number): void {
    const shown = shownResults(this.state);
    const index = shown.findIndex(({ id }) => id === this.chosen?.result.id);
    const next = shown[Math.min(shown.length - 1, Math.max(0, index + by))];
    if (next !== undefined) {
      this.state.page.arrange({ result: next.id });
    }
  }
}

customElements.define("compare-bar", CompareBar);
