import { type AssignmentTaste, assignColors } from "./assignment.ts";
import { applyMap, colorMap } from "./colorMap.ts";
import { mendEdges } from "./edges.ts";
import { letterRules } from "./lettering.ts";
import type { Drawing, Look } from "./look.ts";
import type { Lab } from "./oklab.ts";
import { skinProtection } from "./photographs.ts";
import type { LabPlanes } from "./raster.ts";
import { type CarryTaste, carryOver, type RegionRules, regionRules } from "./regionRules.ts";

/** How a style recolours. */
export interface RecolorTaste extends CarryTaste {
  readonly assignment: AssignmentTaste;
  /** In a photograph, how softly one source colour hands over to the next, in OKLab. */
  readonly softness?: number;
}

/** Soft enough that gradients stay gradients in colours far apart. */
const SOFTNESS = 0.075;

/** The palette colour that each of the source's main colours becomes. */
function targetsFor({ clusters, palette, seed }: Look, taste: AssignmentTaste): Lab[] {
  return assignColors(clusters, palette, taste, seed).map(
    (index) => (palette.swatches[index] as { color: Lab }).color,
  );
}

/** Which palette colour each region of a drawing becomes; `settle` may change them before lettering follows its grounds. */
export function rulesFor(
  look: Look,
  drawing: Drawing,
  taste: AssignmentTaste,
  settle?: (rules: RegionRules) => void,
): RegionRules {
  const rules = regionRules(drawing.regions, look.clusters, targetsFor(look, taste));
  settle?.(rules);
  letterRules(look, drawing, rules);
  return rules;
}

/** The source in the result's palette with its light and shade kept. */
export function recolor(look: Look, taste: RecolorTaste): LabPlanes {
  const { source, drawing } = look;
  if (drawing === null) return recolorPhotograph(look, taste);
  const painted = carryOver(source, drawing.regions, rulesFor(look, drawing, taste.assignment), taste);
  mendEdges(painted, drawing.edges);
  return painted;
}

/** Photographs keep more of their own light: that is what makes faces and skies. */
function recolorPhotograph(look: Look, taste: RecolorTaste, pixels = look.source): LabPlanes {
  const { assignment } = taste;
  const targets = targetsFor(look, { ...assignment, lightness: assignment.lightness + 0.7 });
  const map = colorMap(look.clusters, targets, {
    lightness: taste.lightness * 0.55,
    variation: taste.variation,
    protectSkin: skinProtection(look.source),
    softness: taste.softness ?? SOFTNESS,
  });
  return applyMap(pixels, map);
}

/** A photograph in the result's palette at the look's fraction of its size: enough for what is smoothed or painted over. */
export function recolorSmall(look: Look, taste: RecolorTaste, pixels = look.small): LabPlanes {
  return recolorPhotograph(look, taste, pixels);
}
