import { mendEdges } from "../edges.ts";
import type { Look } from "../look.ts";
import { blankPlanes, type LabPlanes } from "../raster.ts";
import { rulesFor } from "../recolor.ts";
import { carryOver, type RegionRules } from "../regionRules.ts";

/** Tints and shades that a flat area may take of its palette colour: steps of lightness. */
const TINT_STEP = 0.085;

/** Regions smaller than this many square units are fine print and antialiasing: flattened they would break up. */
const SMALLEST = 90;

/** Lightness step from which a thin stroke within a region is print, not texture. */
const PRINT = 0.16;

/** DESIGN: every region one flat palette colour, edges redrawn crisp. */
export function design(look: Look): LabPlanes {
  const { source, regions, unit } = look;
  const rules = rulesFor(look, { lightness: 0.35, hue: 0.1, variety: 0.6 });
  const flat = flatColors(look, rules);
  const painted = carryOver(source, regions, rules, { lightness: 1, variation: 0.3 });
  const smallest = Math.max(4, SMALLEST * unit * unit);
  const kept = unclaimedPrint(look);
  for (let pixel = 0; pixel < painted.lightness.length; pixel++) {
    const label = regions.labels[pixel] as number;
    if ((regions.sizes[label] as number) < smallest || kept[pixel] === 1) continue;
    painted.lightness[pixel] = flat.lightness[label] as number;
    painted.a[pixel] = flat.a[label] as number;
    painted.b[pixel] = flat.b[label] as number;
  }
  mendEdges(painted, look.edges);
  return painted;
}

/** Marks strokes so thin that they are no regions of their own: filled flat with their ground they would be lost. */
function unclaimedPrint(look: Look): Uint8Array {
  const { lightness } = look.source;
  const { labels } = look.regions;
  const { pixels, low, high } = look.edges;
  const kept = new Uint8Array(labels.length);
  for (let index = 0; index < pixels.length; index++) {
    const one = low[index] as number;
    const other = high[index] as number;
    const step = Math.abs((lightness[one] as number) - (lightness[other] as number));
    if (labels[one] === labels[other] && step > PRINT) kept[pixels[index] as number] = 1;
  }
  return kept;
}

/** The palette colour of each region, in a tint that keeps neighbouring regions of one colour apart. */
function flatColors(look: Look, rules: RegionRules): LabPlanes {
  const { regions } = look;
  const { from, to } = rules;
  const flat = blankPlanes(regions.count, 1);
  for (let label = 0; label < regions.count; label++) {
    const target = to.lightness[label] as number;
    const offset = (regions.lightness[label] as number) - (from.lightness[label] as number);
    const stepped = Math.round((offset * 0.9) / TINT_STEP) * TINT_STEP;
    const toned = Math.min(0.985, Math.max(0.1, target + stepped));
    const shade = toned < target ? toned / target : 1;
    flat.lightness[label] = toned;
    flat.a[label] = (to.a[label] as number) * shade;
    flat.b[label] = (to.b[label] as number) * shade;
  }
  return flat;
}
