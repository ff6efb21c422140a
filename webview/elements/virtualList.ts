import { html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styled } from "../styled.ts";

/** One row of a long list. */
export interface VirtualRow {
  readonly id: string;
  /** CSS pixels. */
  readonly height: number;
  readonly draw: () => TemplateResult;
}

/** Rows this many CSS pixels outside of the window are drawn too, so that scrolling shows no gaps. */
const margin = 240;

/** Draws only the rows that can be seen, whatever element scrolls them. */
export class VirtualList extends LitElement {
  static override properties = { rows: { attribute: false }, from: { state: true }, to: { state: true } };
  declare rows: readonly VirtualRow[];
  /** What is seen, in CSS pixels from the list's upper edge. */
  declare from: number;
  declare to: number;
  #frame: number | undefined;
  readonly #resized = new ResizeObserver(() => this.#measureSoon());

  constructor() {
    super();
    this.rows = [];
    this.from = 0;
    this.to = margin;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("scroll", this.#measureSoon, { capture: true, passive: true });
    this.#resized.observe(document.documentElement);
    this.#measureSoon();
  }

  override disconnectedCallback(): void {
    document.removeEventListener("scroll", this.#measureSoon, { capture: true });
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  /** Brings a row into view; it is drawn when the promise is done. */
  async show(id: string): Promise<void> {
    const index = this.rows.findIndex((row) => row.id === id);
    const row = this.rows[index];
    if (row !== undefined) {
      const top = this.rows.slice(0, index).reduce((sum, { height }) => sum + height, 0);
      if (top < this.from || top + row.height > this.to) {
        this.from = Math.min(this.from, top);
        this.to = Math.max(this.to, top + row.height);
      }
      await this.updateComplete;
      this.querySelector(`[data-row=${JSON.stringify(id)}]`)?.scrollIntoView({ block: "nearest" });
    }
  }

  protected override updated(): void {
    // What stands above the list may have grown with the same change.
    this.#measureSoon();
  }

  protected override render(): TemplateResult {
    let top = 0;
    let before = 0;
    let after = 0;
    const drawn: VirtualRow[] = [];
    for (const row of this.rows) {
      const bottom = top + row.height;
      if (bottom < this.from) {
        before += row.height;
      } else if (top > this.to) {
        after += row.height;
      } else {
        drawn.push(row);
      }
      top = bottom;
    }
    return html`<div class="virtualGap" ${styled({ height: `${before}px` })}></div>
      ${repeat(
        drawn,
        ({ id }) => id,
        ({ id, height, draw }) =>
          html`<div class="virtualRow" data-row=${id} ${styled({ height: `${height}px` })}>${draw()}</div>`,
      )}
      <div class="virtualGap" ${styled({ height: `${after}px` })}></div>`;
  }

  readonly #measureSoon = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const { top } = this.getBoundingClientRect();
      this.from = -top - margin;
      this.to = window.innerHeight - top + margin;
    });
  };
}

customElements.define("virtual-list", VirtualList);
