import { html, type TemplateResult } from "lit";
import type { NoticeView } from "../../src/protocol/snapshot.ts";
import { actionButtons } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";

const icons = { info: "info", warning: "warning", error: "error" } as const;

/** What the user should know in any view. */
class PanelNotices extends PanelElement {
  protected override render(): TemplateResult {
    return html`${this.state.snapshot.notices.map((notice) => this.#notice(notice))}`;
  }

  #notice({ id, severity, text, actions }: NoticeView): TemplateResult {
    return html`<div class="note ${severity}">
      ${icon(icons[severity], severity)}
      <span class="words">${text}</span>
      <span class="noticeActions">${actionButtons(this.state.page, id, actions)}</span>
    </div>`;
  }
}

customElements.define("panel-notices", PanelNotices);
