/** One control for each kind that a field may have. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { FieldView, Option } from "../src/protocol/compose.ts";
import { describedBy } from "./fieldParts.ts";
import { icon, iconButton } from "./icon.ts";
import type { Page } from "./page.ts";
import { type Spoken, spoken } from "./spoken.ts";
import { codePoints, t } from "./words.ts";
import "./elements/strengthControl.ts";

/** The control of a field, ready to stand below its label. */
export function control(page: Page, field: FieldView): TemplateResult | typeof nothing {
  const { control: kind } = field;
  switch (kind.kind) {
    case "text":
      return textArea(page, field, kind.rows, kind.placeholder);
    case "number":
      return stepper(page, field, kind.minimum, kind.maximum);
    case "slider":
      return html`<strength-control .page=${page} .field=${field} .value=${page.valueOf(field)}></strength-control>`;
    case "dropdown":
      return dropdown(page, field);
    case "radios":
      return radios(page, field, kind.options);
    case "flag":
      return flag(page, field);
    case "images":
      return images(page, field, kind.maximum);
    case "url":
      return textArea(page, field, 1, "https://");
    case "sizes":
      return nothing;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What ids say of the other controls. */
function spokenField({ label, origin, problem }: FieldView): Spoken {
  const description = [problem?.text ?? "", origin].filter((text) => text !== "").join(" ");
  return { label, description, isInvalid: problem !== null };
}

function textArea(page: Page, field: FieldView, rows: number, placeholder: string): TemplateResult {
  return html`<vscode-text-area
    id="control-${field.id}"
    rows=${rows}
    resize="none"
    placeholder=${placeholder}
    ${spoken(spokenField(field))}
    .value=${live(textOf(page.valueOf(field)))}
    @input=${(event: InputEvent) => page.edit(field.id, inputValue(event) === "" ? null : inputValue(event))}
  ></vscode-text-area>`;
}

/** How much of a text's room is used; empty for other kinds. */
export function counter(
  page: Page,
  { id, control: kind, value }: FieldView & { readonly value: unknown },
): string {
  if (kind.kind !== "text") {
    return "";
  }
  const length = codePoints(textOf(page.valueOf({ id, value } as FieldView)).trim());
  return t("{0} of {1}", length, kind.maximum);
}

function inputValue(event: Event): string {
  const { target } = event;
  return target !== null && "value" in target && typeof target.value === "string" ? target.value : "";
}

/** A whole number with buttons for one less and one more. */
function stepper(page: Page, field: FieldView, minimum: number, maximum: number | null): TemplateResult {
  const value = page.valueOf(field);
  const step = (by: number) => {
    const next = (typeof value === "number" ? value : minimum) + by;
    page.edit(field.id, Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Math.max(minimum, next)));
  };
  return html`<span class="stepper">
    <input
      id="control-${field.id}"
      type="text"
      inputmode="numeric"
      .value=${live(textOf(value))}
      aria-invalid=${field.problem !== null}
      aria-describedby=${describedBy(field)}
      @input=${(event: InputEvent) => page.edit(field.id, typedNumber(inputValue(event)))}
      @keydown=${(event: KeyboardEvent) => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (by !== undefined) {
          event.preventDefault();
          step(by);
        }
      }}
    />
    ${iconButton("remove", t("{0}: One Less", field.label), () => step(-1))}
    ${iconButton("add", t("{0}: One More", field.label), () => step(1))}
  </span>`;
}

/** What was typed as a number, else as it is: the extension says what is wrong with it. */
export function typedNumber(text: string): number | string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** @param isInline inside a label, which then names it */
export function dropdown(page: Page, field: FieldView, isInline = false): TemplateResult {
  const options = field.control.kind === "dropdown" ? field.control.options : [];
  return html`<vscode-dropdown
    id="control-${field.id}"
    class=${isInline ? "inline" : ""}
    ${spoken(spokenField(field))}
    .value=${textOf(page.valueOf(field))}
    @change=${(event: Event) => page.edit(field.id, inputValue(event))}
  >
    ${options.map(
      ({ value, title, description }) =>
        html`<vscode-option value=${value} title=${description} .selected=${value === page.valueOf(field)}
          >${title}</vscode-option
        >`,
    )}
  </vscode-dropdown>`;
}

function radios(page: Page, field: FieldView, options: readonly Option[]): TemplateResult {
  const chosen = page.valueOf(field);
  return html`<div
    class="radios"
    role="radiogroup"
    id="control-${field.id}"
    aria-labelledby="label-${field.id}"
    aria-invalid=${field.problem !== null}
    aria-describedby=${describedBy(field)}
  >
    ${options.map(
      ({ value, title, description }) => html`<label class="radio ${value === chosen ? "chosen" : ""}">
        <input
          type="radio"
          name=${field.id}
          .value=${value}
          .checked=${live(value === chosen)}
          @change=${() => page.edit(field.id, value)}
        />
        <span class="mark"></span>
        <span class="title">${title}</span>
        <span class="secondary description">${description}</span>
      </label>`,
    )}
  </div>`;
}

function flag(page: Page, field: FieldView): TemplateResult {
  return html`<vscode-checkbox
    id="control-${field.id}"
    ${spoken(spokenField(field))}
    .checked=${page.valueOf(field) === true}
    @change=${(event: Event) => {
      const { target } = event;
      if (target !== null && "checked" in target && target.checked !== page.valueOf(field)) {
        page.edit(field.id, target.checked === true);
      }
    }}
    >${field.label}</vscode-checkbox
  >`;
}

function images(page: Page, field: FieldView, maximum: number): TemplateResult {
  const value = page.valueOf(field);
  const chosen = Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  const without = (removed: number) => chosen.filter((_, index) => index !== removed);
  return html`<div class="images" id="control-${field.id}">
    <ul>
      ${chosen.map(
        (name, index) => html`<li>
          ${icon("file-media")}<span class="name" dir="auto" title=${name}>${name}</span>
          ${iconButton("close", t("Remove {0}", name), () => page.edit(field.id, without(index)))}
        </li>`,
      )}
    </ul>
    ${
      chosen.length < maximum
        ? html`<vscode-button appearance="secondary" @click=${() => page.send({ type: "pickImages", id: field.id })}
            >${t("Add Images…")}</vscode-button
          >`
        : nothing
    }
  </div>`;
}
