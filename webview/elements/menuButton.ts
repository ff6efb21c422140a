import { html, LitElement, nothing, type TemplateResult } from "lit";
import { iconButton } from "../icon.ts";
import { nextIndex } from "../roving.ts";

export interface MenuItem {
  readonly title: string;
  /** The key that does the same; absent where there is none. */
  readonly key?: string;
  readonly run: () => void;
}

/** What a menu keeps free to the page's edge, in CSS pixels. */
const edge = 8;

/** An icon that opens a small menu. */
class MenuButton extends LitElement {
  static override properties = {
    icon: { attribute: false },
    label: { attribute: false },
    items: { attribute: false },
    isOpen: { state: true },
  };
  declare icon: string;
  declare label: string;
  declare items: readonly MenuItem[];
  declare isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
    this.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) {
        this.isOpen = false;
      }
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("resize", this.#intoView);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("resize", this.#intoView);
    super.disconnectedCallback();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`${iconButton(this.icon, this.label, () => this.#toggle())}
    ${
      this.isOpen
        ? html`<div class="menu" role="menu" aria-label=${this.label} @keydown=${this.#onKey}>
            ${this.items.map(
              ({ title, key, run }) => html`<button
                type="button"
                role="menuitem"
                tabindex="-1"
                @click=${() => {
                  this.#close();
                  run();
                }}
              >
                <span>${title}</span>${key === undefined ? nothing : html`<kbd>${key}</kbd>`}
              </button>`,
            )}
          </div>`
        : nothing
    }`;
  }

  protected override updated(): void {
    const button = this.querySelector("button");
    button?.setAttribute("aria-haspopup", "menu");
    button?.setAttribute("aria-expanded", String(this.isOpen));
  }

  async #toggle(): Promise<void> {
    this.isOpen = !this.isOpen;
    await this.updateComplete;
    this.#intoView();
    this.#buttons()[0]?.focus();
  }

  /** A menu hangs on its button's right edge; one that would reach beyond the page's left edge is moved back. */
  readonly #intoView = (): void => {
    const menu = this.querySelector<HTMLElement>(".menu");
    menu?.style.removeProperty("transform");
    const beyond = edge - (menu?.getBoundingClientRect().left ?? edge);
    if (beyond > 0) {
      menu?.style.setProperty("transform", `translateX(${beyond}px)`);
    }
  };

  #close(): void {
    this.querySelector("button")?.focus();
    this.isOpen = false;
  }

  #buttons(): readonly HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role=menuitem]")];
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const buttons = this.#buttons();
    const index = buttons.indexOf(document.activeElement as HTMLElement);
    const next = nextIndex(event, index, buttons.length);
    event.stopPropagation();
    if (event.key === "Escape") {
      this.#close();
    } else if (next !== undefined) {
      event.preventDefault();
      buttons[next]?.focus();
    }
  };
}

customElements.define("menu-button", MenuButton);
