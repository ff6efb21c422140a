import { html, nothing, type TemplateResult } from "lit";
import type { FractionRectangle } from "../../src/engine/size.ts";
import type { SourcePlan, SourceView } from "../../src/protocol/compose.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import { shownSource } from "../page.ts";
import { styled } from "../styled.ts";
import { percent, pixels, t } from "../words.ts";

/** From this share on, what is lost is worth a warning. */
const muchLost = 0.2;

/** The shown source, whole, with what is cut off or added drawn over it. */
class SourceStage extends PanelElement {
  protected override render(): TemplateResult {
    const source = shownSource(this.state);
    return html`<div class="stage">${source === undefined ? nothing : this.#content(source)}</div>`;
  }

  #content(source: SourceView): TemplateResult {
    const { plan, problem } = source;
    if (problem !== null) {
      return html`<div class="stageArea"></div>
        <p class="stageCaption">${icon("error", "error")} <span>${problem}</span></p>`;
    }
    return plan === null
      ? html`<div class="stageArea">
          <img class="unread" src=${source.uri} alt=${source.name} decoding="async" draggable="false" />
        </div>`
      : html`<div class="stageArea">${picture(source, plan)}</div>
          <div class="stageCaption">
            <strong class="name">${source.name}</strong>
            <span class="secondary number">${pixels(plan)}</span>
            ${icon("arrow-right")}
            <span class="number">${pixels(plan.target)}</span>
            <span class="space"></span>
            ${this.#loss(plan)}
          </div>`;
  }

  #loss(plan: SourcePlan): TemplateResult {
    const lost = percent(plan.loss);
    if (lost === 0) {
      return plan.laid.width < 1 || plan.laid.height < 1
        ? html`<span>${plan.laid.width < 1 ? t("Adds margins at the sides") : t("Adds margins above and below")}</span>`
        : html`<span class="secondary">${t("Loses nothing")}</span>`;
    }
    const [full, short] =
      plan.used.width < 1
        ? [t("Loses {0} % at the sides", lost), t("Loses {0} %", lost)]
        : [t("Loses {0} % above and below", lost), t("Loses {0} %", lost)];
    const text = html`<span class="full">${full}</span><span class="short">${short}</span>`;
    const fit = this.state.snapshot.compose.fields.find(({ place }) => place === "fit");
    const other =
      fit?.control.kind === "dropdown"
        ? fit.control.options.find(({ value }) => value !== fit.value)
        : undefined;
    if (plan.loss < muchLost || fit === undefined || other === undefined) {
      return html`<span>${text}</span>`;
    }
    return html`<span class="much">
      ${icon("warning", "warning")} ${text}
      <button type="button" class="link" @click=${() => this.state.page.edit(fit.id, other.value)}>
        ${t("Pad Instead")}
      </button>
    </span>`;
  }
}

function picture({ name, uri }: SourceView, plan: SourcePlan): TemplateResult {
  const isPadded = plan.laid.width < 1 || plan.laid.height < 1;
  const shape = isPadded ? plan.target : plan;
  const kept = isPadded ? plan.laid : plan.used;
  const frame = { "--ratio": String(shape.width / shape.height) };
  const whole = { left: 0, top: 0, width: 1, height: 1 };
  return html`<div class="frame" ${styled(frame)}>
    <img
      src=${uri}
      alt=${name}
      decoding="async"
      draggable="false"
      ${styled(isPadded ? placed(kept) : placed(whole))}
    />
    ${around(kept).map((part) => html`<span class=${isPadded ? "addedPart" : "lostPart"} ${styled(placed(part))}></span>`)}
    ${kept.width < 1 || kept.height < 1 ? html`<span class="keptPart" ${styled(placed(kept))}></span>` : nothing}
  </div>`;
}

function placed({ left, top, width, height }: FractionRectangle): Record<string, string> {
  const share = (value: number) => `${value * 100}%`;
  return { left: share(left), top: share(top), width: share(width), height: share(height) };
}

/** The parts of the whole that lie left, right, above and below of `inner`, without the empty ones. */
function around({ left, top, width, height }: FractionRectangle): readonly FractionRectangle[] {
  const right = left + width;
  const bottom = top + height;
  const parts = [
    { left: 0, top: 0, width: left, height: 1 },
    { left: right, top: 0, width: 1 - right, height: 1 },
    { left, top: 0, width, height: top },
    { left, top: bottom, width, height: 1 - bottom },
  ];
  return parts.filter((part) => part.width > 0.0001 && part.height > 0.0001);
}

customElements.define("source-stage", SourceStage);
