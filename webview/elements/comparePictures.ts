import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { live } from "lit/directives/live.js";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import { styled } from "../styled.ts";
import { t } from "../words.ts";
import type { Chosen } from "./reviewView.ts";

/** Source and result, over each other or side by side. */
class ComparePictures extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    chosen: { attribute: false },
    isFlipped: { attribute: false },
    revealed: { state: true },
  };
  declare chosen: Chosen | undefined;
  declare isFlipped: boolean;
  /** Id of the flagged result that the user wants to see. */
  declare revealed: string | null;

  constructor() {
    super();
    this.revealed = null;
    this.addEventListener("keydown", (event) => this.#pan(event));
  }

  protected override render(): TemplateResult {
    const { chosen } = this;
    if (chosen === undefined) {
      return html`<div class="pictures"><p class="secondary">${t("No result matches this filter.")}</p></div>`;
    }
    const { compareMode, zoom } = this.state.arrangement;
    const classes = {
      pictures: true,
      zoomed: zoom !== "fit",
      side: compareMode === "side" && !this.isFlipped,
    };
    return html`<div class=${classMap(classes)}>${this.#frames(chosen)}</div>`;
  }

  #frames(chosen: Chosen): TemplateResult | readonly TemplateResult[] {
    if (this.isFlipped) {
      return this.#frame(chosen, html`${this.#source(chosen)}${label("left", t("Source"))}`);
    }
    switch (this.state.arrangement.compareMode) {
      case "slider":
        return this.#frame(chosen, this.#slider(chosen));
      case "side":
        return [
          this.#frame(chosen, html`${this.#source(chosen)}${label("left", t("Source"))}`),
          this.#frame(chosen, html`${this.#result(chosen)}${label("left", resultLabel(chosen))}`),
        ];
      case "difference":
        return this.#frame(
          chosen,
          html`${this.#result(chosen)}${this.#source(chosen, "difference")}${label("left", t("Difference"))}`,
        );
    }
  }

  #frame({ result }: Chosen, content: TemplateResult): TemplateResult {
    const { zoom } = this.state.arrangement;
    // As long as nobody knows its size, it is drawn square.
    const { width, height } = result.size ?? { width: 1024, height: 1024 };
    const natural = zoom === "fit" ? 1 : (width * zoom) / window.devicePixelRatio;
    const style = { "--ratio": String(width / height), "--natural": `${natural}px` };
    return html`<div class="frame" ${styled(style)}>${content}</div>`;
  }

  #slider(chosen: Chosen): TemplateResult {
    const { page, arrangement } = this.state;
    const { divider } = arrangement;
    const cut = { "clip-path": `inset(0 ${100 - divider}% 0 0)` };
    return html`${this.#result(chosen)}
      <span class="cut" ${styled(cut)}>${this.#source(chosen)}</span>
      ${label("left", t("Source"))} ${label("right", resultLabel(chosen))}
      <span class="divider" ${styled({ left: `${divider}%` })}
        ><span class="grip">${icon("arrow-swap")}</span></span
      >
      <input
        type="range"
        class="dividerInput"
        min="0"
        max="100"
        .value=${live(String(divider))}
        aria-label=${t("Divider between source and result")}
        aria-valuetext=${t("{0} percent source", Math.round(divider))}
        @input=${({ target }: Event) => {
          if (target instanceof HTMLInputElement) {
            page.arrange({ divider: Number(target.value) });
          }
        }}
      />`;
  }

  #source({ group }: Chosen, className = ""): TemplateResult {
    return html`<img class=${className} src=${group.uri} alt=${t("Source {0}", group.name)} decoding="async" draggable="false" />`;
  }

  #result({ result }: Chosen): TemplateResult {
    const isHidden = result.flagged && this.revealed !== result.id;
    return html`<img
        class=${isHidden ? "blurred" : ""}
        src=${result.uri}
        alt=${result.name}
        decoding="async"
        draggable="false"
      />
      ${
        isHidden
          ? html`<button
              type="button"
              class="reveal"
              @click=${() => {
                this.revealed = result.id;
              }}
            >
              ${icon("eye")} ${t("Flagged as unsafe. Show Anyway")}
            </button>`
          : nothing
      }`;
  }

  #pan(event: KeyboardEvent): void {
    const step = 80;
    const [x, y] =
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (event.shiftKey && x !== undefined && y !== undefined) {
      event.preventDefault();
      this.querySelector(".pictures")?.scrollBy({ left: x * step, top: y * step });
    }
  }
}

function label(side: "left" | "right", text: string): TemplateResult {
  return html`<span class="pictureLabel ${side}">${text}</span>`;
}

function resultLabel({ group, result }: Chosen): string {
  const number = group.results.findIndex(({ id }) => id === result.id) + 1;
  return result.provider === "local" ? t("Local preview {0}", number) : t("Result {0}", number);
}

customElements.define("compare-pictures", ComparePictures);
