import { html, nothing, type TemplateResult } from "lit";
import type { ActionView } from "../src/protocol/compose.ts";
import type { TaskState, TaskView } from "../src/protocol/running.ts";
import { actionButtons } from "./actions.ts";
import { icon } from "./icon.ts";
import type { Page } from "./page.ts";
import { styled } from "./styled.ts";
import { clock, money, plural, t } from "./words.ts";

/** What a row needs to be drawn. */
export interface TaskRow {
  readonly page: Page;
  readonly task: TaskView;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly hasFocus: boolean;
  /** From 1. */
  readonly position: number;
  readonly count: number;
  /** Of the list, in CSS pixels. */
  readonly width: number;
}

/** CSS pixels, in a list that is `width` wide; a task that needs the user gets room for words and buttons. */
export function rowHeight({ headline, actions }: TaskView, width: number): number {
  const [plain, needsUser] = width < 560 ? [84, 184] : width < 700 ? [60, 148] : [60, 130];
  const unused = actions.length === 0 ? buttonRow : 0;
  return headline === null ? plain : needsUser - unused;
}

/** Height of a row of buttons with the space above it, in CSS pixels. */
const buttonRow = 40;

const icons: Readonly<Record<TaskState, string>> = {
  waiting: "circle-large",
  preparing: "circle-large",
  uploading: "cloud-upload",
  accepted: "cloud",
  drawing: "sync",
  downloading: "cloud-download",
  saved: "pass",
  failed: "error",
  unknown: "warning",
  cancelled: "circle-slash",
};

export function taskRow(row: TaskRow): TemplateResult {
  const { page, task, hasFocus, position, count } = row;
  const needsUser = task.headline !== null;
  return html`<div
    class="task ${task.state} ${needsUser ? "needsUser" : ""}"
    role="listitem"
    aria-setsize=${count}
    aria-posinset=${position}
    aria-label=${spokenTask(task)}
    tabindex=${hasFocus ? 0 : -1}
  >
    <img class="source" src=${task.uri} alt="" loading="lazy" decoding="async" />
    <span class="names">
      <span class="name" dir="auto" title=${task.name}>${task.name}</span>
      <span class="secondary folder" dir="auto">${task.folder}</span>
    </span>
    ${needsUser ? need(page, task) : progress(row)}
  </div>`;
}

/** A row for a voice: a list item takes no name from what stands in it. */
function spokenTask(task: TaskView): string {
  const state = task.headline ?? stateWords(task);
  return task.cost === null
    ? t("{0}, {1}", task.name, state)
    : t("{0}, {1}, {2}", task.name, state, money(task.cost));
}

function need(page: Page, task: TaskView): TemplateResult {
  return html`<span class="need">
    <span class="state">${stateIcon(task)}<span>${task.headline}</span></span>
    ${task.detail === null ? nothing : html`<span class="secondary detail" title=${task.detail}>${task.detail}</span>`}
    <span class="needActions">${actionButtons(page, task.id, task.actions)}</span>
  </span>`;
}

function progress({ page, task, now, width }: TaskRow): TemplateResult {
  const elapsed = task.started === null ? "" : clock((task.ended ?? now) - task.started);
  return html`${slots(task, width)}
    <span class="state">${stateIcon(task)}<span>${stateWords(task)}</span></span>
    <span class="elapsed secondary number">${elapsed}</span>
    <span class="cost number">${task.cost === null ? "" : money(task.cost)}</span>
    <span class="rowActions">${task.actions.map((action) => rowAction(page, task, action))}</span>`;
}

/** Actions of a row are icons; what they mean stands in their names. */
const actionIcons: Readonly<Record<string, string>> = {
  cancel: "close",
  stop: "stop-circle",
  open: "go-to-file",
};

function rowAction(page: Page, { id, name }: TaskView, action: ActionView): TemplateResult {
  const title = t("{0}: {1}", name, action.title);
  return html`<button
    type="button"
    class="iconButton"
    title=${action.title}
    aria-label=${title}
    @click=${() => page.send({ type: "act", subject: id, action: action.id })}
  >
    ${icon(actionIcons[action.id] ?? "ellipsis")}
  </button>`;
}

/** As many places as there is room for; of more, the last one says how many there are besides. */
function slots(task: TaskView, width: number): TemplateResult {
  const room = width < 560 ? 2 : 3;
  const { length } = task.slots;
  const drawn = length > room ? room - 1 : length;
  return html`<span class="slots"
    >${task.slots.slice(0, drawn).map(({ uri }) => slot(task, uri))}${
      length > drawn
        ? html`<span class="slot more secondary number">${t("+{0}", length - drawn)}</span>`
        : nothing
    }</span
  >`;
}

function slot({ state, percent }: TaskView, uri: string | null): TemplateResult {
  if (uri !== null) {
    return html`<img class="slot" src=${uri} alt="" loading="lazy" decoding="async" />`;
  }
  return html`<span class="slot ${state === "waiting" || state === "preparing" ? "open" : "taken"}">
    ${
      state === "drawing" && percent !== null
        ? html`<span class="bar" ${styled({ width: `${percent}%` })}></span>`
        : nothing
    }
  </span>`;
}

function stateIcon({ state }: TaskView): TemplateResult {
  return icon(icons[state], `${state} ${state === "drawing" ? "spinning" : ""}`);
}

/** What a task is doing, in words. */
export function stateWords({ state, percent, slots }: TaskView): string {
  const saved = slots.filter(({ uri }) => uri !== null).length;
  switch (state) {
    case "waiting":
      return t("Not sent yet");
    case "preparing":
      return t("Preparing");
    case "uploading":
      return t("Uploading");
    case "accepted":
      return t("Accepted, waiting its turn");
    case "drawing":
      return percent === null ? t("Drawing") : t("Drawing, {0} %", percent);
    case "downloading":
      return t("Downloading");
    case "saved":
      return plural(saved, "Saved, {0} result", "Saved, {0} results");
    case "failed":
      return t("Failed");
    case "unknown":
      return t("The outcome is unknown");
    case "cancelled":
      return t("Cancelled before it was sent");
  }
}
