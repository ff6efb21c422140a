import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { repeat } from "lit/directives/repeat.js";
import type { SourceView } from "../../src/protocol/compose.ts";
import { PanelElement } from "../element.ts";
import { icon, iconButton } from "../icon.ts";
import { shownSource } from "../page.ts";
import { nextIndex, removes } from "../roving.ts";
import { percent, plural, spokenPixels, t } from "../words.ts";

/** The chosen sources in a row. */
class SourceStrip extends PanelElement {
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
      <div class="strip">
        <div
          class="thumbs"
          role="listbox"
          aria-label=${t("Sources")}
          aria-orientation="horizontal"
          @keydown=${this.#onKey}
        >
          ${repeat(
            sources,
            ({ id }) => id,
            (source) => this.#thumb(source),
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

  #thumb(source: SourceView): TemplateResult {
    const { page } = this.state;
    const chosen = shownSource(this.state)?.id === source.id;
    const lost = source.plan === null ? 0 : percent(source.plan.loss);
    const name = spokenName(source);
    return html`<div
      class=${classMap({ thumb: true, chosen, failed: source.problem !== null })}
      role="option"
      id="source-${source.id}"
      aria-selected=${chosen}
      title=${source.problem ?? source.name}
      tabindex=${chosen ? 0 : -1}
      @click=${() => page.arrange({ source: source.id })}
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
    const element = source && document.getElementById(`source-${source.id}`);
    element?.focus();
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
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
