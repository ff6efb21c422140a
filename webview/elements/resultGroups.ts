import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { GroupView, ResultView } from "../../src/protocol/results.ts";
import { type ResultFilter, resultFilters } from "../arrangement.ts";
import { endsChord } from "../chords.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import { isShown } from "../page.ts";
import { groupWords, tileName } from "../resultWords.ts";
import { segmented } from "../segmented.ts";
import { t } from "../words.ts";
import { VirtualList, type VirtualRow } from "./virtualList.ts";

const tileHeight = 88;
const headHeight = 32;
const groupGap = 8;

/** All results, grouped by their sources. */
export class ResultGroups extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    chosen: { attribute: false },
    marked: { attribute: false },
    goTo: { attribute: false },
    width: { state: true },
    lost: { state: true },
  };
  /** Id of the result that is looked at. */
  declare chosen: string | null;
  /** Ids of several results that are decided on together. */
  declare marked: ReadonlySet<string>;
  declare goTo: (id: string, keys: MouseEvent | KeyboardEvent) => void;
  /** CSS pixels. */
  declare width: number;
  /** Addresses of sources that could not be loaded. */
  declare lost: ReadonlySet<string>;
  readonly #resized = new ResizeObserver(() => {
    this.width = this.clientWidth;
  });

  constructor() {
    super();
    this.width = 420;
    this.lost = new Set();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  /** Brings a tile into view and gives it the focus. */
  async focusTile(id: string): Promise<void> {
    const list = this.querySelector("virtual-list");
    const group = this.state.snapshot.groups.find(({ results }) =>
      results.some((result) => result.id === id),
    );
    const row = this.#rows().find(({ id: row }) => group !== undefined && row.split(" ").includes(group.id));
    if (list instanceof VirtualList && row !== undefined) {
      await list.show(row.id);
      await this.updateComplete;
      this.querySelector<HTMLElement>(`#tile-${id}`)?.focus();
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="groups" aria-label=${t("Results")}>
      <div class="filterRow">${this.#filters()}${this.#backToRun()}</div>
      <div class="groupList" @keydown=${this.#onKey}>
        <virtual-list .rows=${this.#rows()}></virtual-list>
      </div>
    </section>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("chosen") && this.contains(document.activeElement)) {
      this.querySelector<HTMLElement>(`#tile-${this.chosen ?? ""}`)?.focus();
    }
  }

  #backToRun(): TemplateResult | typeof nothing {
    const { page, snapshot } = this.state;
    return snapshot.run === null
      ? nothing
      : html`<button type="button" class="link backToRun" @click=${() => page.arrange({ isReviewing: false })}>
          ${t("Show Run")}
        </button>`;
  }

  #filters(): TemplateResult {
    const { page, snapshot, arrangement } = this.state;
    const results = snapshot.groups.flatMap((group) => group.results);
    const count = (filter: ResultFilter) => results.filter((result) => isShown(result, filter)).length;
    const titles: Readonly<Record<ResultFilter, string>> = {
      all: t("All {0}", results.length),
      undecided: t("Undecided {0}", count("undecided")),
      kept: t("Kept {0}", count("kept")),
      bin: t("Bin {0}", count("bin")),
    };
    return segmented({
      name: "resultFilter",
      label: t("Filter"),
      look: "filters",
      options: resultFilters.map((value) => ({ value, title: titles[value] })),
      chosen: arrangement.resultFilter,
      choose: (resultFilter) => page.arrange({ resultFilter }),
    });
  }

  /** Groups that stand side by side make one row; the source has a tile of its own where there is one group a row. */
  #rows(): readonly VirtualRow[] {
    const isTwoColumn = this.width >= 520;
    const columns = isTwoColumn ? 2 : 3;
    const groups = this.#shownGroups();
    const step = isTwoColumn ? 2 : 1;
    const rows: VirtualRow[] = [];
    for (let index = 0; index < groups.length; index += step) {
      const members = groups.slice(index, index + step);
      const lines = members.map(({ results }) =>
        Math.ceil((results.length + (isTwoColumn ? 0 : 1)) / columns),
      );
      rows.push({
        id: members.map(({ id }) => id).join(" "),
        height: headHeight + Math.max(1, ...lines) * tileHeight + groupGap,
        draw: () =>
          html`<div class="groupRow ${isTwoColumn ? "two" : ""}">
            ${members.map((group) => this.#group(group, !isTwoColumn))}
          </div>`,
      });
    }
    return rows;
  }

  #shownGroups(): readonly GroupView[] {
    const { snapshot, arrangement } = this.state;
    return snapshot.groups
      .map((group) => ({
        ...group,
        results: group.results.filter((result) => isShown(result, arrangement.resultFilter)),
      }))
      .filter(({ results }) => results.length > 0);
  }

  #group(group: GroupView, withSource: boolean): TemplateResult {
    return html`<div class="group">
      <div class="groupHead">
        <h2 dir="auto" title=${group.name}>${group.name}</h2>
        <span class="secondary">${groupWords(group)}</span>
      </div>
      <div role="grid" aria-label=${group.name} aria-multiselectable="true">
        <div class="tiles" role="row">
          ${withSource ? this.#sourceTile(group) : nothing}
          ${group.results.map((result, index) => this.#tile(group, result, index))}
        </div>
      </div>
    </div>`;
  }

  #sourceTile({ name, uri, replaced }: GroupView): TemplateResult {
    const onLost = () => {
      this.lost = new Set([...this.lost, uri]);
    };
    return html`<div class="tile sourceTile" role="gridcell">
      ${
        this.lost.has(uri)
          ? html`<span class="lostSource" role="img" aria-label=${t("{0} cannot be shown: it is gone, or cannot be read.", name)}
              >${icon("error", "error")}</span
            >`
          : html`<img src=${uri} @error=${onLost} alt=${t("Source {0}", name)} loading="lazy" decoding="async" />`
      }
      <span class="tileLabel" aria-hidden="true">${replaced ? t("Replaced") : t("Source")}</span>
    </div>`;
  }

  #tile(group: GroupView, result: ResultView, index: number): TemplateResult {
    const { page } = this.state;
    const chosen = result.id === this.chosen;
    const marked = this.marked.has(result.id);
    const name = tileName(group, result, index);
    const isDiscarded = result.decision === "discarded";
    return html`<div
      class="tile ${result.decision} ${chosen ? "chosen" : ""} ${marked ? "marked" : ""}"
      role="gridcell"
      id="tile-${result.id}"
      aria-selected=${this.marked.size === 0 ? chosen : marked}
      aria-label=${isDiscarded ? t("{0}, Restore", name) : name}
      title=${result.name}
      tabindex=${chosen ? 0 : -1}
      @click=${(event: MouseEvent) => this.goTo(result.id, event)}
      @dblclick=${() => page.send({ type: "result", id: result.id, action: "open" })}
    >
      <img
        class=${result.flagged ? "blurred" : ""}
        src=${result.uri}
        alt=""
        loading="lazy"
        decoding="async"
        draggable="false"
      />
      ${result.provider === "local" ? html`<span class="tileLabel" aria-hidden="true">${t("Local preview")}</span>` : nothing}
      ${decisionMark(result)}
      ${
        isDiscarded
          ? html`<button
              type="button"
              class="tileRestore"
              tabindex="-1"
              @click=${(event: Event) => {
                event.stopPropagation();
                page.send({ type: "result", id: result.id, action: "restore" });
              }}
            >
              ${t("Restore")}
            </button>`
          : nothing
      }
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const isPan = event.shiftKey && this.state.arrangement.zoom !== "fit";
    if (event.altKey || event.ctrlKey || event.metaKey || isPan || endsChord(event)) {
      return;
    }
    const groups = this.#shownGroups();
    const row = groups.findIndex(({ results }) => results.some(({ id }) => id === this.chosen));
    const column = groups[row]?.results.findIndex(({ id }) => id === this.chosen) ?? -1;
    const next = target(event.key, groups, row, column);
    if (next !== undefined) {
      event.preventDefault();
      this.goTo(next.id, event);
      void this.focusTile(next.id);
    }
  };
}

/** Left and right go within a group and on to its neighbours, up and down from group to group. */
function target(
  key: string,
  groups: readonly GroupView[],
  row: number,
  column: number,
): ResultView | undefined {
  const at = (r: number, c: number) => {
    const results = groups[r]?.results ?? [];
    return results[Math.min(c, results.length - 1)];
  };
  switch (key) {
    case "ArrowLeft":
      return column > 0 ? at(row, column - 1) : at(row - 1, Number.MAX_SAFE_INTEGER);
    case "ArrowRight":
      return column < (groups[row]?.results.length ?? 0) - 1 ? at(row, column + 1) : at(row + 1, 0);
    case "ArrowUp":
      return at(row - 1, column);
    case "ArrowDown":
      return at(row + 1, column);
    case "Home":
      return at(0, 0);
    case "End":
      return at(groups.length - 1, Number.MAX_SAFE_INTEGER);
    default:
      return undefined;
  }
}

function decisionMark({ decision }: ResultView): TemplateResult | typeof nothing {
  switch (decision) {
    case "kept":
      return html`<span class="mark kept">${icon("pass-filled")}</span>`;
    case "replaced":
      return html`<span class="mark kept">${icon("arrow-swap")}</span>`;
    case "discarded":
      return html`<span class="mark discarded">${icon("trash")}</span>`;
    case "undecided":
      return nothing;
  }
}

customElements.define("result-groups", ResultGroups);
