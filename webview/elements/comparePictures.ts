import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { live } from "lit/directives/live.js";
import type { FractionRectangle } from "../../src/engine/size.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import { styled } from "../styled.ts";
import { t } from "../words.ts";
import type { Chosen } from "./reviewView.ts";

/** Source and result, over each other or side by side. */
export class ComparePictures extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    chosen: { attribute: false },
    isFlipped: { attribute: false },
    endFlip: { attribute: false },
    revealed: { state: true },
    lost: { state: true },
  };
  declare chosen: Chosen | undefined;
  /** Whether the source is shown alone. */
  declare isFlipped: boolean;
  declare endFlip: () => void;
  /** Id of the flagged result that the user wants to see. */
  declare revealed: string | null;
  /** Addresses of pictures that could not be loaded. */
  declare lost: ReadonlySet<string>;
  /** What lies in the middle of a zoomed view, in fractions of all of it: kept from one zoom and picture to the next. */
  #middle = { across: 0.5, down: 0.5 };
  /** How much there was to scroll in when it was last scrolled to the middle; empty when nothing is zoomed. */
  #extent = "";

  constructor() {
    super();
    this.revealed = null;
    this.lost = new Set();
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
    // What can be scrolled can be reached, and has a name there.
    return zoom === "fit"
      ? html`<div class=${classMap(classes)}>${this.#frames(chosen)}</div>`
      : html`<div
          class=${classMap(classes)}
          tabindex="0"
          role="group"
          aria-label=${t("Zoomed pictures")}
          @scroll=${this.#onScroll}
        >
          ${this.#frames(chosen)}
        </div>`;
  }

  protected override updated(): void {
    const view = this.querySelector(".pictures.zoomed");
    const extent = view === null ? "" : `${view.scrollWidth} × ${view.scrollHeight}`;
    if (view !== null && extent !== this.#extent) {
      const { across, down } = this.#middle;
      view.scrollTo(
        across * view.scrollWidth - view.clientWidth / 2,
        down * view.scrollHeight - view.clientHeight / 2,
      );
    }
    this.#extent = extent;
  }

  readonly #onScroll = ({ currentTarget: view }: Event): void => {
    if (view instanceof HTMLElement) {
      this.#middle = {
        across: (view.scrollLeft + view.clientWidth / 2) / view.scrollWidth,
        down: (view.scrollTop + view.clientHeight / 2) / view.scrollHeight,
      };
    }
  };

  #frames(chosen: Chosen): TemplateResult | readonly TemplateResult[] {
    const { compareMode } = this.state.arrangement;
    if (this.isFlipped && compareMode !== "slider") {
      return this.#sourceAlone(chosen);
    }
    switch (compareMode) {
      case "slider":
        return this.#frame(chosen, this.#slider(chosen));
      case "side":
        return [
          this.#sourceAlone(chosen),
          this.#frame(
            chosen,
            html`${this.#result(chosen)}${label("left", resultLabel(chosen))}${this.#lostNote(["result"], chosen)}`,
          ),
        ];
      case "difference":
        return this.#frame(
          chosen,
          html`${this.#result(chosen)}${this.#source(chosen, "difference")}${label("left", t("Difference"))}${this.#lostNote(both, chosen)}`,
        );
    }
  }

  #sourceAlone(chosen: Chosen): TemplateResult {
    const note = this.#lostNote(["source"], chosen);
    return this.#frame(chosen, html`${this.#source(chosen)}${label("left", t("Source"))}${note}`);
  }

  #frame({ result }: Chosen, content: TemplateResult): TemplateResult {
    const { zoom } = this.state.arrangement;
    // As long as nobody knows its size, it is drawn square.
    const { width, height } = result.size ?? { width: 1024, height: 1024 };
    const natural = zoom === "fit" ? 1 : (width * zoom) / window.devicePixelRatio;
    const style = { "--ratio": String(width / height), "--natural": `${natural}px` };
    return html`<div class="frame" ${styled(style)}>${content}</div>`;
  }

  /** Flipped, it stays what it is, so that the divider keeps the focus; only the source covers everything. */
  #slider(chosen: Chosen): TemplateResult {
    const { page, arrangement } = this.state;
    const divider = this.isFlipped ? 100 : arrangement.divider;
    const cut = { "clip-path": `inset(0 ${100 - divider}% 0 0)` };
    return html`${this.#result(chosen)}
      <span class="cut" ${styled(cut)}>${this.#source(chosen)}</span>
      ${label("left", t("Source"))} ${this.isFlipped ? nothing : label("right", resultLabel(chosen))}
      <span class="divider ${this.isFlipped ? "away" : ""}" ${styled({ left: `${divider}%` })}
        ><span class="grip">${icon("arrow-swap")}</span></span
      >
      <input
        type="range"
        class="dividerInput"
        min="0"
        max="100"
        .value=${live(String(arrangement.divider))}
        aria-label=${t("Divider between source and result")}
        aria-valuetext=${this.isFlipped ? t("Source alone") : t("{0} percent source", Math.round(divider))}
        @input=${({ target }: Event) => {
          if (target instanceof HTMLInputElement) {
            this.endFlip();
            page.arrange({ divider: Number(target.value) });
          }
        }}
      />
      ${this.#lostNote(this.isFlipped ? ["source"] : both, chosen)}`;
  }

  /** The part of the source that the result shows, so that the same lies in the same place of both. */
  #source({ group, result }: Chosen, className = ""): TemplateResult {
    return html`<span class="sourcePart ${className}"
      ><img
        class=${classMap({ placed: result.used !== null, lost: this.lost.has(sourceUri({ group, result })) })}
        src=${sourceUri({ group, result })}
        @error=${this.#onLost}
        @load=${this.#onLoad}
        alt=${t("Source {0}", group.name)}
        decoding="async"
        draggable="false"
        ${styled(wholeAround(result.used ?? all))}
    /></span>`;
  }

  #result({ result }: Chosen): TemplateResult {
    const isHidden = result.flagged && this.revealed !== result.id;
    return html`<img
        class=${classMap({ blurred: isHidden, lost: this.lost.has(result.uri) })}
        src=${result.uri}
        @error=${this.#onLost}
        @load=${this.#onLoad}
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

  /** Says which pictures cannot be shown; nothing where all can. */
  #lostNote(shown: readonly Side[], { group, result }: Chosen): TemplateResult | typeof nothing {
    const pictures = {
      source: { uri: sourceUri({ group, result }), name: group.name },
      result: { uri: result.uri, name: result.name },
    };
    const names = shown.flatMap((side) => (this.lost.has(pictures[side].uri) ? [pictures[side].name] : []));
    return names.length === 0
      ? nothing
      : html`<span class="lostNote"
          >${icon("error", "error")}
          <span
            >${names.map((name) => html`<span>${t("{0} cannot be shown: it is gone, or cannot be read.", name)} </span>`)}</span
          ></span
        >`;
  }

  readonly #onLost = ({ target }: Event): void => {
    if (target instanceof HTMLImageElement) {
      this.lost = new Set([...this.lost, target.getAttribute("src") ?? ""]);
    }
  };

  readonly #onLoad = ({ target }: Event): void => {
    const address = target instanceof HTMLImageElement ? (target.getAttribute("src") ?? "") : "";
    if (this.lost.has(address)) {
      this.lost = new Set([...this.lost].filter((lost) => lost !== address));
    }
  };

  /** Moves what is zoomed by one step. @param key of an arrow */
  pan(key: string): void {
    const step = 80;
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [];
    if (x !== undefined && y !== undefined) {
      this.querySelector(".pictures")?.scrollBy({ left: x * step, top: y * step });
    }
  }
}

type Side = "source" | "result";

const both: readonly Side[] = ["source", "result"];

/** Address of what a result was made from. */
function sourceUri({ group, result }: Pick<Chosen, "group" | "result">): string {
  return result.original ?? group.uri;
}

const all: FractionRectangle = { left: 0, top: 0, width: 1, height: 1 };

/** Where a whole picture lies, so that `part` of it fills what it lies in. */
function wholeAround({ left, top, width, height }: FractionRectangle): Record<string, string> {
  return {
    left: `${(-100 * left) / width}%`,
    top: `${(-100 * top) / height}%`,
    width: `${100 / width}%`,
    height: `${100 / height}%`,
  };
}

function label(side: "left" | "right", text: string): TemplateResult {
  return html`<span class="pictureLabel ${side}">${text}</span>`;
}

function resultLabel({ group, result }: Chosen): string {
  const number = group.results.findIndex(({ id }) => id === result.id) + 1;
  return result.provider === "local" ? t("Local preview {0}", number) : t("Result {0}", number);
}

customElements.define("compare-pictures", ComparePictures);
