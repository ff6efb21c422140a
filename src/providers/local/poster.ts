import { findClusters } from "./clusters.ts";
import { calmed, featureLines, skinOf } from "./features.ts";
import { evenOut } from "./gentleSlopes.ts";
import { kuwahara } from "./kuwahara.ts";
import type { Look } from "./look.ts";
import { chromaOf, intoGamut } from "./oklab.ts";
import { type Ink, print } from "./printInks.ts";
import type { LabPlanes } from "./raster.ts";
import { type RecolorTaste, recolorSmall } from "./recolor.ts";

/** Inks on a poster, by effort. */
const INKS = [6, 8, 9] as const;

/**
 * A photograph as a screen-printed poster: smoothed into clean areas by a Kuwahara filter, recoloured, then printed in
 * a few flat inks found by k-means. Where two inks meet, the border is one pixel of antialiasing wide. Smoothed first: grain
 * of wood and sky would else become patches of two palette colours.
 */
export function poster(look: Look, taste: RecolorTaste): LabPlanes {
  const { factor, unit, effort } = look;
  const skin = skinOf(look);
  const smooth = kuwahara(calmed(look, skin), null, Math.max(1.2, (unit * 6) / factor), 900);
  evenOut(smooth, unit / factor);
  const painted = recolorSmall(look, taste, smooth);
  if (skin !== null) deepen(painted, featureLines(look, skin));
  const inks = inksOf(painted, look, INKS[effort]);
  return print({ factor, planes: painted }, look, inks);
}

/** Draws lines into smoothed paint, in place: eyes and mouths are finer than what a filter leaves of them. */
function deepen({ lightness, a, b }: LabPlanes, lines: Float32Array): void {
  for (let pixel = 0; pixel < lines.length; pixel++) {
    const rest = 1 - 0.85 * (lines[pixel] as number);
    lightness[pixel] = (lightness[pixel] as number) * rest;
    a[pixel] = (a[pixel] as number) * rest;
    b[pixel] = (b[pixel] as number) * rest;
  }
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
