import * as vscode from "vscode";
import { asFailure } from "../../engine/failure.ts";
import type { ImageFacts, SourceFile } from "../../engine/ports.ts";
import type { ServiceView } from "../../protocol/snapshot.ts";
import { models } from "../../recipe/models.ts";
import type { RemixReport } from "../remixImage.ts";
import { confirmAbove, providerSetting, serviceSettings } from "../settings.ts";
import type {
  PanelResult,
  PanelRun,
  PanelServices,
  PanelTask,
  Quote,
  RemixOrder,
  ServicesState,
} from "./services.ts";

/** What these services need of the rest of the extension. */
export interface CommandParts {
  readonly toSource: (path: string) => SourceFile;
  /** @throws RemixFailure naming the file */
  readonly inspect: (source: SourceFile) => Promise<ImageFacts>;
  /** Whether there is a key for the service. */
  readonly hasKey: () => Promise<boolean>;
  readonly onDidChangeKey: (listener: () => void) => { dispose(): void };
}

/** Services on top of the remix command alone: what it returns when all is over is what is known of a run. */
export class CommandServices implements PanelServices {
  readonly #parts: CommandParts;
  readonly #changed = new vscode.EventEmitter<void>();
  #hasKey = false;
  #run: PanelRun | null = null;
  #results: readonly PanelResult[] = [];
  #runs = 0;

  readonly onDidChange = this.#changed.event;
  readonly toSource: (path: string) => SourceFile;

  constructor(parts: CommandParts) {
    this.#parts = parts;
    this.toSource = parts.toSource;
    parts.onDidChangeKey(() => void this.#readKey());
    void this.#readKey();
  }

  inspect(source: SourceFile): Promise<ImageFacts> {
    return this.#parts.inspect(source);
  }

  state(): ServicesState {
    return {
      service: this.#service().view,
      run: this.#run,
      results: this.#results,
      undo: null,
      history: [],
      notices: [],
    };
  }

  quote(_images: number, results: number): Quote {
    const { view, problem } = this.#service();
    if (problem !== null) {
      return { estimate: null, block: { text: problem, actions: [] }, hint: "" };
    }
    if (view.provider === "local") {
      return { estimate: "free", block: null, hint: "Nothing leaves this machine" };
    }
    const known: Readonly<Record<string, { readonly price: number }>> = models;
    const price = known[serviceSettings().model]?.price;
    const estimate = price === undefined ? null : price * results;
    const limit = confirmAbove();
    const hint =
      estimate !== null && estimate > limit
        ? `Above $${limit.toFixed(2)} you are asked first`
        : "Saved next to each source, nothing is replaced";
    return { estimate, block: null, hint };
  }

  async remix(order: RemixOrder): Promise<void> {
    const { provider } = this.#service().view;
    this.#runs += 1;
    const started = Date.now();
    const tasks = order.sources.map((source, index) => taskOf(source, index, started));
    this.#run = {
      id: `run${this.#runs}`,
      title: order.preset || "Remix",
      provider,
      started,
      ended: null,
      left: null,
      money: { spent: 0, inAir: 0, notSent: 0 },
      recipe: [],
      tasks,
    };
    this.#changed.fire();
    void this.#finish(order, this.#run);
  }

  async cancelNotSent(): Promise<void> {}

  async stopWaiting(): Promise<void> {
    void vscode.window.showInformationMessage("Use Cancel in the notification of this run.");
  }

