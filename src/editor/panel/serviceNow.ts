import { asFailure } from "../../engine/failure.ts";
import { type Charge, spendingOf } from "../../engine/ledger.ts";
import { modelOf } from "../../engine/task.ts";
import type { ServiceView } from "../../protocol/snapshot.ts";
import { caps, confirmAbove, providerSetting, serviceSettings } from "../settings.ts";

/**
 * Who would draw now. A setting that is not valid counts as the local preview: nothing is sent until it is mended.
 *
 * @returns with `problem`, what is not valid
 */
export function serviceNow(
  charges: readonly Charge[],
  hasKey: boolean,
): { readonly view: ServiceView; readonly problem: string | null } {
  try {
    const { today } = spendingOf(charges, new Date());
    const spending = { today, cap: caps().perDay };
    const choice = providerSetting();
    const provider = choice === "auto" ? (hasKey ? "runware" : "local") : choice;
    const { model } = serviceSettings();
    if (provider === "runware") {
      // Its price is compared with that.
      confirmAbove();
    }
    return { view: { provider, model: modelOf(model)?.title ?? model, hasKey, spending }, problem: null };
  } catch (error) {
    const view = { provider: "local", model: "", hasKey, spending: { today: 0, cap: 0 } } as const;
    return { view, problem: asFailure(error).message };
  }
}
