/** What every field has: its label, where its value came from, and what is wrong with it. */
import { html, nothing, type TemplateResult } from "lit";
import type { FieldView } from "../src/protocol/compose.ts";
import { icon, iconButton } from "./icon.ts";
import type { Page } from "./page.ts";
import { t } from "./words.ts";

/** Ids of the elements that say more about a field. */
export function describedBy({ id, problem, origin }: FieldView): string {
  const origins = origin === "" ? [] : [`origin-${id}`];
  return [...(problem === null ? [] : [`problem-${id}`]), ...origins].join(" ");
}

/** The label of a field, and at its end where the value came from. */
export function fieldHead(page: Page, field: FieldView): TemplateResult {
  return html`<div class="fieldHead">
    <label for="control-${field.id}" id="label-${field.id}" title=${field.description}>${field.label}</label>
    <span class="space"></span>
    ${originWord(page, field)}
  </div>`;
}

/** Where a value came from, to be opened; and the way back from what was set in this panel. */
export function originWord(
  page: Page,
  { id, label, origin, changed }: FieldView,
): TemplateResult | typeof nothing {
  if (origin === "") {
    return nothing;
  }
  const word = changed
    ? html`<span class="origin" id="origin-${id}">${origin}</span>`
    : html`<button
        type="button"
        class="origin"
        id="origin-${id}"
        title=${t("Open where {0} is set", label)}
        @click=${() => page.send({ type: "openOrigin", id })}
      >
        ${origin}
      </button>`;
  return html`${word}${changed ? iconButton("discard", t("Reset {0}", label), () => page.reset(id), "reset") : nothing}`;
}

/** What is wrong with a field's value. */
export function problemNote(page: Page, { id, problem }: FieldView): TemplateResult | typeof nothing {
  if (problem === null) {
    return nothing;
  }
  return html`<p class="problem" id="problem-${id}">
    ${icon("error", "error")}
    <span
      >${problem.text}
      ${
        problem.canOpen
          ? html`<button type="button" class="link" @click=${() => page.send({ type: "openOrigin", id })}>
              ${t("Open Setting")}
            </button>`
          : nothing
      }</span
    >
  </p>`;
}
