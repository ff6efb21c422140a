import type { PriceView } from "../src/protocol/compose.ts";
import { money, t } from "./words.ts";

/** The words of the button that starts a run: what it makes, and what that costs. */
export function remixLabel({ images, results, estimate }: PriceView, length: "full" | "short"): string {
  const cost =
    estimate === "free"
      ? t("free local preview")
      : estimate === null
        ? t("price unknown")
        : t("about {0}", money(estimate));
  if (length === "short") {
    return t("Remix {0} → {1} · {2}", images, results, cost);
  }
  if (images === 1 && results === 1) {
    return t("Remix 1 image → 1 result · {0}", cost);
  }
  return images === 1
    ? t("Remix 1 image → {0} results · {1}", results, cost)
    : t("Remix {0} images → {1} results · {2}", images, results, cost);
}

/** The words of the same button while it cannot be pressed. */
export function blockedLabel({ images }: PriceView): string {
  if (images === 0) {
    return t("Remix");
  }
  return images === 1 ? t("Remix 1 Image") : t("Remix {0} Images", images);
}
