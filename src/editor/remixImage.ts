import * as vscode from "vscode";
import { asFailure, type FailureCode, RemixFailure } from "../engine/failure.ts";
import type { Failed, Outcome } from "../engine/job.ts";
import type { Jobs } from "../engine/jobs.ts";
import type { Ledger } from "../engine/ledger.ts";
import type { Provider, ProviderId, SourceFile } from "../engine/ports.ts";
import type { Saved } from "../engine/saving.ts";
import type { Request } from "../engine/task.ts";
import { type CallOptions, parseCallOptions } from "./callOptions.ts";
import { confirmPrice, free, pricesFrom, totalOf } from "./confirmPrice.ts";
import type { KeptPictures } from "./keptPictures.ts";
import type { Originals } from "./originals.ts";
import { type Action, logOutcome, reportFailures, reportSaved } from "./report.ts";
import { requestsFor } from "./requests.ts";
import { showProgress } from "./runBatch.ts";
import { providerSetting } from "./settings.ts";
import { chosenUris, sortSelection } from "./sources.ts";

/** What a remix command resolves to, once all is settled. */
export interface RemixReport {
  readonly saved: readonly (Omit<Saved, "source" | "output"> & {
    readonly source: vscode.Uri;
    readonly output: vscode.Uri;
  })[];
  readonly failed: readonly {
    readonly source: vscode.Uri;
    readonly code: FailureCode;
    readonly message: string;
  }[];
  /** Sum of the known costs in USD. */
  readonly cost: number;
}

/** What the command needs of the rest of the extension. */
export interface RemixParts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  /** Makes a provider; undefined when it cannot be used, for want of a key. */
  readonly provider: (id: ProviderId) => Promise<Provider | undefined>;
  readonly toSource: (path: string) => SourceFile;
  readonly originals: Originals;
  readonly memory: vscode.Memento;
  readonly kept: KeptPictures;
  readonly log: vscode.LogOutputChannel;
  /** Goes on fetching, quietly, what was sent and is no longer waited for. */
  readonly collectLater: () => void;
  /** Whether the panel shows the run: then nothing has to be told twice, above the panel's own buttons. */
  readonly isWatched: () => boolean;
}

/** A command that was called on something. */
export interface Call {
  readonly uris: readonly vscode.Uri[];
  readonly options: CallOptions;
}

/**
 * What a command was called with, or the user then chose; nothing chosen is an empty call.
 *
 * @param selected all selected files and folders, as the Explorer passes them
 * @throws TypeError for options that do not exist, and for a first argument that is not a `Uri`
 */
export async function readCall(uri: unknown, selected: unknown, written: unknown): Promise<Call> {
  const options = parseCallOptions(written);
  if (uri !== undefined && !(uri instanceof vscode.Uri)) {
    throw new TypeError("Image Remix takes a Uri as its first argument");
  }
  return { uris: await chosenUris(uri, selected, options.confirm !== false), options };
}

/** The command `imageRemix.remixImage`. */
export async function remixImage(parts: RemixParts, { uris, options }: Call): Promise<RemixReport> {
  const called = new Date();
  const sourceOf = (uri: vscode.Uri) => parts.toSource(uri.fsPath);
  if (!vscode.workspace.isTrusted) {
    const failure = new RemixFailure("untrusted", "Pictures are remixed in trusted workspaces only.");
    return finish(parts, options, {
      saved: [],
      failed: uris.map((uri) => ({ source: sourceOf(uri), failure })),
    });
  }
  const { sources, refused } = await sortSelection(uris, parts.toSource);
  const refusedHere = refused.map(({ uri, failure }) => ({ source: sourceOf(uri), failure }));
  try {
    const provider = await chooseProvider(parts, options);
    const wanted = options.confirm !== false ? await parts.originals.offer(sources) : sources;
    const { requests, failed } = await requestsFor(parts, wanted, options);
    const outcome = await remixRequests(parts, provider, requests, options, { asOf: () => called });
    return finish(parts, options, {
      saved: outcome.saved,
      failed: [...refusedHere, ...failed, ...outcome.failed],
    });
  } catch (error) {
    // What concerns the whole call, a wrong setting for instance, is every source's failure.
    const failure = asFailure(error);
    return finish(parts, options, {
      saved: [],
      failed: [...refusedHere, ...sources.map((source) => ({ source, failure }))],
    });
  }
}

/** What the user knows who asks for a run. */
interface Knowledge {
  /** When it was seen what there was of a request: what has been made since is not bought again. */
  readonly asOf: (request: Request) => Date;
  /** Whether the price was seen, and agreed to. */
  readonly wasShown?: boolean;
}

