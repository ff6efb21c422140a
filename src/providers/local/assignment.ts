import type { Clusters } from "./clusters.ts";
import { chromaOf, hueOf, type Lab } from "./oklab.ts";
import type { Palette } from "./palette.ts";
import { randomStream, stir } from "./random.ts";

/** How an assignment weighs its aims; every value is 0 or more. */
export interface AssignmentTaste {
  /** Pull of each source colour to palette colours of its own lightness. */
  readonly lightness: number;
  /** Pull to palette colours of its own hue. */
  readonly hue: number;
  /** How far another seed may stray from the best assignment. */
  readonly variety: number;
}

/** Contrast between neighbours that a result needs at least, in OKLab lightness. */
const LEGIBLE = 0.42;

function hueDistance(first: Lab, second: Lab): number {
  const gap = Math.abs(hueOf(first) - hueOf(second)) % 360;
  return (gap > 180 ? 360 - gap : gap) / 180;
}

/** Cost of painting cluster `cluster` in swatch `swatch`, taken alone. */
function ownCosts(clusters: Clusters, palette: Palette, taste: AssignmentTaste, seed: number): number[][] {
  const random = randomStream(stir(seed, 41));
  // A dark mood may turn light grounds dark, a bright one the reverse.
  const gloom = -16 * palette.mood.key;
  return clusters.colors.map((source, index) => {
    const share = Math.sqrt(clusters.shares[index] as number);
    return palette.swatches.map((swatch, target) => {
      const light = (source.lightness - swatch.color.lightness) / 0.28;
      const chroma = (Math.min(0.16, chromaOf(source)) - Math.min(0.16, chromaOf(swatch.color))) / 0.12;
      const colored = Math.min(1, chromaOf(source) / 0.06) * Math.min(1, chromaOf(swatch.color) / 0.06);
      const heroic = target === palette.hero ? 0.35 : 0;
      const cost =
        taste.lightness * light * light +
        0.55 * chroma * chroma +
        taste.hue * colored * hueDistance(source, swatch.color) -
        heroic * Math.min(0.16, chromaOf(source)) * 16 -
        0.25 * swatch.weight +
        gloom * swatch.color.lightness +
        3.4 * taste.variety * random();
      return share * (cost + 2);
    });
  });
}

/** Cost of giving neighbours i and j these two colours: lost or turned lightness contrast hides lettering. */
function pairCost(contact: number, first: Lab, second: Lab, newFirst: Lab, newSecond: Lab): number {
  const before = first.lightness - second.lightness;
  const after = newFirst.lightness - newSecond.lightness;
  const needed = Math.min(LEGIBLE, Math.abs(before) * 0.85);
  const lost = Math.max(0, needed - Math.abs(after)) / 0.2;
  const turned = before * after < 0 ? Math.min(Math.abs(before), Math.abs(after)) / 0.2 : 0;
  // Two different things in one colour flow together, even where their lightness differed little.
  const merged = Math.hypot(newFirst.a - newSecond.a, newFirst.b - newSecond.b) + Math.abs(after);
  const apart = Math.hypot(first.a - second.a, first.b - second.b) + Math.abs(before);
  const flow = Math.max(0, Math.min(0.2, apart) - merged) / 0.12;
  return Math.sqrt(contact) * (1.5 * lost * lost + 1.3 * turned * turned + 1.4 * flow * flow);
}

/** Other good assignments that a seed may take instead of the best. */
const ALTERNATIVES = 3;
/** What repeating a choice of a better alternative costs, for a cluster that fills the picture. */
const REPEATED = 0.6;

/**
 * Chooses a palette colour for every source colour; one swatch index per cluster. The seed decides between the best
 * assignment and the best ones unlike it, so that a task's results are laid out differently.
 */
export function assignColors(
  clusters: Clusters,
  palette: Palette,
  taste: AssignmentTaste,
  seed: number,
): number[] {
  const own = ownCosts(clusters, palette, taste, seed);
  let chosen = cheapest(clusters, palette, own);
  for (let rank = stir(seed, 43) % ALTERNATIVES; rank > 0; rank--) {
    chosen.forEach((swatch, cluster) => {
      const costs = own[cluster] as number[];
      costs[swatch] = (costs[swatch] as number) + REPEATED * Math.sqrt(clusters.shares[cluster] as number);
    });
    chosen = cheapest(clusters, palette, own);
  }
  return chosen;
}

/**
 * The cheapest assignment, by an exhaustive, bounded search (a small quadratic assignment problem, T. Koopmans and
 * M. Beckmann, 1957) over the costs above and a fine for every prompt colour that hardly shows.
 */
function cheapest(clusters: Clusters, palette: Palette, own: readonly (readonly number[])[]): number[] {
  const many = clusters.colors.length;
  const choices = palette.swatches.length;
  const chosen = new Array<number>(many).fill(0);
  let best = Number.POSITIVE_INFINITY;
  let found = chosen.slice();
  const floor = new Array<number>(many + 1).fill(0);
  for (let index = many - 1; index >= 0; index--) {
    floor[index] = (floor[index + 1] as number) + Math.min(...(own[index] as readonly number[]));
  }
  const visit = (index: number, cost: number): void => {
    if (cost + (floor[index] as number) >= best) return;
    if (index === many) {
      const total = cost + missingCost(clusters, palette, chosen);
      if (total < best) {
        best = total;
        found = chosen.slice();
      }
      return;
    }
    for (let swatch = 0; swatch < choices; swatch++) {
      let next = cost + ((own[index] as readonly number[])[swatch] as number);
      for (let other = 0; other < index; other++) {
        const contact = (clusters.contact[index] as readonly number[])[other] as number;
        if (contact === 0) continue;
        next += pairCost(
          contact,
          clusters.colors[index] as Lab,
          clusters.colors[other] as Lab,
          (palette.swatches[swatch] as { color: Lab }).color,
          (palette.swatches[chosen[other] as number] as { color: Lab }).color,
        );
      }
      chosen[index] = swatch;
      visit(index + 1, next);
    }
  };
  visit(0, 0);
  return found;
}

/** The fine for wanted colours that get too small a share of the picture. */
function missingCost(clusters: Clusters, palette: Palette, chosen: readonly number[]): number {
  let cost = 0;
  palette.swatches.forEach((swatch, index) => {
    let share = 0;
    chosen.forEach((choice, cluster) => {
      if (choice === index) share += clusters.shares[cluster] as number;
    });
    const wanted = 0.07 * swatch.weight;
    cost += 0.9 * swatch.weight * Math.max(0, 1 - share / wanted);
  });
  return cost;
}
