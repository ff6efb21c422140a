import { LitElement } from "lit";
import type { PageState } from "./page.ts";

/**
 * A part of the page. It draws into the document itself, not into a tree of its own: labels, descriptions and the one
 * style sheet reach everywhere.
 */
export abstract class PanelElement extends LitElement {
  static override properties: Record<string, object> = { state: { attribute: false } };
  declare state: PageState;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
