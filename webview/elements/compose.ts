import { html, type PropertyValues, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import type { PageState } from "../page.ts";
import { t } from "../words.ts";
import "./emptyCompose.ts";
import "./sourceStrip.ts";
import "./stage.ts";
import "./recipeForm.ts";
import "./remixFooter.ts";
import "./sizeField.ts";

/** The view in which a remix is put together. */
class ComposeView extends PanelElement {
  static override properties = { ...PanelElement.properties, isDropTarget: { state: true } };
  declare isDropTarget: boolean;

  constructor() {
    super();
    this.isDropTarget = false;
  }

  protected override firstUpdated(_: PropertyValues): void {
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.isDropTarget = true;
    });
    this.addEventListener("dragleave", (event) => {
      if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) {
        this.isDropTarget = false;
      }
    });
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.isDropTarget = false;
      this.state.page.send({ type: "drop", addresses: droppedAddresses(event.dataTransfer) });
    });
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const { sources } = state.snapshot.compose;
    const frame = classMap({ compose: true, empty: sources.length === 0, dropTarget: this.isDropTarget });
    return sources.length === 0
      ? html`<div class=${frame}><empty-compose .state=${state}></empty-compose></div>`
      : html`<div class=${frame}>
          <div class="left">
            ${state.snapshot.service.provider === "local" ? previewNote(state) : ""}
            <source-strip .state=${state}></source-strip>
            <section class="preview" aria-label=${t("Preview and size")}>
              <source-stage .state=${state}></source-stage>
              <size-field .state=${state}></size-field>
            </section>
          </div>
          <recipe-form .state=${state}></recipe-form>
          <remix-footer .state=${state}></remix-footer>
        </div>`;
  }
}

function previewNote({ page, snapshot }: PageState): TemplateResult {
  const key = snapshot.service.hasKey
    ? ""
    : html`<button type="button" class="link" @click=${() => page.send({ type: "setApiKey" })}>
        ${t("Set Runware API Key…")}
      </button>`;
  return html`<div class="note preview-note">
    ${icon("beaker")}
    <span class="words"
      >${t("Local preview: recolours and restyles on this machine, free and offline. It shows how a remix is set up, not what Ideogram would draw.")}
      ${key}</span
    >
  </div>`;
}

/** Explorer and tabs drop lists of addresses, one a line; lines that start with # are comments. */
function droppedAddresses(data: DataTransfer | null): string[] {
  const list = data?.getData("text/uri-list") || data?.getData("application/vnd.code.uri-list") || "";
  return list
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .slice(0, 1000);
}

customElements.define("compose-view", ComposeView);
