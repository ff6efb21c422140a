import { type AssignmentTaste, assignColors } from "./assignment.ts";
import { mendEdges } from "./edges.ts";
import { letterRules } from "./lettering.ts";
import type { Look } from "./look.ts";
import type { Lab } from "./oklab.ts";
import type { LabPlanes } from "./raster.ts";
import { type CarryTaste, carryOver, type RegionRules, regionRules } from "./regionRules.ts";

/** How a style recolours. */
export interface RecolorTaste extends CarryTaste {
  readonly assignment: AssignmentTaste;
}

/** Which palette colour each region of the source becomes. */
export function rulesFor(look: Look, taste: AssignmentTaste): RegionRules {
  const { clusters, palette, regions, seed } = look;
  const targets = assignColors(clusters, palette, taste, seed).map(
    (index) => (palette.swatches[index] as { color: Lab }).color,
  );
  const rules = regionRules(regions, clusters, targets);
  letterRules(look, rules);
  return rules;
}

/** The source in the result's palette with its light and shade kept. */
export function recolor(look: Look, taste: RecolorTaste): LabPlanes {
  const painted = carryOver(look.source, look.regions, rulesFor(look, taste.assignment), taste);
  mendEdges(painted, look.edges);
  return painted;
}
