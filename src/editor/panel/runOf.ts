import {
  type Batch,
  isUnsent,
  type TaskState as JobState,
  missingOf,
  type TaskStatus,
} from "../../engine/job.ts";
import type { ActionView } from "../../protocol/compose.ts";
import type { RowView, TaskState } from "../../protocol/running.ts";
import { parameter, parameterIds } from "../../recipe/parameters.ts";
import { valueWords } from "./formLayout.ts";
import type { PanelRun, PanelTask } from "./services.ts";

export type Run = Pick<Batch, "id" | "started" | "price" | "tasks">;

/** What is left of an earlier window's run, as the panel shows it. */
export function recoveredRunOf(left: Run | undefined): PanelRun | null {
  const run = runOf(left ?? null);
  return (
    run && {
      ...run,
      isRecovered: true,
      // How long its window was closed tells nothing.
      left: null,
      // What is being collected cannot be stopped; what was not sent is offered for all at once.
      tasks: run.tasks.map((task) => {
        const isOpen = task.ended === null || task.state === "cancelled";
        return { ...task, actions: isOpen ? [] : task.actions };
      }),
    }
  );
}

/** A run of this window, as the panel shows it. */
export function runOf(batch: Run | null): PanelRun | null {
  const [first] = batch?.tasks ?? [];
  if (batch === null || first === undefined) {
    return null;
  }
  const { tasks, id, started } = batch;
  const ends = tasks.map(({ ended }) => ended?.getTime() ?? Number.NaN);
  const isOver = ends.every((end) => !Number.isNaN(end));
  const isPaid = first.provider !== "local";
  const spent = sum(tasks, costOf);
  const price = priceEach(batch);
  const expected = (isThat: (task: TaskStatus) => boolean) =>
    isPaid ? sum(tasks.filter(isThat), ({ asked, saved }) => (asked - saved.length) * price) : 0;
  return {
    id,
    title: first.request.recipe.preset ?? "Remix",
    provider: first.provider,
    started: started.getTime(),
    ended: isOver ? Math.max(...ends) : null,
    isRecovered: false,
    left: timeLeft(batch),
    money: {
      spent,
      inAir: expected(({ state }) => inAir.has(state)),
      notSent: expected(({ state }) => isUnsent(state)),
    },
    recipe: recipeRows(first),
    tasks: tasks.map((task) => taskOf(task, price)),
  };
}

const inAir: ReadonlySet<JobState> = new Set(["sending", "drawing", "downloading", "saving"]);

const states: Readonly<Record<JobState, TaskState>> = {
  waiting: "waiting",
  preparing: "preparing",
  sending: "uploading",
  drawing: "drawing",
  downloading: "downloading",
  saving: "downloading",
  saved: "saved",
  failed: "failed",
  cancelled: "cancelled",
  abandoned: "unknown",
};

function taskOf(task: TaskStatus, price: number): PanelTask {
  const { taskUUID, source, provider, saved, failed, asked, started, ended } = task;
  const [failure] = failed.map((one) => one.failure);
  const isOpen = failure?.isOpen === true;
  const costs = saved.map(({ cost }) => cost);
  return {
    id: taskUUID,
    source: source.path,
    state: isOpen ? "unknown" : states[task.state],
    percent: null,
    started: started?.getTime() ?? null,
    ended: ended?.getTime() ?? null,
    cost: provider === "local" || costs.length === 0 ? null : sum(saved, ({ cost }) => cost ?? 0),
    expected: asked,
    outputs: saved.map(({ output }) => output),
    headline: failure === undefined ? null : headlineOf(task),
    detail: failure?.message ?? null,
    actions: actionsFor(task, price),
  };
}

