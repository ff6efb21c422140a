import type { Spending } from "../engine/ledger.ts";
import { caps } from "./settings.ts";

/** The cap that leaves least. */
export interface Cap {
  /** `Today's`, say. */
  readonly whose: string;
  /** USD. */
  readonly limit: number;
  /** USD: what is neither spent nor promised to tasks that are under way. */
  readonly left: number;
}

/**
 * @param committed what tasks that are under way in this window, or wait to be sent, may still cost, in USD
 * @returns undefined where nothing is capped
 * @throws InvalidRecipe for a cap that is not valid
 */
export function tightestCap({ today, thisMonth }: Spending, committed: number): Cap | undefined {
  const { perDay, perMonth } = caps();
  const all: Cap[] = [
    { whose: "Today's", limit: perDay, left: perDay - today - committed },
    { whose: "This month's", limit: perMonth, left: perMonth - thisMonth - committed },
  ];
  return all.filter(({ limit }) => limit > 0).toSorted((a, b) => a.left - b.left)[0];
}

/** Whether an amount, in USD, is within a cap: sums of fractions are never exact. */
export function fits(amount: number, { left }: Cap): boolean {
  return amount <= left + 0.0001;
}
