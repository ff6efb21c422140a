import { groundsOf, mixedPixels, mostlyTouched } from "./grounds.ts";
import type { Drawing, Look } from "./look.ts";
import type { RegionRules } from "./regionRules.ts";

/** Marks larger than this many square units are things, not letters. */
export const LARGEST_LETTER = 3200;
/** Lightness step below which a small mark is not printed, but light and shade. */
const FAINT_STEP = 0.12;
/**
 * Marks smaller than this many square units are bits of strokes and of ringing: unless they stand out clearly, they are light
 * and shade on what they stand on.
 */
export const CRUMB = 34;
/** Lightness step from which even such a mark is print. */
const CLEAR_STEP = 0.28;
/** Marks smaller than this many square units are print, whatever their colour: no filter may break them up. */
export const SMALL_LETTER = 330;
/** Share of edge pixels from which a mark is fine print: its own colour is too mixed to tell. */
const FINE = 0.8;

/**
 * Lettering is printed in one colour: small marks much darker than their ground become the palette's ink, much
 * lighter ones its paper, or the other way round on a ground that itself turned from light to dark. Left to the
 * nearest cluster, letters of one word could fall to different colours. Changes the rules in place.
 */
export function letterRules(look: Look, drawing: Drawing, rules: RegionRules): void {
  const { palette } = look;
  const { regions, edges } = drawing;
  const area = look.unit * look.unit;
  const grounds = groundsOf(regions, edges, LARGEST_LETTER * area);
  const around = mostlyTouched(regions, edges, LARGEST_LETTER * area, () => 1);
  const mixed = mixedPixels(regions, edges);
  const before = rules.to.lightness.slice();
  for (let label = 0; label < regions.count; label++) {
    const own = regions.lightness[label] as number;
    const behind = seenThrough(regions.lightness, own, around[label] as number, grounds);
    if (behind >= 0) {
      copyRule(rules, behind, label);
      rules.holes[label] = 1;
      continue;
    }
    const ground = grounds[label] as number;
    if (ground < 0) continue;
    const size = regions.sizes[label] as number;
    const step = own - (regions.lightness[ground] as number);
    const fine = (mixed[label] as number) > FINE * size;
    const small = size < SMALL_LETTER * area;
    if (small && Math.abs(step) < (size < CRUMB * area ? CLEAR_STEP : FAINT_STEP)) {
      copyRule(rules, ground, label);
      continue;
    }
    if (Math.abs(step) < (fine || small ? FAINT_STEP : 0.3)) continue;
    if (!fine && !small && own > 0.62 && own < 0.86) continue;
    const under = before[ground] as number;
    const dark = under > 0.66 || (step < 0 && under > 0.5);
    const color = dark ? palette.ink : palette.paper;
    // Thin strokes never reached their full colour in the source, and must not stand out more here.
    const depth = fine ? Math.min(1, Math.abs(step) / 0.2) : 1;
    rules.from.lightness[label] = own;
    rules.from.a[label] = regions.a[label] as number;
    rules.from.b[label] = regions.b[label] as number;
    rules.to.lightness[label] = color.lightness * depth + under * (1 - depth);
    rules.to.a[label] = color.a * depth + (rules.to.a[ground] as number) * (1 - depth);
    rules.to.b[label] = color.b * depth + (rules.to.b[ground] as number) * (1 - depth);
  }
}

/** What a letter stands on is seen through its counter; -1 for what is none. `around` is what a mark lies within. */
function seenThrough(lightness: Float32Array, own: number, around: number, grounds: Int32Array): number {
  const behind = around < 0 ? -1 : (grounds[around] as number);
  if (behind < 0) return -1;
  const step = Math.abs(own - (lightness[around] as number));
  return Math.abs(own - (lightness[behind] as number)) < 0.5 * step ? behind : -1;
}

function copyRule({ from, to }: RegionRules, source: number, target: number): void {
  for (const plane of ["lightness", "a", "b"] as const) {
    from[plane][target] = from[plane][source] as number;
    to[plane][target] = to[plane][source] as number;
  }
}
