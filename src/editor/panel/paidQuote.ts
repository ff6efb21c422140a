import { type Charge, estimateOf } from "../../engine/ledger.ts";
import { modelOf } from "../../engine/task.ts";
import { confirmAbove, serviceSettings } from "../settings.ts";
import { roomFor } from "./roomInCaps.ts";
import type { Quote, QuotedOrder } from "./services.ts";

const nextToSource = "Saved next to each source, nothing is replaced";

/**
 * What results would cost at the service.
 *
 * @param committed what other runs of this window may still cost, in USD
 * @returns with `room`, the images that the caps leave room for
 * @throws InvalidRecipe for a setting that is not valid
 */
export function paidQuote(
  charges: readonly Charge[],
  committed: number,
  images: number,
  orders: readonly QuotedOrder[],
): Quote & { readonly room: number } {
  const { model } = serviceSettings();
  const documented = modelOf(model)?.price;
  if (documented === undefined) {
    return { estimate: null, block: null, hint: nextToSource, room: images };
  }
  const estimate = orders.reduce(
    (sum, { results, renderingSpeed }) =>
      sum + results * estimateOf(charges, model, renderingSpeed, documented),
    0,
  );
  const room = roomFor(charges, committed, images, estimate);
  const limit = confirmAbove();
  const hint = estimate > limit ? `Above $${limit.toFixed(2)} you are asked first` : nextToSource;
  return { estimate, block: room?.block ?? null, hint, room: room?.images ?? images };
}
