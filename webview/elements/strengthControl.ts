import { html, LitElement, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { FieldValue, FieldView, Zone } from "../../src/protocol/compose.ts";
import { describedBy } from "../fieldParts.ts";
import type { Page } from "../page.ts";
import { styled } from "../styled.ts";
import { t } from "../words.ts";

/** A slider whose stretches say what happens to the picture there, with a field to type into. */
class StrengthControl extends LitElement {
  static override properties = {
    page: { attribute: false },
    field: { attribute: false },
    value: { attribute: false },
  };
  declare page: Page;
  declare field: FieldView;
  declare value: FieldValue;

  /** The last value that was a number: what is typed on the way to the next one moves nothing. */
  #number: number | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { field, value } = this;
    if (field.control.kind !== "slider") {
      return html``;
    }
    const { minimum, maximum, zones } = field.control;
    if (typeof value === "number" && Number.isFinite(value)) {
      this.#number = Math.min(maximum, Math.max(minimum, value));
    }
    const number = this.#number ?? minimum;
    const current = zones.find(({ to }) => number <= to) ?? zones.at(-1);
    const spoken =
      current === undefined
        ? String(number)
        : t("{0}, {1}: {2}", number, current.word.toLowerCase(), current.sentence.toLowerCase());
    const edit = (event: Event) => {
      if (event.target instanceof HTMLInputElement) {
        this.page.edit(field.id, typed(event.target.value));
      }
    };
    return html`<div class="strength">
        <span class="slider">
          ${segments(zones, minimum, maximum, number)}
          <input
            type="range"
            id="control-${field.id}"
            min=${minimum}
            max=${maximum}
            .value=${live(String(number))}
            aria-valuetext=${spoken}
            aria-describedby=${describedBy(field)}
            aria-invalid=${field.problem !== null}
            @input=${edit}
          />
        </span>
        <input
          type="text"
          inputmode="numeric"
          class="typed"
          .value=${live(value === null ? "" : String(value))}
          aria-label=${t("{0} as a number", field.label)}
          aria-invalid=${field.problem !== null}
          aria-describedby=${describedBy(field)}
          @input=${edit}
        />
        <span class="zones" aria-hidden="true">
          ${zones.map((zone) => html`<span class=${zone === current ? "current" : "secondary"}>${zone.word}</span>`)}
        </span>
      </div>
      <p class="secondary sentence">${current?.sentence}</p>`;
  }
}

/** The track: one stretch for each zone, filled up to the value. */
function segments(zones: readonly Zone[], minimum: number, maximum: number, value: number): TemplateResult {
  const starts = [minimum - 1, ...zones.map(({ to }) => to)];
  return html`<span class="segments">
    ${zones.map(({ to }, index) => {
      const from = starts[index] ?? minimum;
      const length = (to - from) / (maximum - minimum + 1);
      const filled = Math.min(1, Math.max(0, (value - from) / (to - from)));
      return html`<span class="segment" ${styled({ "flex-grow": String(length) })}
        ><span class="filled" ${styled({ width: `${filled * 100}%` })}></span
      ></span>`;
    })}
  </span>`;
}

function typed(text: string): FieldValue {
  const trimmed = text.trim();
  return trimmed === "" ? null : /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

customElements.define("strength-control", StrengthControl);
