import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import { type Charge, estimateOf, type Spending, spendingOf } from "../engine/ledger.ts";
import { modelOf, type Request } from "../engine/task.ts";
import { type Cap, fits, tightestCap } from "./budget.ts";
import { roomWords } from "./roomWords.ts";
import { confirmAbove, serviceSettings } from "./settings.ts";

/** What results are expected to cost. */
export interface Prices {
  /** USD for one result of a request. */
  readonly estimate: (request: Request) => number;
  /** Where the estimate comes from, as a sentence. */
  readonly basis: string;
  readonly spending: Spending;
}

/** Prices of the real model, going by what has been charged so far. */
export function pricesFrom(charges: readonly Charge[]): Prices {
  const { model } = serviceSettings();
  const documented = modelOf(model)?.price ?? 0;
  const isKnown = charges.some((known) => known.model === model && known.cost !== null);
  return {
    estimate: ({ recipe }) => estimateOf(charges, model, recipe.values.renderingSpeed, documented),
    basis: isKnown ? "An estimate from what was charged so far." : "An estimate from the documented price.",
    spending: spendingOf(charges, new Date()),
  };
}

/** Local previews cost nothing. */
export const free: Prices = {
  estimate: () => 0,
  basis: "",
  spending: { today: 0, thisMonth: 0 },
};

/** USD for all results of `requests`. */
export function totalOf(requests: readonly Request[], { estimate }: Prices): number {
  return requests.reduce((sum, request) => sum + resultsOf(request) * estimate(request), 0);
}

/** How a run is asked about. */
interface Asking {
  /** False where no dialog may be shown: then the budget is kept task by task. */
  readonly mayAsk: boolean;
  /** Whether the user has seen the price and agreed to it. */
  readonly wasShown?: boolean;
  /** What other runs of this window may still cost, in USD. */
  readonly committed: number;
}

/**
 * Asks before a run that is estimated to cost more than the user's limit, or than the budget leaves.
 *
 * @returns the requests to run: all, or as many as the budget leaves room for
 * @throws RemixFailure `needsConfirmation` when nobody may be asked, `budget` when nothing is left, `cancelled` when
 *   the user says no
 */
export async function confirmPrice(
  requests: readonly Request[],
  prices: Prices,
  { mayAsk, wasShown = false, committed }: Asking,
): Promise<readonly Request[]> {
  const total = totalOf(requests, prices);
  const cap = mayAsk ? tightestCap(prices.spending, committed) : undefined;
  if (cap !== undefined && !fits(total, cap)) {
    return askForPart(requests, prices, cap);
  }
  if (wasShown || total <= confirmAbove()) {
    return requests;
  }
  const results = requests.reduce((sum, request) => sum + resultsOf(request), 0);
  const price = `about $${total.toFixed(2)}`;
  const images = count(requests.length, "image");
  if (!mayAsk) {
    const message = `${images} → ${count(results, "result")} cost ${price}, which needs confirmation (imageRemix.budget.confirmAbove).`;
    throw new RemixFailure("needsConfirmation", message);
  }
  const remix = "Remix";
  const detail = `${prices.basis} Only finished results are charged.`;
  const question = `Remix ${images} → ${count(results, "result")} for ${price}?`;
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, remix);
  if (answer !== remix) {
    throw new RemixFailure("cancelled", "Cancelled before anything was sent.");
  }
  return requests;
}

async function askForPart(
  requests: readonly Request[],
  prices: Prices,
  cap: Cap,
): Promise<readonly Request[]> {
  const affordable: Request[] = [];
  for (const request of requests) {
    if (!fits(totalOf([...affordable, request], prices), cap)) {
      break;
    }
    affordable.push(request);
  }
  const message = `${roomWords(cap, affordable.length, requests.length)}.`;
  const some = `Remix ${count(affordable.length, "Image")}`;
  const settings = "Open Budget Settings";
  const offers = affordable.length === 0 ? [settings] : [some, settings];
  const answer = await vscode.window.showWarningMessage(message, { modal: true }, ...offers);
  if (answer === some) {
    return affordable;
  }
  if (answer === settings) {
    void vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix.budget");
  }
  throw new RemixFailure("cancelled", "Cancelled before anything was sent.");
}

function resultsOf({ recipe }: Request): number {
  return recipe.values.numberResults;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
