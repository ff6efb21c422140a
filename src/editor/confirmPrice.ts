import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import type { Provider } from "../engine/ports.ts";
import type { Request } from "../engine/run.ts";
import { models } from "../recipe/models.ts";
import { confirmAbove, serviceSettings } from "./settings.ts";

/**
 * Asks before a run that is estimated to cost more than the user's limit.
 *
 * @param mayAsk false where no dialog may be shown
 * @throws RemixFailure `needsConfirmation` when nobody may be asked, `cancelled` when the user says no
 */
export async function confirmPrice(
  provider: Provider,
  requests: readonly Request[],
  mayAsk: boolean,
): Promise<void> {
  if (provider.id === "local") {
    return;
  }
  const results = requests.reduce((sum, { recipe }) => sum + recipe.values.numberResults, 0);
  const estimate = results * priceOf(serviceSettings().model);
  if (estimate <= confirmAbove()) {
    return;
  }
  const price = `about $${estimate.toFixed(2)}`;
  const images = `${requests.length} ${requests.length === 1 ? "image" : "images"}`;
  if (!mayAsk) {
    const message = `${images} → ${results} results cost ${price}, which needs confirmation (imageRemix.budget.confirmAbove).`;
    throw new RemixFailure("needsConfirmation", message);
  }
  const remix = "Remix";
  const detail = "An estimate from the documented price. Only finished results are charged.";
  const question = `Remix ${images} → ${results} results for ${price}?`;
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, remix);
  if (answer !== remix) {
    throw new RemixFailure("cancelled", "Cancelled before anything was sent.");
  }
}

function priceOf(model: string): number {
  const known: Readonly<Record<string, { readonly price: number }>> = models;
  return known[model]?.price ?? 0;
}
