import * as vscode from "vscode";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import type { Plan } from "../engine/plan.ts";
import { planDocument, planSummary } from "../engine/planDocument.ts";
import { type Found, Planning, type PlanningParts } from "../engine/planning.ts";
import type { Provider } from "../engine/ports.ts";
import { askInDocument } from "./askInDocument.ts";
import { parseCallOptions } from "./callOptions.ts";
import { free, pricesFrom } from "./confirmPrice.ts";
import { hiddenFiles, neverSent } from "./exclusions.ts";
import { documentName, type ReadOnlyDocuments } from "./readOnlyDocuments.ts";
import {
  type Call,
  chooseProvider,
  finish,
  type RemixParts,
  type RemixReport,
  remixRequests,
} from "./remixImage.ts";
import { requestsFor } from "./requests.ts";
import { serviceSettings } from "./settings.ts";
import { nameOf } from "./sources.ts";
import { walkChosen } from "./walkChosen.ts";
import { whileReading } from "./whileReading.ts";

/** What the commands about folders need of the rest of the extension. */
export interface FolderParts extends RemixParts {
  readonly planning: PlanningParts;
  readonly documents: ReadOnlyDocuments;
}

/** Which of the two commands it is. */
export interface FolderMode {
  /** Whether sources that have an up-to-date result are left alone. */
  readonly onlyOutdated: boolean;
}

/**
 * What a command about folders was called with; without anything, the folders that the window has open, or one that
 * the user picks.
 *
 * @throws TypeError for options that do not exist, and for a first argument that is not a `Uri`
 */
export async function readFolderCall(
  title: string,
  uri?: unknown,
  selected?: unknown,
  written?: unknown,
): Promise<Call> {
  const options = parseCallOptions(written);
  if (uri !== undefined && !(uri instanceof vscode.Uri)) {
    throw new TypeError("Image Remix takes a Uri as its first argument");
  }
  const several = Array.isArray(selected) ? selected.filter((item) => item instanceof vscode.Uri) : [];
  const named = several.length > 0 || uri === undefined ? several : [uri];
  const open = vscode.workspace.workspaceFolders?.map((folder) => folder.uri) ?? [];
  if (named.length > 0 || open.length > 0 || options.confirm === false) {
    return { uris: named.length > 0 ? named : open, options };
  }
  const picked = await vscode.window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false });
  return { uris: picked ?? [], options };
}

/**
 * The commands `imageRemix.remixFolder` and `imageRemix.remixOutdated`: plan, show the plan, and run just that.
 * `failed` of the report names pictures that cannot be remixed; what settings or Git leave out was not asked for.
 */
export async function remixFolder(parts: FolderParts, call: Call, mode: FolderMode): Promise<RemixReport> {
  const { uris, options } = call;
  const fail = (error: unknown) => {
    const failure = asFailure(error);
    const failed = uris.map((uri) => ({ source: parts.toSource(uri.fsPath), failure }));
    return finish(parts, options, { saved: [], failed });
  };
  if (!vscode.workspace.isTrusted) {
    return fail(new RemixFailure("untrusted", "Pictures are remixed in trusted workspaces only."));
  }
  try {
    const provider = await chooseProvider(parts, options);
    const plan = await makePlan(parts, call, provider, mode);
    logSkipped(parts, plan);
    return await agreeAndRun(parts, call, provider, plan, mode);
  } catch (error) {
    return fail(error);
  }
}

/** @throws RemixFailure `cancelled` when the user stops it */
async function makePlan(
  parts: FolderParts,
  { uris, options }: Call,
  provider: Provider,
  { onlyOutdated }: FolderMode,
): Promise<Plan> {
  const title = "Image Remix: looking at pictures";
  return whileReading(title, cancelledText, async (signal, say) => {
    const planning = new Planning(parts.planning, signal, (read) => say(`${read} read`));
    const found = await findSources(parts, planning, uris, signal, say);
    const { requests, failed } = await requestsFor(parts, found.sources, options);
    const isPaid = provider.id !== "local";
    const { estimate } = isPaid ? pricesFrom(await parts.ledger.charges()) : free;
    const model = isPaid ? serviceSettings().model : null;
    const now = new Date();
    const plan = await planning.plan(requests, model, {
      provider: provider.id,
      estimate,
      onlyOutdated,
      now,
    });
    const sources = options.confirm === false ? [] : plan.items.map(({ request }) => request.source);
    const unique = [...new Map(sources.map((source) => [source.path, source])).values()];
    const remixes = await parts.originals.among(unique, async ({ path }) => planning.provenanceOf(path));
    return {
      ...plan,
      remixes,
      skipped: found.skipped,
      failed: [...found.failed, ...failed, ...plan.failed],
    };
  });
}

