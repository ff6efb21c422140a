import { html, nothing, type TemplateResult } from "lit";
import type { ResultAction } from "../../src/protocol/requests.ts";
import { isOffered } from "../../src/protocol/results.ts";
import { PanelElement } from "../element.ts";
import { icon, iconButton } from "../icon.ts";
import { spoken } from "../spoken.ts";
import { commandKey, t } from "../words.ts";
import type { MenuItem } from "./menuButton.ts";
import type { Chosen } from "./reviewView.ts";
import "./menuButton.ts";

/** What to do with the result that is looked at. */
class DecisionBar extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    chosen: { attribute: false },
    marked: { attribute: false },
    decide: { attribute: false },
    markAll: { attribute: false },
  };
  declare chosen: Chosen | undefined;
  /** How many results are decided on together; 0 for the chosen one alone. */
  declare marked: number;
  declare markAll: () => void;
  declare decide: (action: ResultAction) => void;

  protected override render(): TemplateResult | typeof nothing {
    const { chosen } = this;
    const { page, snapshot } = this.state;
    const { undo } = snapshot;
    if (chosen === undefined) {
      return nothing;
    }
    return html`<div class="decisions">
      ${this.marked > 1 ? this.#together(this.marked) : this.#decisions(chosen)}
      <span class="space"></span>
      ${undo === null ? nothing : iconButton("discard", t("Undo: {0}", undo), () => page.send({ type: "undo" }), "undo")}
      <span class="wideOnly">
        ${this.#shortcut("markdown", t("Copy as Markdown"), "copyMarkdown")}
        ${this.#shortcut("go-to-file", t("Open in Editor"), "open")}
      </span>
      <menu-button .icon=${"ellipsis"} .label=${t("More Actions")} .items=${this.#items()}></menu-button>
    </div>`;
  }

  #shortcut(iconName: string, title: string, action: ResultAction): TemplateResult | typeof nothing {
    const isHere = isOffered(action, this.chosen?.result.decision ?? "undecided");
    return isHere ? iconButton(iconName, title, () => this.decide(action)) : nothing;
  }

  #decisions({ result }: Chosen): TemplateResult {
    switch (result.decision) {
      case "discarded":
        return this.#button("restore", t("Restore"), "", "discard", true);
      case "replaced":
        return this.#button("restore", t("Undo Replace Source"), "", "discard", true);
      default:
        return html`${this.#button("keep", t("Keep"), "K", "check", true)}
        ${this.#button("discard", t("Discard"), "D", null)}
        ${this.#button("replaceSource", t("Replace Source"), "R", null)}
        ${this.#button("remixFurther", t("Remix Further"), "M", null)}`;
    }
  }

  #together(count: number): TemplateResult {
    return html`${this.#button("keep", t("Keep {0}", count), "K", "check", true)}
      ${this.#button("discard", t("Discard {0}…", count), "D", null)}`;
  }

  #button(
    action: ResultAction,
    title: string,
    key: string,
    iconName: string | null,
    isPrimary = false,
  ): TemplateResult {
    return html`<vscode-button
      class="${action} ${isPrimary ? "primary" : ""}"
      appearance=${isPrimary ? "primary" : "secondary"}
      ${spoken({ description: "", key })}
      @click=${() => this.decide(action)}
    >
      ${iconName === null ? nothing : icon(iconName)}<span>${title}</span>${key === "" ? nothing : html`<kbd>${key}</kbd>`}
    </vscode-button>`;
  }

  #items(): readonly MenuItem[] {
    const { page, snapshot } = this.state;
    const decision = this.chosen?.result.decision ?? "undecided";
    const item = (action: ResultAction, title: string, key?: string): readonly MenuItem[] =>
      isOffered(action, decision)
        ? [{ title, ...(key === undefined ? {} : { key }), run: () => this.decide(action) }]
        : [];
    const markAll = { title: t("Mark All"), key: t("{0}+A", commandKey()), run: () => this.markAll() };
    const undo = { title: t("Undo"), key: t("{0}+Z", commandKey()), run: () => page.send({ type: "undo" }) };
    return [
      ...item("replaceSource", t("Replace Source"), "R"),
      ...item("remixFurther", t("Remix Further"), "M"),
      ...item("remixAgain", t("Remix Again: a New Variation")),
      ...item("open", t("Open in Editor"), "Enter"),
      ...item("reveal", t("Reveal in Explorer")),
      ...item("copyMarkdown", t("Copy as Markdown")),
      ...item("showRecipe", t("Show Recipe")),
      { title: t("Flip to the Source"), key: t("Space"), run: () => this.#tell(" ") },
      { title: t("Fit or 1:1"), key: "Z", run: () => this.#tell("z") },
      markAll,
      ...(snapshot.undo === null ? [] : [undo]),
    ];
  }

  /** Does what a key does. */
  #tell(key: string): void {
    this.parentElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
}

customElements.define("decision-bar", DecisionBar);
