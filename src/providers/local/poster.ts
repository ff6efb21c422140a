import { findClusters } from "./clusters.ts";
import { enlarge, reduce } from "./fields.ts";
import { kuwahara } from "./kuwahara.ts";
import type { Look } from "./look.ts";
import { chromaOf, intoGamut, type Lab } from "./oklab.ts";
import { blankPlanes, type LabPlanes } from "./raster.ts";
import { stillFlow } from "./structureTensor.ts";

/** Inks on a poster, by effort. */
const INKS = [6, 8, 9] as const;

/**
 * A recoloured photograph as a screen-printed poster: smoothed into clean areas by a Kuwahara filter, then printed in
 * a few flat inks found by k-means. Where two inks meet, the border is one pixel of antialiasing wide.
 */
export function poster(look: Look, painted: LabPlanes): LabPlanes {
  const { factor, unit, effort } = look;
  const { width, height } = painted;
  const { planes: small } = reduce(painted, factor);
  const still = stillFlow(small.width, small.height, 0);
  let smooth = kuwahara(small, still, Math.max(1.2, (unit * 5) / factor), 900);
  if (effort > 0) smooth = kuwahara(smooth, still, Math.max(1.2, (unit * 3) / factor), 900);
  const inks = inksOf(smooth, look, INKS[effort]);
  return print(enlarge({ factor, planes: smooth }, width, height), inks);
}

/** One ink: what it stands for, and what it is printed in. */
interface Ink {
  readonly from: Lab;
  readonly to: Lab;
}

/** The picture's main colours, spread further apart: richer, the dark ones darker, the light ones lighter. */
function inksOf(smooth: LabPlanes, { palette }: Look, most: number): Ink[] {
  const { colors } = findClusters(smooth, null, null, most);
  const sorted = colors.toSorted((x, y) => x.lightness - y.lightness);
  return sorted.map((from, index) => {
    const rank = sorted.length > 1 ? index / (sorted.length - 1) : 0.5;
    const even = palette.ink.lightness + (palette.paper.lightness - palette.ink.lightness) * rank;
    const chroma = chromaOf(from);
    const rich = Math.min(1.5, 1.15 + 0.02 / (chroma + 0.02));
    return {
      from,
      to: intoGamut({
        lightness: 0.7 * from.lightness + 0.3 * even,
        a: from.a * rich,
        b: from.b * rich,
      }),
    };
  });
}

/** Every pixel in its nearest ink, mixed with the second nearest within a pixel of the border between the two. */
function print(smooth: LabPlanes, inks: readonly Ink[]): LabPlanes {
  const { width, height, lightness, a, b } = smooth;
  const out = blankPlanes(width, height);
  const from = Float32Array.from(inks.flatMap((ink) => [ink.from.lightness, ink.from.a, ink.from.b]));
  const to = Float32Array.from(inks.flatMap((ink) => [ink.to.lightness, ink.to.a, ink.to.b]));
  for (let y = 0, pixel = 0; y < height; y++) {
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, pixel++) {
      const l = lightness[pixel] as number;
      const u = a[pixel] as number;
      const v = b[pixel] as number;
      let least = Number.POSITIVE_INFINITY;
      let next = Number.POSITIVE_INFINITY;
      let best = 0;
      let second = 0;
      for (let ink = 0; ink < from.length; ink += 3) {
        const dl = l - (from[ink] as number);
        const du = u - (from[ink + 1] as number);
        const dv = v - (from[ink + 2] as number);
        const gap = dl * dl + 3 * (du * du + dv * dv);
        if (gap < least) {
          next = least;
          second = best;
          least = gap;
          best = ink;
        } else if (gap < next) {
          next = gap;
          second = ink;
        }
      }
      const dl = (from[best] as number) - (from[second] as number);
      const du = (from[best + 1] as number) - (from[second + 1] as number);
      const dv = (from[best + 2] as number) - (from[second + 2] as number);
      const apart = dl * dl + 3 * (du * du + dv * dv);
      // How far the colour is from the border between the two, and how many pixels away that is.
      const inside = (next - least) / (2 * apart + 1e-9);
      const other = x + 1 < width ? pixel + 1 : pixel;
      const slope =
        step(smooth, pixel, other, dl, du, dv, apart) + step(smooth, pixel, pixel + down, dl, du, dv, apart);
      const share = Math.min(1, 0.5 + inside / (slope + 1e-4));
      const rest = 1 - share;
      out.lightness[pixel] = (to[best] as number) * share + (to[second] as number) * rest;
      out.a[pixel] = (to[best + 1] as number) * share + (to[second + 1] as number) * rest;
      out.b[pixel] = (to[best + 2] as number) * share + (to[second + 2] as number) * rest;
    }
  }
  return out;
}

/** The step from one pixel to another along the line between two inks, as a share of that line. */
function step(
  { lightness, a, b }: LabPlanes,
  one: number,
  other: number,
  dl: number,
  du: number,
  dv: number,
  apart: number,
): number {
  const along =
    dl * ((lightness[other] as number) - (lightness[one] as number)) +
    3 * (du * ((a[other] as number) - (a[one] as number)) + dv * ((b[other] as number) - (b[one] as number)));
  return Math.abs(along) / (apart + 1e-9);
}
