import { html, type TemplateResult } from "lit";
import type { RunView, TaskState, TaskView } from "../../src/protocol/running.ts";
import { type RunFilter, runFilters } from "../arrangement.ts";
import { PanelElement } from "../element.ts";
import { nextIndex } from "../roving.ts";
import { segmented } from "../segmented.ts";
import { rowHeight, taskRow } from "../taskRow.ts";
import { t } from "../words.ts";
import { VirtualList, type VirtualRow } from "./virtualList.ts";
import "./runSummary.ts";

const filterOf: Readonly<Record<TaskState, RunFilter>> = {
  waiting: "waiting",
  preparing: "waiting",
  uploading: "running",
  accepted: "running",
  drawing: "running",
  downloading: "running",
  saved: "saved",
  failed: "failed",
  unknown: "failed",
  cancelled: "failed",
};

/** States that pass: once nothing is in them they are not worth a word. */
const passing: ReadonlySet<RunFilter> = new Set(["running", "waiting"]);

/** A run: one row for each source, and what became of it so far. */
class RunViewElement extends PanelElement {
  static override properties = {
    ...PanelElement.properties,
    focused: { state: true },
    now: { state: true },
    width: { state: true },
  };
  declare focused: string | null;
  /** Milliseconds since 1970. */
  declare now: number;
  /** Of the list, in CSS pixels. */
  declare width: number;
  #timer: number | undefined;
  readonly #resized = new ResizeObserver(([entry]) => {
    this.width = entry?.contentRect.width ?? this.width;
  });

  constructor() {
    super();
    this.focused = null;
    this.now = 0;
    this.width = window.innerWidth;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = window.setInterval(() => {
      if (this.state.snapshot.run?.ended === null) {
        this.now = this.state.page.now();
      }
    }, 1000);
  }

  override disconnectedCallback(): void {
    window.clearInterval(this.#timer);
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    this.now = this.state.page.now();
  }

  protected override updated(): void {
    const list = this.querySelector(".taskList");
    if (list !== null) {
      this.#resized.observe(list);
    }
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const { run } = state.snapshot;
    if (run === null) {
      return html``;
    }
    const shown = this.#shown(run);
    const rows = shown.map((task, index) => this.#row(task, index, shown.length));
    return html`<div class="run">
      <section class="tasks" aria-label=${t("Results")}>
        ${this.#filters(run)}
        <div role="list" aria-label=${t("Sources of this run")} class="taskList" @keydown=${this.#onKey} @focusin=${this.#onFocus}>
          <virtual-list .rows=${rows}></virtual-list>
        </div>
      </section>
      <run-summary .state=${state} .now=${this.now}></run-summary>
    </div>`;
  }

  #shown(run: RunView): readonly TaskView[] {
    const { runFilter } = this.state.arrangement;
    return run.tasks.filter(({ state }) => runFilter === "all" || filterOf[state] === runFilter);
  }

  #filters({ tasks }: RunView): TemplateResult {
    const { page, arrangement } = this.state;
    const count = (filter: RunFilter) => tasks.filter(({ state }) => filterOf[state] === filter).length;
    const titles: Readonly<Record<RunFilter, string>> = {
      all: t("All {0}", tasks.length),
      saved: t("Saved {0}", count("saved")),
      running: t("Running {0}", count("running")),
      waiting: t("Not sent {0}", count("waiting")),
      failed: t("Failed {0}", count("failed")),
    };
    return segmented({
      name: "runFilter",
      label: t("Filter"),
      look: "filters",
      options: runFilters
        .filter((value) => !passing.has(value) || count(value) > 0 || value === arrangement.runFilter)
        .map((value) => ({ value, title: titles[value] })),
      chosen: arrangement.runFilter,
      choose: (runFilter) => page.arrange({ runFilter }),
    });
  }

  #row(task: TaskView, index: number, count: number): VirtualRow {
    const { page } = this.state;
    const hasFocus = this.focused === null ? index === 0 : this.focused === task.id;
    return {
      id: task.id,
      height: rowHeight(task, this.width),
      draw: () =>
        taskRow({ page, task, now: this.now, hasFocus, position: index + 1, count, width: this.width }),
    };
  }

  readonly #onFocus = ({ target }: FocusEvent): void => {
    const row = target instanceof Element ? target.closest("[data-row]") : null;
    this.focused = row?.getAttribute("data-row") ?? this.focused;
  };

  readonly #onKey = async (event: KeyboardEvent): Promise<void> => {
    const { run } = this.state.snapshot;
    if (run === null || event.key === "ArrowLeft" || event.key === "ArrowRight") {
      return;
    }
    const shown = this.#shown(run);
    const index = shown.findIndex(({ id }) => id === this.focused);
    const next = nextIndex(event, Math.max(0, index), shown.length);
    const task = next === undefined ? undefined : shown[next];
    const list = this.querySelector("virtual-list");
    if (task !== undefined && list instanceof VirtualList) {
      event.preventDefault();
      await list.show(task.id);
      this.querySelector<HTMLElement>(`[data-row=${JSON.stringify(task.id)}] .task`)?.focus();
    }
  };
}

customElements.define("run-view", RunViewElement);
