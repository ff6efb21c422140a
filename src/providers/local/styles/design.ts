import { stage } from "../crew.ts";
import { mendEdges } from "../edges.ts";
import { smoothstep } from "../filters.ts";
import { CRUMB, SMALL_LETTER } from "../lettering.ts";
import type { Drawing, Look } from "../look.ts";
import { takePlane } from "../planePool.ts";
import { poster } from "../poster.ts";
import type { LabPlanes } from "../raster.ts";
import { rulesFor } from "../recolor.ts";
import { carryOver, type RegionRules } from "../regionRules.ts";
import type { Segments } from "../segments.ts";

/** Tints and shades that a flat area may take of its palette colour: steps of lightness. */
const TINT_STEP = 0.085;

/** Lightness steps from which a thin stroke within a region may be print, and from which it is, not texture. */
const FAINT_PRINT = 0.09;
const PRINT = 0.2;

/** The same for bits of letters, against the mean of a ground over which light may run. */
const SHADING = 0.14;
const CLEAR_PRINT = 0.28;

/** DESIGN: every region one flat palette colour, edges redrawn crisp; a photograph becomes a poster in few inks. */
export function design(look: Look): LabPlanes {
  const { source, drawing, unit } = look;
  if (drawing === null) {
    const assignment = { lightness: 0.35, hue: 0.1, variety: 0.6 };
    return poster(look, { lightness: 1, variation: 0.2, assignment });
  }
  const { regions, edges } = drawing;
  const assignment = { lightness: 0.35, hue: 0.1, variety: 0.6 };
  const smallest = Math.max(4, SMALL_LETTER * unit * unit);
  const rules = rulesFor(look, drawing, assignment, (first) => flatten(regions, first, smallest));
  const painted = carryOver(source, regions, rules, { lightness: 1, variation: 0 });
  const crumb = CRUMB * unit * unit;
  const kept = unclaimedPrint(source, drawing);
  fillFlat({ source, painted, kept, regions, rules, smallest, crumb }, source.height);
  mendEdges(painted, edges);
  return painted;
}

/** A recoloured drawing, and what its regions are filled by. */
interface Filling {
  readonly source: LabPlanes;
  readonly painted: LabPlanes;
  /** Share of each pixel's own colour that stays. */
  readonly kept: Float32Array;
  readonly regions: Segments;
  readonly rules: RegionRules;
  /** Pixels of regions that are filled. */
  readonly smallest: number;
  /** Pixels of marks that are more than texture. */
  readonly crumb: number;
}

const fillFlat = stage("design", (filling: Filling, from, to) => {
  const { source, painted, kept, regions, rules, smallest, crumb } = filling;
  const flat = rules.to;
  for (let pixel = from * source.width; pixel < to * source.width; pixel++) {
    const label = regions.labels[pixel] as number;
    const size = regions.sizes[label] as number;
    const small = size < smallest;
    // A mark too faint for print, such as a pale dot, is shown as faint as it is.
    // What follows its ground's rule is no print of its own.
    const follows = rules.from.lightness[label] !== regions.lightness[label];
    const faint = small && size >= crumb && rules.holes[label] === 0 && follows;
    if (faint) continue;
    const keep = small ? printAt(source, rules, pixel, label, follows) : (kept[pixel] as number);
    // Nearly all of a flat region is its colour alone.
    if (keep === 0) {
      painted.lightness[pixel] = flat.lightness[label] as number;
      painted.a[pixel] = flat.a[label] as number;
      painted.b[pixel] = flat.b[label] as number;
      continue;
    }
    const fill = 1 - keep;
    painted.lightness[pixel] =
      (painted.lightness[pixel] as number) * keep + (flat.lightness[label] as number) * fill;
    painted.a[pixel] = (painted.a[pixel] as number) * keep + (flat.a[label] as number) * fill;
    painted.b[pixel] = (painted.b[pixel] as number) * keep + (flat.b[label] as number) * fill;
  }
});

/**
 * How far a pixel of a small region stands out from the colour it is taken for: bits of letters do, light does not. In a
 * letter of its own, which `follows` no ground, only what is seen between its strokes does: none is darker than ink.
 */
function printAt(
  { lightness }: LabPlanes,
  { from, to }: RegionRules,
  pixel: number,
  label: number,
  follows: boolean,
): number {
  const mean = from.lightness[label] as number;
  const step = (lightness[pixel] as number) - mean;
  const towards = (to.lightness[label] as number) - mean;
  return !follows && step * towards > 0 ? 0 : smoothstep(SHADING, CLEAR_PRINT, Math.abs(step));
}

/** How far strokes are kept that are so thin that they are no regions of their own: filled flat they would be lost. */
function unclaimedPrint({ lightness }: LabPlanes, drawing: Drawing): Float32Array {
  const { labels, lightness: means } = drawing.regions;
  const { pixels, low, high } = drawing.edges;
  const kept = takePlane(labels.length).fill(0);
  for (let index = 0; index < pixels.length; index++) {
    const pixel = pixels[index] as number;
    const label = labels[low[index] as number] as number;
    if (label !== labels[high[index] as number]) continue;
    const across = (lightness[high[index] as number] as number) - (lightness[low[index] as number] as number);
    // A pixel beside a stroke is as light as its region, or ringing.
    const step = Math.abs((lightness[pixel] as number) - (means[label] as number));
    kept[pixel] = smoothstep(FAINT_PRINT, PRINT, Math.min(step, Math.abs(across)));
  }
  return kept;
}

/**
 * Makes the rule of each region of at least `smallest` pixels lead from its mean to one flat colour, in place: the
 * palette's, in a tint that keeps neighbouring regions of one colour apart. What follows the rule of the ground it lies on then is exactly like it.
 */
function flatten(regions: Segments, { from, to }: RegionRules, smallest: number): void {
  for (let label = 0; label < regions.count; label++) {
    if ((regions.sizes[label] as number) < smallest) continue;
    const target = to.lightness[label] as number;
    const own = regions.lightness[label] as number;
    const offset = own - (from.lightness[label] as number);
    const stepped = Math.round((offset * 0.9) / TINT_STEP) * TINT_STEP;
    const toned = Math.min(0.985, Math.max(0.1, target + stepped));
    const shade = toned < target ? toned / target : 1;
    to.lightness[label] = toned;
    to.a[label] = (to.a[label] as number) * shade;
    to.b[label] = (to.b[label] as number) * shade;
    from.lightness[label] = own;
    from.a[label] = regions.a[label] as number;
    from.b[label] = regions.b[label] as number;
  }
}