  async act(subject: string | null, action: string): Promise<void> {
    const task = this.#run?.tasks.find(({ id }) => id === subject);
    const [output] = task?.outputs ?? [];
    if (action === "open" && output !== undefined) {
      await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(output));
    }
  }

  async decide(id: string, decision: "keep" | "discard" | "restore"): Promise<void> {
    const decided = { keep: "kept", discard: "discarded", restore: "undecided" } as const;
    this.#results = this.#results.map((result) =>
      result.id === id ? { ...result, decision: decided[decision] } : result,
    );
    this.#changed.fire();
  }

  async replaceSource(_id: string): Promise<void> {
    void vscode.window.showInformationMessage("Replace Source is not available yet.");
  }

  async remixAgain(id: string): Promise<void> {
    const result = this.#results.find((candidate) => candidate.id === id);
    if (result !== undefined) {
      await this.remix({ sources: [result.source], preset: undefined, recipe: {} });
    }
  }

  async showRecipe(id: string): Promise<void> {
    const result = this.#results.find((candidate) => candidate.id === id);
    const content = JSON.stringify({ prompt: result?.prompt, recipe: result?.recipe }, null, 2);
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: "json", content }),
    );
  }

  async undo(): Promise<void> {}

  async openHistory(): Promise<void> {}

  async #readKey(): Promise<void> {
    this.#hasKey = await this.#parts.hasKey().catch(() => false);
    this.#changed.fire();
  }

  /** A setting that is not valid counts as the local preview: nothing is sent until it is mended. */
  #service(): { readonly view: ServiceView; readonly problem: string | null } {
    const spending = { today: 0, cap: 0 };
    try {
      const choice = providerSetting();
      const provider = choice === "auto" ? (this.#hasKey ? "runware" : "local") : choice;
      const known: Readonly<Record<string, { readonly title: string }>> = models;
      const { model } = serviceSettings();
      const title = known[model]?.title ?? model;
      return { view: { provider, model: title, hasKey: this.#hasKey, spending }, problem: null };
    } catch (error) {
      const view = { provider: "local", model: "", hasKey: this.#hasKey, spending } as const;
      return { view, problem: asFailure(error).message };
    }
  }

  async #finish(order: RemixOrder, run: PanelRun): Promise<void> {
    const uris = order.sources.map((path) => vscode.Uri.file(path));
    const { preset, recipe } = order;
    const options = { recipe, ...(preset === undefined ? {} : { preset }) };
    const report = await vscode.commands
      .executeCommand<RemixReport>("imageRemix.remixImage", uris[0], uris, options)
      .then(
        (value) => value,
        (error: unknown) => failedReport(uris, error),
      );
    const ended = Date.now();
    const tasks = run.tasks.map((task) => settled(task, report, ended));
    const spent = report.cost;
    this.#run = { ...run, ended, tasks, money: { ...run.money, spent } };
    const news = await Promise.all(report.saved.map((saved) => this.#result(saved, order)));
    this.#results = [...news, ...this.#results];
    this.#changed.fire();
  }

  async #result(
    { source, output, ...saved }: RemixReport["saved"][number],
    order: RemixOrder,
  ): Promise<PanelResult> {
    const file = this.toSource(output.fsPath);
    const facts = await this.inspect(file).catch(() => undefined);
    const { size } = await vscode.workspace.fs.stat(output);
    const prompt = order.recipe["positivePrompt"];
    return {
      id: `${saved.taskUUID}-${file.stem}`.replaceAll(/[^\w-]/g, "_"),
      source: source.fsPath,
      original: source.fsPath,
      path: output.fsPath,
      name: file.name,
      decision: "undecided",
      provider: saved.provider,
      flagged: false,
      cost: saved.cost,
      seed: saved.seed,
      width: facts?.width ?? 1,
      height: facts?.height ?? 1,
      file: `${(facts?.format ?? "").toUpperCase()}, ${(size / 1_000_000).toFixed(1)} MB`,
      prompt: typeof prompt === "string" ? prompt : "",
      recipe: order.preset ?? "",
    };
  }
}

function taskOf(source: string, index: number, started: number): PanelTask {
  return {
    id: `task${index}`,
    source,
    state: "drawing",
    percent: null,
    started,
    ended: null,
    cost: null,
    expected: 1,
    outputs: [],
    headline: null,
    detail: null,
    actions: [],
  };
}

/** A task as the report of its run leaves it. */
function settled(task: PanelTask, report: RemixReport, ended: number): PanelTask {
  const saved = report.saved.filter(({ source }) => source.fsPath === task.source);
  const failure = report.failed.find(({ source }) => source.fsPath === task.source);
  const outputs = saved.map(({ output }) => output.fsPath);
  const costs = saved.map(({ cost }) => cost);
  const cost = costs.every((sum) => sum !== null)
    ? costs.reduce<number>((sum, one) => sum + (one ?? 0), 0)
    : null;
  const isLocal = saved.every(({ provider }) => provider === "local");
  if (failure === undefined) {
    const open = { id: "open", title: "Open Result", look: "button" } as const;
    return {
      ...task,
      state: "saved",
      ended,
      outputs,
      expected: outputs.length,
      cost: isLocal ? null : cost,
      actions: [open],
    };
  }
  const isCancelled = failure.code === "cancelled";
  return {
    ...task,
    state: isCancelled ? "cancelled" : failure.code === "unknown" ? "unknown" : "failed",
    ended,
    outputs,
    headline: isCancelled ? "Not finished" : "Could not be remixed",
    detail: failure.message,
    actions: [{ id: "log", title: "Show Log", look: "link" }],
  };
}

function failedReport(uris: readonly vscode.Uri[], error: unknown): RemixReport {
  const message = error instanceof Error ? error.message : String(error);
  return { saved: [], failed: uris.map((source) => ({ source, code: "unknown", message })), cost: 0 };
}
