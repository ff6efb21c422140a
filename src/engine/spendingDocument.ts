import { type Charge, dayOf, spendingOf } from "./ledger.ts";
import { table } from "./planDocument.ts";
import { asCode } from "./recipeDocument.ts";

/** What has been spent, as Markdown: today and this month, by preset and model, as estimated and as charged. */
export function spendingDocument(charges: readonly Charge[], now: Date): string {
  const month = dayOf(now).slice(0, 7);
  const { today, thisMonth } = spendingOf(charges, now);
  const current = charges.filter(({ time }) => dayOf(new Date(time)).startsWith(month));
  const isToday = ({ time }: Charge) => dayOf(new Date(time)) === dayOf(now);
  const blocks = [
    ["# Image Remix: spending"],
    [
      `**$${today.toFixed(2)} today · $${thisMonth.toFixed(2)} this month** (${month}), on this machine, in all windows together.`,
    ],
    ["What the service did not report counts as it was estimated. All amounts are in USD."],
    table([
      ["", ...columns],
      ["Today", ...sums(charges.filter(isToday))],
      ["This month", ...sums(current)],
      ["Ever", ...sums(charges)],
    ]),
    ["## This month by preset"],
    by(current, "Preset", ({ preset }) => (preset === null ? "(settings)" : asCode(preset))),
    ["## This month by model"],
    by(current, "Model", ({ model, renderingSpeed }) => `${asCode(model)} ${renderingSpeed}`),
    ["## By month"],
    by(charges, "Month", ({ time }) => dayOf(new Date(time)).slice(0, 7)),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const columns = ["Results", "Estimated", "Charged", "Difference", "Not reported"];

/** Estimate and charge are compared over the results whose charge was reported. */
function sums(charges: readonly Charge[]): readonly string[] {
  const reported = charges.filter(({ cost }) => cost !== null);
  const estimated = reported.reduce((sum, { estimate }) => sum + estimate, 0);
  const charged = reported.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  const difference = charged - estimated;
  // A rounded zero has no sign.
  const sign = difference >= 0.005 ? "+" : "";
  const rounded = Math.abs(difference) < 0.005 ? "0.00" : difference.toFixed(2);
  const unreported = charges.length - reported.length;
  return [
    String(charges.length),
    estimated.toFixed(2),
    charged.toFixed(2),
    `${sign}${rounded}`,
    String(unreported),
  ];
}

function by(charges: readonly Charge[], title: string, keyOf: (charge: Charge) => string): readonly string[] {
  const groups = new Map<string, Charge[]>();
  for (const charge of charges) {
    const key = keyOf(charge);
    groups.set(key, [...(groups.get(key) ?? []), charge]);
  }
  const rows = [...groups].map(([key, group]) => [key, ...sums(group)]);
  return rows.length === 0 ? ["Nothing yet."] : table([[title, ...columns], ...rows]);
}