/** What happened, in a few words; the message says the rest. */
function headlineOf({ state, failed, provider }: TaskStatus): string {
  const [first] = failed;
  if (state === "cancelled") {
    return "Not sent";
  }
  if (first?.keptAs !== undefined) {
    return "Drawn, but the folder would not take it";
  }
  if (first?.failure.isOpen === true) {
    return state === "abandoned" ? "No longer waited for" : "The outcome is unknown";
  }
  switch (first?.failure.code) {
    case "safety":
      return "Refused by the content check";
    case "rate":
      return "Runware is too busy";
    case "budget":
      return "The budget is used up";
    case "credit":
      return "Not enough credit";
    case "authentication":
      return "The API key was refused";
    default:
      return provider === "local" ? "Could not be drawn" : "Could not be remixed";
  }
}

function actionsFor(task: TaskStatus, price: number): readonly ActionView[] {
  const { state, saved, failed, provider } = task;
  const [first] = failed;
  const missing = missingOf(task);
  const button = (id: string, title: string): ActionView => ({ id, title, look: "button" });
  const link = (id: string, title: string): ActionView => ({ id, title, look: "link" });
  if (isUnsent(state)) {
    return [button("cancel", "Cancel")];
  }
  if (inAir.has(state)) {
    return [button("stop", "Stop Waiting")];
  }
  if (first === undefined) {
    return saved.length > 0 ? [button("open", "Open Result")] : [];
  }
  const { failure, keptAs } = first;
  const retry = `Retry${provider === "local" ? "" : ` · about $${(Math.max(1, missing) * price).toFixed(2)}`}`;
  if (keptAs !== undefined) {
    const rest = missing === 0 ? [] : [button("retry", retry)];
    return [button("chooseFolder", "Choose Another Folder…"), ...rest, link("log", "Show Log")];
  }
  if (failure.isOpen) {
    return [button("check", "Check Again"), link("log", "Show Log")];
  }
  switch (failure.code) {
    case "safety":
      return [button("editPrompt", "Edit Prompt"), link("safety", "Open Safety Settings")];
    case "promptRequired":
      return [button("editPrompt", "Edit Prompt")];
    case "authentication":
      return [button("setKey", "Set API Key"), button("retry", retry)];
    case "needsConfirmation":
      // More of what is there, or will be, is a wish of its own.
      return [link("log", "Show Log")];
    case "budget":
      return [button("budget", "Open Budget Settings")];
    default:
      return [button("retry", retry), link("log", "Show Log")];
  }
}

/** Parameters that tell most of a recipe, for the summary of a run. */
const telling = ["remixStrength", "styleType", "size", "numberResults"] as const;

function recipeRows({ request }: TaskStatus): readonly RowView[] {
  const { values } = request.recipe;
  const rows = parameterIds
    .filter((id) => (telling as readonly string[]).includes(id) && parameter(id).group === "recipe")
    .map((id) => ({ label: labels[id] ?? id, value: valueWords(id, values[id]) }));
  return [...rows, { label: "Saved as", value: request.output.fileName }];
}

const labels: Readonly<Record<string, string>> = {
  remixStrength: "Strength",
  styleType: "Style",
  size: "Size",
  numberResults: "Results per image",
};

/** USD for one result: what the run's results have cost so far, else nothing is known. */
function priceEach({ tasks, price }: Run): number {
  const costs = tasks.flatMap(({ saved }) => saved.flatMap(({ cost }) => cost ?? []));
  return costs.length === 0 ? price : sum(costs, (cost) => cost) / costs.length;
}

/** Milliseconds to the end, going by what is done; null before the first task has ended. */
function timeLeft({ tasks, started }: Run): number | null {
  const done = tasks.filter(({ ended }) => ended !== null).length;
  const last = Math.max(...tasks.map(({ ended }) => ended?.getTime() ?? 0));
  return done === 0 || done === tasks.length
    ? null
    : ((last - started.getTime()) / done) * (tasks.length - done);
}

function costOf({ saved }: TaskStatus): number {
  return sum(saved, ({ cost }) => cost ?? 0);
}

function sum<T>(all: readonly T[], amount: (one: T) => number): number {
  return all.reduce((total, one) => total + amount(one), 0);
}
