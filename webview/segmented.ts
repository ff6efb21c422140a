import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

/** A choice of one of a few, in a row. */
export interface Segmented<Value extends string> {
  readonly name: string;
  readonly label: string;
  /** `filters`: words with the chosen one filled; `segments`: a bar of equal parts. */
  readonly look: "filters" | "segments";
  readonly options: readonly { readonly value: Value; readonly title: string }[];
  readonly chosen: Value;
  readonly choose: (value: Value) => void;
}

export function segmented<Value extends string>(choice: Segmented<Value>): TemplateResult {
  return html`<fieldset class=${choice.look} aria-label=${choice.label}>
    ${choice.options.map(
      ({ value, title }) => html`<label class=${value === choice.chosen ? "chosen" : ""}>
        <input
          type="radio"
          name=${choice.name}
          .value=${value}
          .checked=${live(value === choice.chosen)}
          @change=${() => choice.choose(value)}
        />
        <span>${title}</span>
      </label>`,
    )}
  </fieldset>`;
}
