import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { FieldView, PixelSize, SizeOption } from "../../src/protocol/compose.ts";
import { dropdown } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { describedBy, originWord, problemNote } from "../fieldParts.ts";
import { icon } from "../icon.ts";
import { shownSource } from "../page.ts";
import { styled } from "../styled.ts";
import { percent, spokenPixels, t } from "../words.ts";

/** Side, in CSS pixels, of the square that all outlines are as large as. */
const outlineSide = 25;

/** The sizes as outlines that are true to scale, and what happens to what does not fit. */
class SizeField extends PanelElement {
  protected override render(): TemplateResult {
    const { fields } = this.state.snapshot.compose;
    const fit = fields.find(({ place }) => place === "fit");
    return html`${fields
      .filter(({ place }) => place === "size")
      .map((field) =>
        field.control.kind === "sizes" ? this.#sizes(field, field.control.options, fit) : nothing,
      )}`;
  }

  #sizes(field: FieldView, options: readonly SizeOption[], fit: FieldView | undefined): TemplateResult {
    const { page } = this.state;
    const chosen = page.valueOf(field);
    const described = options.find(({ value }) => value === chosen)?.description ?? "";
    return html`<div class=${classMap({ sizes: true, invalid: field.problem !== null })}>
      <div class="head">
        <h2 id="label-${field.id}">${field.label}</h2>
        <span class="secondary explained">${described}</span>
        <span class="space"></span>
        ${originWord(page, field)}
        ${
          fit === undefined
            ? nothing
            : html`<label class="fit"
                ><span class="secondary">${fit.label}</span>${dropdown(page, fit, true)}</label
              >`
        }
      </div>
      <fieldset class="sizeStrip" aria-labelledby="label-${field.id}" aria-describedby=${describedBy(field)}>
        ${this.#ordered(options).map((option) => this.#size(field, option, chosen))}
      </fieldset>
      ${problemNote(page, field)}
    </div>`;
  }

  /** The one that chooses by itself, then from tall to wide; where they scroll, the style sheet orders them anew. */
  #ordered(options: readonly SizeOption[]): readonly SizeOption[] {
    const automatic = options.filter(({ size }) => size === null);
    const others = options.filter(({ size }) => size !== null);
    return [...automatic, ...others.toSorted((a, b) => shape(a.size) - shape(b.size))];
  }

  #size(field: FieldView, option: SizeOption, chosen: unknown): TemplateResult {
    const { page } = this.state;
    const plan = shownSource(this.state)?.plan ?? null;
    const isChosen = option.value === chosen;
    const isResult = plan?.option === option.value;
    const lost = plan === null ? 0 : percent(plan.losses[option.value] ?? 0);
    const distance = plan === null ? 0 : Math.abs(Math.log(shape(option.size) / (plan.width / plan.height)));
    const order = option.size === null ? -1 : Math.round(distance * 1000);
    return html`<label
      class=${classMap({ size: true, chosen: isChosen, result: isResult })}
      title=${option.description}
      ${styled({ "--nearness": String(order) })}
    >
      <input
        type="radio"
        name=${field.id}
        .value=${option.value}
        .checked=${isChosen}
        aria-label=${spokenSize(option, lost)}
        @change=${() => page.edit(field.id, option.value)}
      />
      <span class="shape">
        ${option.size === null ? icon("wand") : html`<span class="outline" ${styled(outline(option.size))}></span>`}
      </span>
      <span class="ratio">${option.title}</span>
    </label>`;
  }
}

function shape(size: PixelSize | null): number {
  return size === null ? 1 : size.width / size.height;
}

function outline(size: PixelSize): Record<string, string> {
  const root = Math.sqrt(shape(size));
  return { width: `${outlineSide * root}px`, height: `${outlineSide / root}px` };
}

function spokenSize({ size, title, description }: SizeOption, lost: number): string {
  if (size === null) {
    return t("{0}, {1}", title, description);
  }
  const ratio = title.replace(":", t(" to "));
  return lost === 0
    ? t("{0}, {1}, loses nothing", ratio, spokenPixels(size))
    : t("{0}, {1}, loses {2} percent", ratio, spokenPixels(size), lost);
}

customElements.define("size-field", SizeField);