/** Tells what is to be remixed from what is not, in all that was chosen. */
async function findSources(
  { planning: { walker }, toSource }: FolderParts,
  planning: Planning,
  uris: readonly vscode.Uri[],
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Found> {
  const exclusions = (folder: vscode.WorkspaceFolder | undefined) => [
    ...neverSent(folder),
    ...hiddenFiles(folder),
  ];
  const walked = await walkChosen(walker, uris, { exclusions, signal, say });
  const sorted = await planning.sort([...walked.pictures], walked.chosen);
  const failed = walked.failed.map(({ path, failure }) => ({ source: toSource(path), failure }));
  return {
    sources: sorted.sources,
    skipped: [...walked.skipped, ...sorted.skipped],
    failed: [...failed, ...sorted.failed],
  };
}

async function agreeAndRun(
  parts: FolderParts,
  call: Call,
  provider: Provider,
  plan: Plan,
  mode: FolderMode,
): Promise<RemixReport> {
  const { uris, options } = call;
  const mayAsk = options.confirm !== false;
  const requests = plan.items.map(({ request }) => request);
  try {
    const answer = mayAsk ? await answerTo(parts, uris, plan, mode) : "run";
    if (answer === "useOriginals") {
      const instead = { ...call, uris: urisOfOriginals(uris, plan) };
      return await agreeAndRun(
        parts,
        instead,
        provider,
        await makePlan(parts, instead, provider, mode),
        mode,
      );
    }
    if (answer === "cancel") {
      // The plan has told what is wrong with other pictures, and nothing is asked of them any more.
      const failure = cancelled();
      return finish(parts, options, {
        saved: [],
        failed: requests.map(({ source }) => ({ source, failure })),
      });
    }
    const { saved, failed } = await remixRequests(parts, provider, requests, options, {
      asOf: () => plan.asOf,
      wasShown: mayAsk,
    });
    return finish(parts, options, { saved, failed: [...plan.failed, ...failed] });
  } catch (error) {
    const failure = asFailure(error);
    const failed = requests.map(({ source }) => ({ source, failure }));
    return finish(parts, options, { saved: [], failed: [...plan.failed, ...failed] });
  }
}

/** What was chosen, with originals in the place of remixes, which were chosen one by one: no folder stands for them. */
function urisOfOriginals(uris: readonly vscode.Uri[], { remixes = [] }: Plan): readonly vscode.Uri[] {
  const paths = new Set(remixes.map(({ source }) => source.path));
  const originals = new Set(remixes.map(({ original }) => original.path));
  return [
    ...uris.filter(({ fsPath }) => !paths.has(fsPath)),
    ...[...originals].map((path) => vscode.Uri.file(path)),
  ];
}

type Answer = "run" | "cancel" | "useOriginals";

/** Shows the plan and waits for an answer. Where there is nothing to do, it only says so. */
async function answerTo(
  parts: FolderParts,
  uris: readonly vscode.Uri[],
  plan: Plan,
  { onlyOutdated }: FolderMode,
): Promise<Answer> {
  const { documents, ledger } = parts;
  const basis = plan.provider === "local" ? "" : pricesFrom(await ledger.charges()).basis;
  const short = (path: string) => vscode.workspace.asRelativePath(path);
  const title = uris.map(nameOf).join(", ");
  const text = planDocument(plan, { title, onlyOutdated, basis, short });
  const summary = planSummary(plan, onlyOutdated);
  const name = documentName("plan for", title);
  if (plan.items.length === 0) {
    const show = "Show Plan";
    void vscode.window.showInformationMessage(`Nothing to remix: ${summary}`, show).then(async (answer) => {
      await (answer === show ? documents.show(name, text, []) : undefined);
    });
    return "run";
  }
  const count = plan.remixes?.length ?? 0;
  const answers = new Map<string, Answer>([
    [`Run (${plan.items.length})`, "run"],
    ...(count === 0 ? [] : [[`Use Originals (${count})`, "useOriginals"] as const]),
    ["Cancel", "cancel"],
  ]);
  return askInDocument(documents, { name, text, summary: `Plan: ${summary}`, answers, closed: "cancel" });
}

function logSkipped({ log }: FolderParts, { skipped, upToDate, unknown }: Plan): void {
  for (const { path, reason } of skipped) {
    log.info(`${path}: left out: ${reason}`);
  }
  log.info(`Up to date: ${upToDate.length}, unknown: ${unknown.length}.`);
}

const cancelledText = "Cancelled before anything was sent.";

function cancelled(): RemixFailure {
  return new RemixFailure("cancelled", cancelledText);
}
