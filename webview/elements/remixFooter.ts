import { html, nothing, type TemplateResult } from "lit";
import { actionButtons } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { blockedLabel, remixLabel } from "../price.ts";
import { spoken } from "../spoken.ts";
import { commandKey, money, t } from "../words.ts";

/** The button that starts the run, with its price or the reason why it cannot be pressed. */
class RemixFooter extends PanelElement {
  protected override render(): TemplateResult {
    const { page, snapshot } = this.state;
    const { price, block, hint } = snapshot.compose;
    return html`<footer class="foot">
      <vscode-button
        class="primary"
        aria-disabled=${block !== null}
        ${spoken({ description: block?.text ?? hint })}
        @click=${() => {
          if (block === null) {
            page.send({ type: "remix" });
          }
        }}
      >
        ${
          block !== null
            ? blockedLabel(price)
            : html`<span class="full">${remixLabel(price, "full")}</span
                ><span class="short">${remixLabel(price, "short")}</span>`
        }
      </vscode-button>
      ${
        block !== null && block.actions.length > 0
          ? html`<div class="footActions">${actionButtons(page, null, block.actions)}</div>`
          : nothing
      }
      <div class="hint">
        <span class="secondary" id="remix-hint">${block?.text ?? hint}</span>
        <span class="narrowOnly secondary number">${this.#spending()}</span>
        <span class="space"></span>
        ${
          block === null
            ? html`<span class="keys"><kbd>${commandKey()}</kbd><kbd>${t("Enter")}</kbd></span>`
            : nothing
        }
      </div>
    </footer>`;
  }

  #spending(): string {
    const { provider, spending } = this.state.snapshot.service;
    if (provider === "local") {
      return "";
    }
    return spending.cap > 0
      ? t("{0} of {1} today", money(spending.today), money(spending.cap))
      : t("{0} today", money(spending.today));
  }
}

customElements.define("remix-footer", RemixFooter);
