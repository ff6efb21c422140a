import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { RowView, RunView } from "../../src/protocol/running.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icon.ts";
import { styled } from "../styled.ts";
import { about, clock, money, plural, t } from "../words.ts";

/** How far a run is, what it has cost, and what can be done about it. */
class RunSummary extends PanelElement {
  static override properties = { ...PanelElement.properties, now: { attribute: false } };
  /** Milliseconds since 1970. */
  declare now: number;
  #run: string | undefined;

  protected override render(): TemplateResult {
    const { run } = this.state.snapshot;
    return run === null ? html`` : html`${this.#words(run)}${this.#footer(run)}`;
  }

  protected override updated(_: PropertyValues): void {
    const id = this.state.snapshot.run?.id;
    if (id !== this.#run) {
      this.#run = id;
      // Whoever started a run hears at once where they are.
      if (this.state.page.takesFocus()) {
        this.querySelector<HTMLElement>(".headline")?.focus({ preventScroll: true });
      }
    }
  }

  #words(run: RunView): TemplateResult {
    const { total, saved, inAir } = run.results;
    const share = (count: number) => ({ width: `${(count / Math.max(1, total)) * 100}%` });
    const need = run.tasks.filter(({ headline }) => headline !== null).length;
    const isOver = run.ended !== null;
    return html`<section class="summary" aria-label=${t("Run")}>
      <p class="secondary title">${run.title}</p>
      <h2 class="headline" tabindex="-1">
        ${
          isOver && need > 0
            ? t("{0} saved, {1} need you", saved, need)
            : t("{0} of {1} results saved", saved, total)
        }
      </h2>
      <div
        class="progress"
        role="progressbar"
        aria-label=${t("Results saved")}
        aria-valuemin="0"
        aria-valuemax=${total}
        aria-valuenow=${saved}
        aria-valuetext=${t("{0} of {1} results saved", saved, total)}
      >
        <span class="bar" ${styled(share(saved))}></span>
        <span class="bar pale" ${styled(share(inAir))}></span>
      </div>
      <div class="times secondary number">
        <span>${t("{0} elapsed", clock((run.ended ?? this.now) - run.started))}</span>
        <span>${run.left === null || isOver ? "" : about(run.left)}</span>
      </div>
      ${this.#money(run)} ${table(run.recipe)}
      ${
        isOver || run.provider === "local"
          ? nothing
          : html`<p class="aside">
              ${icon("info")}<span class="secondary"
                >${
                  run.isRecovered
                    ? t("Collecting what was sent before the window was closed. Nothing is sent again.")
                    : t(
                        "You can close this panel or the window. Results that are being drawn are collected when you come back.",
                      )
                }</span
              >
            </p>`
      }
    </section>`;
  }

  #money({ provider, ended, money: { spent, inAir, notSent } }: RunView): TemplateResult | typeof nothing {
    if (provider === "local") {
      return table([{ label: t("Made by local preview"), value: t("Free") }]);
    }
    const { today, cap } = this.state.snapshot.service.spending;
    const sum = cap > 0 ? t("{0} of {1}", money(today), money(cap)) : money(today);
    const ahead = [
      { label: t("Still being drawn"), amount: inAir },
      { label: t("Not sent yet"), amount: notSent },
    ]
      .filter(({ amount }) => amount > 0)
      .map(({ label, amount }) => ({ label, value: t("about {0}", money(amount)) }));
    return table([
      { label: ended === null ? t("Spent so far") : t("Spent"), value: money(spent) },
      ...(ended === null ? ahead : []),
      { label: t("Today"), value: sum },
    ]);
  }

  #footer(run: RunView): TemplateResult {
    const { page, snapshot } = this.state;
    const waiting = run.tasks.filter(({ state }) => state === "waiting" || state === "preparing").length;
    const inAir = run.tasks.filter(({ state }) => inAirStates.has(state)).length;
    const isLocal = run.provider === "local";
    return html`<footer class="foot">
      ${
        snapshot.groups.length === 0 && run.results.saved === 0
          ? nothing
          : html`<vscode-button class="primary" @click=${() => {
              if (run.results.saved > 0) {
                page.send({ type: "openRun" });
              }
              page.arrange({ isReviewing: true });
            }}>
              ${
                run.results.saved === 0
                  ? t("Review Results")
                  : plural(run.results.saved, "Review {0} Result", "Review {0} Results")
              }
            </vscode-button>`
      }
      ${
        waiting + inAir === 0 || run.isRecovered
          ? nothing
          : html`<div class="footActions">
              ${
                waiting === 0
                  ? nothing
                  : html`<vscode-button
                      appearance="secondary"
                      @click=${() => page.send({ type: "cancelNotSent" })}
                      >${t("Cancel {0} Not Sent", waiting)}</vscode-button
                    >`
              }
              ${
                inAir === 0
                  ? nothing
                  : html`<vscode-button appearance="secondary" @click=${() => page.send({ type: "stopWaiting" })}
                      >${isLocal ? t("Stop {0}", inAir) : t("Stop Waiting for {0}…", inAir)}</vscode-button
                    >`
              }
            </div>`
      }
      ${
        waiting + inAir === 0 || isLocal || run.isRecovered
          ? nothing
          : html`<div class="hint secondary">${t("Not sent is free to cancel. Sent may still be charged.")}</div>`
      }
    </footer>`;
  }
}

const inAirStates: ReadonlySet<string> = new Set(["uploading", "accepted", "drawing", "downloading"]);

function table(rows: readonly RowView[]): TemplateResult | typeof nothing {
  if (rows.length === 0) {
    return nothing;
  }
  return html`<dl class="table">
    ${rows.map(({ label, value }) => html`<dt class="secondary">${label}</dt><dd class="number">${value}</dd>`)}
  </dl>`;
}

customElements.define("run-summary", RunSummary);
