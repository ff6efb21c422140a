import { type Charge, spendingOf } from "../../engine/ledger.ts";
import type { BlockView } from "../../protocol/compose.ts";
import { caps } from "../settings.ts";

/** What the caps on spending still allow of a run that goes beyond them. */
interface Room {
  /** Images of the run that there is room for. */
  readonly images: number;
  readonly block: BlockView;
}

/**
 * @param estimate of all images together, in USD
 * @returns undefined where there is room for all
 * @throws InvalidRecipe for a cap that is not valid
 */
export function roomFor(charges: readonly Charge[], images: number, estimate: number): Room | undefined {
  const cap = tightestCap(charges);
  if (cap === undefined || estimate <= cap.left + 0.0001) {
    return undefined;
  }
  const room = Math.max(0, Math.floor((images * cap.left) / estimate));
  const settings = { id: "budget", title: "Open Budget Settings", look: "link" } as const;
  const title = `Remix ${room} ${room === 1 ? "Image" : "Images"}`;
  const some = { id: "remixSome", title, look: "button" } as const;
  const text = `${cap.whose} cap of $${cap.limit.toFixed(2)} leaves room for ${room === 0 ? "no" : room} of ${images} ${images === 1 ? "image" : "images"}`;
  return { images: room, block: { text, actions: room === 0 ? [settings] : [some, settings] } };
}

function tightestCap(charges: readonly Charge[]) {
  const { today, thisMonth } = spendingOf(charges, new Date());
  const { perDay, perMonth } = caps();
  return [
    { whose: "Today's", limit: perDay, left: perDay - today },
    { whose: "This month's", limit: perMonth, left: perMonth - thisMonth },
  ]
    .filter(({ limit }) => limit > 0)
    .toSorted((a, b) => a.left - b.left)[0];
}
