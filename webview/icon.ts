import { html, type TemplateResult } from "lit";

/** A codicon. It says nothing to a screen reader: what it means stands beside it, or names its button. */
export function icon(name: string, className = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${className}" aria-hidden="true"></span>`;
}

/** A button that shows only an icon. */
export function iconButton(name: string, title: string, run: () => void, className = ""): TemplateResult {
  return html`<button type="button" class="iconButton ${className}" title=${title} aria-label=${title} @click=${run}>
    ${icon(name)}
  </button>`;
}
