import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { FieldView, PartView, Place } from "../../src/protocol/compose.ts";
import { control, counter } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { fieldHead, originWord, problemNote } from "../fieldParts.ts";
import { t } from "../words.ts";
import "./menuButton.ts";

/** The recipe: what will be done, in words. */
class RecipeForm extends PanelElement {
  protected override render(): TemplateResult {
    const { parts } = this.state.snapshot.compose;
    return html`<section class="recipe" aria-label=${t("Recipe")}>
      <div class="recipeStart">
        ${this.#preset()}
        ${this.#at("prompt").map((field) => this.#prompt(field))}
      </div>
      ${this.#at("main").map((field) => this.#field(field))}
      <div class="row">${this.#at("row").map((field) => this.#field(field))}</div>
      <div class="parts">${parts.map((part) => this.#part(part))}</div>
    </section>`;
  }

  #at(place: Place): readonly FieldView[] {
    return this.state.snapshot.compose.fields.filter((field) => field.place === place);
  }

  #preset(): TemplateResult {
    const { page, snapshot } = this.state;
    const { presets, preset } = snapshot.compose;
    const where = presets.find(({ name }) => name === preset)?.where;
    const none = t("None");
    return html`<div class="field preset">
      <div class="fieldHead"><label for="preset">${t("Preset")}</label></div>
      <div class="withButton">
        <vscode-dropdown
          id="preset"
          aria-label=${t("Preset")}
          .value=${preset ?? ""}
          @change=${(event: Event) => choose(event, (name) => page.choosePreset(name === "" ? null : name))}
        >
          <span slot="selected-value" class="chosenPreset"
            ><span>${preset ?? none}</span> <span class="secondary">${where ?? ""}</span></span
          >
          <vscode-option value="" .selected=${preset === null}>${none}</vscode-option>
          ${presets.map(
            ({ name, where: place }) =>
              html`<vscode-option value=${name} title=${place} .selected=${name === preset}>${name}</vscode-option>`,
          )}
        </vscode-dropdown>
        <menu-button
          .icon=${"save"}
          .label=${t("Save Recipe")}
          .items=${[
            { title: t("Save as Preset…"), run: () => page.send({ type: "saveAsPreset" }) },
            { title: t("Save to Workspace Settings"), run: () => page.send({ type: "saveToWorkspace" }) },
          ]}
        ></menu-button>
      </div>
    </div>`;
  }

  #prompt(field: FieldView): TemplateResult {
    const { page } = this.state;
    const [below] = this.#at("belowPrompt");
    return html`<div class=${fieldClass(field)}>
      ${fieldHead(page, field)} ${control(page, field)}
      <div class="belowPrompt">
        <span class="counter secondary number ${field.problem === null ? "" : "over"}">${counter(page, field)}</span>
        ${below === undefined ? nothing : this.#closed(below)}
      </div>
      ${problemNote(page, field)}
    </div>`;
  }

  /** A field that is closed at first, with its value at the end of the closed line. */
  #closed(field: FieldView): TemplateResult {
    const { page } = this.state;
    const value = page.valueOf(field);
    const short = typeof value === "string" && value !== "" ? value : t("none");
    return html`<details ?open=${this.#isOpen(field.id, [field])} @toggle=${this.#onToggle(field.id)}>
      <summary><span class="title">${field.label}</span> <span class="secondary value">${short}</span></summary>
      <div class=${fieldClass(field)}>
        <div class="fieldHead"><span class="space"></span>${originWord(page, field)}</div>
        ${control(page, field)} ${problemNote(page, field)}
      </div>
    </details>`;
  }

  #field(field: FieldView): TemplateResult {
    const { page } = this.state;
    const kind = field.control.kind;
    return html`<div class=${fieldClass(field)}>
      ${kind === "flag" ? html`<div class="fieldHead"><span class="space"></span>${originWord(page, field)}</div>` : fieldHead(page, field)}
      ${control(page, field)} ${problemNote(page, field)}
    </div>`;
  }

  #part({ id, title, summary }: PartView): TemplateResult {
    const fields = this.#at("part").filter(({ part }) => part === id);
    return html`<details ?open=${this.#isOpen(id, fields)} @toggle=${this.#onToggle(id)}>
      <summary><span class="title">${title}</span><span class="space"></span><span class="secondary value">${summary}</span></summary>
      <div class="partFields">${fields.map((field) => this.#field(field))}</div>
    </details>`;
  }

  #isOpen(id: string, fields: readonly FieldView[]): boolean {
    return this.state.arrangement.open.includes(id) || fields.some(({ problem }) => problem !== null);
  }

  #onToggle(id: string): (event: Event) => void {
    return ({ currentTarget }) => {
      const { page, arrangement } = this.state;
      const isOpen = currentTarget instanceof HTMLDetailsElement && currentTarget.open;
      if (isOpen !== arrangement.open.includes(id)) {
        const others = arrangement.open.filter((other) => other !== id);
        page.arrange({ open: isOpen ? [...others, id] : others });
      }
    };
  }
}

function fieldClass({ changed, problem, control: { kind } }: FieldView): unknown {
  return classMap({ field: true, changed, invalid: problem !== null, [`kind-${kind}`]: true });
}

function choose({ target }: Event, run: (value: string) => void): void {
  if (target !== null && "value" in target && typeof target.value === "string") {
    run(target.value);
  }
}

customElements.define("recipe-form", RecipeForm);
