import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { repeat } from "lit/directives/repeat.js";
import type { SourceView } from "../../src/protocol/compose.ts";
import { PanelElement } from "../element.ts";
import { icon, iconButton } from "../icon.ts";
import { shownSource } from "../page.ts";
import { nextIndex, removes } from "../roving.ts";
import { styled } from "../styled.ts";
import { percent, plural, spokenPixels, t } from "../words.ts";

/** From one picture to the next, and a picture's own width, in CSS pixels. */
const [step, width] = [108, 96];
/** Pictures this many CSS pixels outside of the strip are drawn too, so that scrolling shows no gaps. */
const margin = 3 * step;

/** The chosen sources in a row, of which only those are drawn that can be seen, and the chosen one. */
class SourceStrip extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    from: { state: true },
    to: { state: true },
  };
  /** What is seen, in CSS pixels from the first picture. */
  declare from: number;
  declare to: number;
  /** Id of the source that gets the focus once it is drawn. */
  #awaited: string | undefined;
  #focused: HTMLElement | undefined;
  #frame: number | undefined;
  readonly #resized = new ResizeObserver(() => this.#measureSoon());

  constructor() {
    super();
    this.from = 0;
    this.to = window.innerWidth;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(document.documentElement);
  }

  override disconnectedCallback(): void {
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const focused = document.activeElement;
    this.#focused = focused instanceof HTMLElement && focused.matches(".thumb") ? focused : undefined;
  }

  protected override updated(): void {
    if (document.activeElement === document.body && this.#focused?.isConnected === true) {
      // A node that is moved among its neighbours loses the focus.
      this.#focused.focus({ preventScroll: true });
    }
    const element = this.#awaited && document.getElementById(`source-${this.#awaited}`);
    if (element instanceof HTMLElement) {
      this.#awaited = undefined;
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  protected override render(): TemplateResult {
    const { page, snapshot } = this.state;
    const { sources } = snapshot.compose;
    return html`<section class="sources" aria-label=${t("Sources")}>
      <div class="head">
        <h2>${t("Sources")}</h2>
        <span class="secondary">${plural(sources.length, "{0} image", "{0} images")}</span>
        <span class="space"></span>
        ${iconButton("add", t("Add Images…"), () => page.send({ type: "addImages" }))}
        ${iconButton("clear-all", t("Remove All from the List"), () => page.send({ type: "clearSources" }))}
      </div>
      <div class="strip" @scroll=${this.#measureSoon}>
        <div
          class="thumbs"
          role="listbox"
          aria-label=${t("Sources")}
          aria-orientation="horizontal"
          @keydown=${this.#onKey}
          ${styled({ width: `${sources.length * step - (step - width)}px` })}
        >
          ${repeat(
            this.#drawn(),
            ({ source }) => source.id,
            ({ source, index }) => this.#thumb(source, index),
          )}
        </div>
        <button
          type="button"
          class="addTile"
          title=${t("Add Images…")}
          aria-label=${t("Add Images…")}
          @click=${() => page.send({ type: "addImages" })}
        >
          ${icon("add")}
        </button>
      </div>
    </section>`;
  }

  #drawn(): readonly { readonly source: SourceView; readonly index: number }[] {
    const shown = shownSource(this.state);
    return this.state.snapshot.compose.sources
      .map((source, index) => ({ source, index }))
      .filter(({ source, index }) => {
        const left = index * step;
        return source === shown || (left + width > this.from - margin && left < this.to + margin);
      });
  }

  readonly #measureSoon = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const strip = this.querySelector(".strip");
      if (strip !== null) {
        this.from = strip.scrollLeft;
        this.to = strip.scrollLeft + strip.clientWidth;
      }
    });
  };

  #thumb(source: SourceView, index: number): TemplateResult {
    const { page, snapshot } = this.state;
    const chosen = shownSource(this.state)?.id === source.id;
    const lost = source.plan === null ? 0 : percent(source.plan.loss);
    const name = spokenName(source);
    return html`<div
      class=${classMap({ thumb: true, chosen, failed: source.problem !== null })}
      role="option"
      id="source-${source.id}"
      aria-selected=${chosen}
      aria-setsize=${snapshot.compose.sources.length}
      aria-posinset=${index + 1}
      title=${source.problem ?? source.name}
      tabindex=${chosen ? 0 : -1}
      @click=${() => page.arrange({ source: source.id })}
      ${styled({ left: `${index * step}px` })}
    >
      <span class="box">
        ${
          source.problem === null
            ? html`<img src=${source.uri} alt="" loading="lazy" decoding="async" draggable="false" />`
            : icon("error", "error")
        }
        <span
          class="remove"
          title=${t("Remove from the List (Delete)")}
          @click=${(event: Event) => {
            event.stopPropagation();
            this.#remove(source);
          }}
          >${icon("close")}</span
        >
      </span>
      <span class="hidden">${name}</span>
      <span class="caption" aria-hidden="true">
        <span class="name">${source.stem}</span>
        ${lost > 0 ? html`<span class="lost">${t("−{0} %", lost)}</span>` : nothing}
      </span>
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { page, snapshot } = this.state;
    const { sources } = snapshot.compose;
    const index = sources.findIndex(({ id }) => id === shownSource(this.state)?.id);
    const next = nextIndex(event, index, sources.length);
    const current = sources[index];
    if (removes(event) && current !== undefined) {
      event.preventDefault();
      this.#remove(current);
    } else if (next !== undefined) {
      event.preventDefault();
      page.arrange({ source: sources[next]?.id ?? null });
      this.#focus(sources[next]);
    }
  };

  /** Off the list, never off the disk; the neighbour takes its place. */
  #remove(removed: SourceView): void {
    const { page, snapshot } = this.state;
    const { sources } = snapshot.compose;
    const index = sources.findIndex(({ id }) => id === removed.id);
    const neighbour = sources[index + 1] ?? sources[index - 1];
    if (shownSource(this.state)?.id === removed.id) {
      page.arrange({ source: neighbour?.id ?? null });
    }
    page.send({ type: "removeSource", id: removed.id });
    this.#focus(neighbour);
  }

  #focus(source: SourceView | undefined): void {
    this.#awaited = source?.id;
    this.requestUpdate();
  }
}

function spokenName({ name, plan, problem }: SourceView): string {
  if (problem !== null) {
    return t("{0}, {1}", name, problem);
  }
  if (plan === null) {
    return name;
  }
  const [from, to, lost] = [spokenPixels(plan), spokenPixels(plan.target), percent(plan.loss)];
  return lost === 0
    ? t("{0}, {1}, becomes {2}, loses nothing", name, from, to)
    : t("{0}, {1}, becomes {2}, loses {3} percent", name, from, to, lost);
}

customElements.define("source-strip", SourceStrip);
