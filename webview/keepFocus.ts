/** Leads to the first field on the page whose value is not valid, if there is one. */
export function focusInvalid(page: Element): void {
  const field = page.querySelector<HTMLElement>("[aria-invalid=true], .sizes.invalid");
  const choice = field?.querySelector<HTMLElement>("input:checked, input");
  (choice ?? field)?.focus();
}

/** What can have the focus by Tab, in the order in which it is preferred when the focus has to go somewhere. */
const homes = [
  ".tile.chosen",
  ".headline[tabindex]",
  "button, input, textarea, [tabindex='0'], vscode-button",
];

/**
 * Keeps the focus on the page. A button that vanishes with what it did takes the focus with it, and the next key would
 * go to nobody; then it goes to what stands nearest to where it was.
 */
export class FocusKeeper {
  /** What had the focus last, and all that it stood in. */
  #path: readonly Element[] = [];
  #frame: number | undefined;

  start(): void {
    document.addEventListener("focusin", this.#remember);
    window.addEventListener("focus", this.look);
  }

  stop(): void {
    document.removeEventListener("focusin", this.#remember);
    window.removeEventListener("focus", this.look);
  }

  /** Looks, once the page is drawn, whether the focus has gone. */
  readonly look = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const isLost = document.hasFocus() && document.activeElement === document.body;
      const isGone = this.#path[0]?.isConnected !== true;
      if (isLost && isGone) {
        // A list that was scrolled by the mouse, past the row that had the focus, stays where it is.
        this.#home()?.focus({ preventScroll: true });
      }
    });
  };

  readonly #remember = (event: FocusEvent): void => {
    this.#path = event.composedPath().filter((target): target is Element => target instanceof Element);
  };

  #home(): HTMLElement | undefined {
    if (this.#path.length === 0) {
      // Nothing has had it yet: keys that decide on a picture work at once.
      return document.querySelector<HTMLElement>(".tile.chosen") ?? undefined;
    }
    for (const around of this.#path.filter(({ isConnected }) => isConnected)) {
      for (const home of homes) {
        const found = around.querySelector<HTMLElement>(home);
        if (found !== null) {
          return found;
        }
      }
    }
    return undefined;
  }
}
