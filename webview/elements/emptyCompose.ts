import { html, nothing, type TemplateResult } from "lit";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import { t } from "../words.ts";

/** Compose before a picture was chosen. */
class EmptyCompose extends PanelElement {
  protected override render(): TemplateResult {
    const { page, snapshot } = this.state;
    const isLocal = snapshot.service.provider === "local";
    return html`<section class="welcome" aria-label=${t("Sources")}>
      <h2 class="headline">${t("Remix the pictures of this repository")}</h2>
      <p>
        ${t("Results are saved next to their sources under free names.")}
      </p>
      <vscode-button class="primary" @click=${() => page.send({ type: "addImages" })}
        >${t("Add Images…")}</vscode-button
      >
      <p class="secondary">
        ${t("Or choose Add to Remix Panel in the Explorer, or drop pictures here while you hold Shift.")}
      </p>
      <button type="button" class="link" @click=${() => page.send({ type: "addAny" })}>
        ${t("Try it with a picture from this workspace")}
      </button>
      ${
        isLocal
          ? html`<div class="note preview-note">
              ${icon("beaker")}
              <span class="words"
                >${
                  snapshot.service.hasKey
                    ? t(
                        "Pictures are drawn on this machine as a local preview: free, offline, and not by Ideogram.",
                      )
                    : t(
                        "No key is stored, so pictures are drawn on this machine as a local preview: free, offline, and not by Ideogram.",
                      )
                }
                ${
                  snapshot.service.hasKey
                    ? nothing
                    : html`<button type="button" class="link" @click=${() => page.send({ type: "setApiKey" })}>
                        ${t("Set Runware API Key…")}
                      </button>`
                }</span
              >
            </div>`
          : nothing
      }
    </section>`;
  }
}

customElements.define("empty-compose", EmptyCompose);