/**
 * Runs requests to their end, after the question about their price where there is one.
 *
 * @throws RemixFailure for what concerns all of them
 */
export async function remixRequests(
  parts: RemixParts,
  provider: Provider,
  requests: readonly Request[],
  options: CallOptions,
  { asOf, wasShown = false }: Knowledge,
): Promise<Outcome> {
  const mayAsk = options.confirm !== false;
  if (requests.length === 0) {
    return { saved: [], failed: [] };
  }
  const isPaid = provider.id !== "local";
  const prices = isPaid ? pricesFrom(await parts.ledger.charges()) : free;
  const confirmed = isPaid
    ? await confirmPrice(requests, prices, { mayAsk, wasShown, committed: parts.jobs.committed })
    : requests;
  const { estimate } = prices;
  const batch = parts.jobs.start(confirmed, { provider, estimate, mayAsk, asOf });
  const outcome = await showProgress(parts.jobs, batch, provider.id, parts.isWatched());
  if (outcome.failed.some(({ failure }) => failure.isOpen)) {
    parts.collectLater();
  }
  return outcome;
}

/** @throws RemixFailure `authentication` when the one asked for cannot be used for want of a key */
export async function chooseProvider({ provider }: RemixParts, options: CallOptions): Promise<Provider> {
  const choice = options.provider ?? providerSetting();
  const wanted = await provider(choice === "auto" ? "runware" : choice);
  const chosen = wanted ?? (choice === "auto" ? await provider("local") : undefined);
  if (chosen === undefined) {
    throw new RemixFailure(
      "authentication",
      'There is no Runware API key. Run "Image Remix: Set Runware API Key", or set imageRemix.provider to local.',
    );
  }
  return chosen;
}

/** What a run cost, as a notification says it. */
function priceNote({ saved, cost }: RemixReport): string {
  if (saved.every(({ provider }) => provider === "local")) {
    return "free local preview";
  }
  return saved.some((result) => result.cost === null) ? "price not reported" : `$${cost.toFixed(2)}`;
}

/** Writes the outcome to the log, tells the user where that is wanted, and turns it into the command's result. */
export function finish(parts: RemixParts, options: CallOptions, outcome: Outcome): RemixReport {
  const { saved, failed } = outcome;
  logOutcome(parts.log, outcome);
  const report: RemixReport = {
    saved: saved.map(({ source, output, ...result }) => ({
      ...result,
      source: vscode.Uri.file(source.path),
      output: vscode.Uri.file(output),
    })),
    failed: failed.map(({ source, failure: { code, message } }) => ({
      source: vscode.Uri.file(source.path),
      code,
      message,
    })),
    cost: saved.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
  };
  if (options.confirm !== false) {
    if (!parts.isWatched()) {
      reportSaved(report.saved, priceNote(report));
    }
    const unexpected = failed.filter(({ failure }) => failure.code !== "cancelled");
    const sources = new Set([...saved, ...failed].map(({ source }) => source.path));
    void retryOffer(parts, failed, options).then((retry) => {
      const offers = [...parts.kept.actions(failed), ...(retry === undefined ? [] : [retry])];
      reportFailures(unexpected, Math.max(sources.size, unexpected.length), () => parts.log.show(), offers);
    });
  }
  return report;
}

/** The button that tries once more what may succeed then, with its price; undefined where nothing may. */
async function retryOffer(
  parts: RemixParts,
  failed: readonly Failed[],
  options: CallOptions,
): Promise<Action | undefined> {
  const requests = failed.flatMap(({ failure, request }) =>
    failure.retryable === true && request !== undefined ? [request] : [],
  );
  if (requests.length === 0) {
    return undefined;
  }
  const failedAt = new Date();
  const provider = await chooseProvider(parts, options).catch(() => undefined);
  const isFree = provider === undefined || provider.id === "local";
  const price = isFree
    ? ""
    : ` · about $${totalOf(requests, pricesFrom(await parts.ledger.charges())).toFixed(2)}`;
  return {
    title: `Retry${requests.length > 1 ? ` ${requests.length}` : ""}${price}`,
    run: async () => {
      try {
        // By whom it was tried: what was free must not cost something the second time.
        const pinned = { ...options, ...(provider === undefined ? {} : { provider: provider.id }) };
        const again = await chooseProvider(parts, pinned);
        finish(parts, pinned, await remixRequests(parts, again, requests, pinned, { asOf: () => failedAt }));
      } catch (error) {
        const failure = asFailure(error);
        finish(parts, options, { saved: [], failed: requests.map(({ source }) => ({ source, failure })) });
      }
    },
  };
}
