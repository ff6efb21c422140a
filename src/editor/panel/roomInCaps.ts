import { type Charge, spendingOf } from "../../engine/ledger.ts";
import type { BlockView } from "../../protocol/compose.ts";
import { fits, tightestCap } from "../budget.ts";
import { roomWords } from "../roomWords.ts";

/** What the caps on spending still allow of a run that goes beyond them. */
interface Room {
  /** Images of the run that there is room for. */
  readonly images: number;
  readonly block: BlockView;
}

/**
 * @param committed what other runs of this window may still cost, in USD
 * @param estimate of all images together, in USD
 * @returns undefined where there is room for all
 * @throws InvalidRecipe for a cap that is not valid
 */
export function roomFor(
  charges: readonly Charge[],
  committed: number,
  images: number,
  estimate: number,
): Room | undefined {
  const cap = tightestCap(spendingOf(charges, new Date()), committed);
  if (cap === undefined || fits(estimate, cap)) {
    return undefined;
  }
  const room = Math.max(0, Math.floor((images * cap.left) / estimate));
  const settings = { id: "budget", title: "Open Budget Settings", look: "link" } as const;
  const title = `Remix ${room} ${room === 1 ? "Image" : "Images"}`;
  const some = { id: "remixSome", title, look: "button" } as const;
  const text = roomWords(cap, room, images);
  return { images: room, block: { text, actions: room === 0 ? [settings] : [some, settings] } };
}
