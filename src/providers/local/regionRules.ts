import type { Clusters } from "./clusters.ts";
import { stage } from "./crew.ts";
import type { Lab } from "./oklab.ts";
import { blankPlanes, type LabPlanes, takePlanes } from "./raster.ts";
import type { Segments } from "./segments.ts";

/** How colours are carried over. */
export interface CarryTaste {
  /** Share of the target's lightness taken over, 0 (source lightness stays) to 1. */
  readonly lightness: number;
  /** Share of the source's own variation in chroma that stays, 0 to 1. */
  readonly variation: number;
}

/** For each region, the source colour it stands for and the palette colour that becomes; one entry a region. */
export interface RegionRules {
  readonly from: LabPlanes;
  readonly to: LabPlanes;
  /** 1 for the counters of letters, which follow the rule of what these stand on. */
  readonly holes: Uint8Array;
}

const CHROMA_WEIGHT = 1.7;

/** Half the typical gap between neighbouring clusters: how softly one hands over to the next. */
function softness(clusters: Clusters): number {
  let total = 0;
  for (const color of clusters.colors) {
    let nearest = 0.4;
    for (const other of clusters.colors) {
      if (other !== color) nearest = Math.min(nearest, distance(color, other.lightness, other.a, other.b));
    }
    total += nearest;
  }
  return Math.min(0.06, Math.max(0.02, (total / clusters.colors.length) * 0.25));
}

function distance(color: Lab, lightness: number, a: number, b: number): number {
  return Math.hypot(
    color.lightness - lightness,
    (color.a - a) * CHROMA_WEIGHT,
    (color.b - b) * CHROMA_WEIGHT,
  );
}

/**
 * Palette-based recolouring (H. Chang et al., "Palette-based photo recoloring", SIGGRAPH 2015) by regions: each
 * region follows its nearest clusters in soft shares. By regions rather than pixels, because a gradient that
 * passes near another cluster's colour would otherwise change hue half-way.
 */
export function regionRules(regions: Segments, clusters: Clusters, targets: readonly Lab[]): RegionRules {
  const from = blankPlanes(regions.count, 1);
  const to = blankPlanes(regions.count, 1);
  const width = softness(clusters);
  const fall = 1 / (2 * width * width);
  const distances = new Float64Array(clusters.colors.length);
  for (let region = 0; region < regions.count; region++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < distances.length; index++) {
      const gap = distance(
        clusters.colors[index] as Lab,
        regions.lightness[region] as number,
        regions.a[region] as number,
        regions.b[region] as number,
      );
      distances[index] = gap * gap;
      nearest = Math.min(nearest, gap * gap);
    }
    let total = 0;
    for (let index = 0; index < distances.length; index++) {
      const share = Math.exp((nearest - (distances[index] as number)) * fall);
      distances[index] = share < 0.02 ? 0 : share;
      total += distances[index] as number;
    }
    for (let index = 0; index < distances.length; index++) {
      const share = (distances[index] as number) / total;
      if (share > 0) {
        add(from, region, clusters.colors[index] as Lab, share);
        add(to, region, targets[index] as Lab, share);
      }
    }
  }
  return { from, to, holes: new Uint8Array(regions.count) };
}

function add(planes: LabPlanes, place: number, color: Lab, share: number): void {
  planes.lightness[place] = (planes.lightness[place] as number) + color.lightness * share;
  planes.a[place] = (planes.a[place] as number) + color.a * share;
  planes.b[place] = (planes.b[place] as number) + color.b * share;
}

/**
 * Carries every pixel over by its region's rule. Shading scales all three OKLab numbers alike (light times k
 * gives OKLab times the cube root of k), so shadows keep the target's hue and stay as deep as in the source;
 * highlights run towards white.
 */
export function carryOver(
  source: LabPlanes,
  regions: Segments,
  rules: RegionRules,
  taste: CarryTaste,
): LabPlanes {
  const out = takePlanes(source.width, source.height);
  carry({ source, labels: regions.labels, rules, turns: hueTurns(rules), taste, out }, source.height);
  return out;
}

/** What rows are carried over from, and into. */
interface Carrying {
  readonly source: LabPlanes;
  readonly labels: Int32Array;
  readonly rules: RegionRules;
  readonly turns: Float32Array;
  readonly taste: CarryTaste;
  readonly out: LabPlanes;
}

const carry = stage("carryOver", ({ source, labels, rules, turns, taste, out }: Carrying, top, bottom) => {
  const { from, to } = rules;
  const { lightness: sourceLs, a: sourceAs, b: sourceBs } = source;
  const { lightness: outL, a: outA, b: outB } = out;
  const end = bottom * source.width;
  for (let pixel = top * source.width; pixel < end; ) {
    const region = labels[pixel] as number;
    const fromL = from.lightness[region] as number;
    const fromA = from.a[region] as number;
    const fromB = from.b[region] as number;
    const toA = to.a[region] as number;
    const toB = to.b[region] as number;
    const turnA = (turns[region * 2] as number) * taste.variation;
    const turnB = (turns[region * 2 + 1] as number) * taste.variation;
    const aim = fromL + ((to.lightness[region] as number) - fromL) * taste.lightness;
    // Divisions are slow: what all pixels of a run are divided by is turned over once.
    const perFrom = 1 / Math.max(0.05, fromL);
    const perAim = 1 / Math.max(0.05, aim);
    const perLight = 0.75 / (1.02 - aim);
    const perRoomAbove = 0.35 / Math.max(0.03, 1 - aim);
    const perRoomBelow = 0.35 / Math.max(0.03, aim);
    const mostAbove = (1 - aim) * 0.98;
    const mostBelow = aim * 0.98;
    let beforeL = Number.NaN;
    let beforeA = 0;
    let beforeB = 0;
    let lightness = 0;
    let a = 0;
    let b = 0;
    for (; pixel < end && labels[pixel] === region; pixel++) {
      const own = sourceLs[pixel] as number;
      const sourceA = sourceAs[pixel] as number;
      const sourceB = sourceBs[pixel] as number;
      // In even areas many pixels in a row are of one colour.
      if (own !== beforeL || sourceA !== beforeA || sourceB !== beforeB) {
        beforeL = own;
        beforeA = sourceA;
        beforeB = sourceB;
        const offset = own - fromL;
        // Near black and white the offset is squeezed, so that detail there flattens softly and is never clipped.
        const light = offset > 0;
        const size = light ? offset : -offset;
        const squeezed = size / (1 + size * (light ? perRoomAbove : perRoomBelow));
        const most = light ? mostAbove : mostBelow;
        // Written out, since `Math.min` must mind NaN and the sign of 0.
        const reach = squeezed < most ? squeezed : most;
        lightness = light ? aim + reach : aim - reach;
        const shade = light ? 1 - reach * perLight : lightness * perAim;
        const full = own * perFrom;
        const ratio = full < 1.3 ? full : 1.3;
        const restA = sourceA - fromA * ratio;
        const restB = sourceB - fromB * ratio;
        a = toA * shade + restA * turnA - restB * turnB;
        b = toB * shade + restA * turnB + restB * turnA;
      }
      outL[pixel] = lightness;
      outA[pixel] = a;
      outB[pixel] = b;
    }
  }
});

/**
 * Complex quotient target/source of each region's (a, b): what is left of the source's own variation turns with
 * the hue. Never enlarged, or the noise of a near-grey source would become coloured blotches.
 */
function hueTurns(rules: RegionRules): Float32Array {
  const { from, to } = rules;
  const turns = new Float32Array(from.a.length * 2);
  for (let region = 0; region < from.a.length; region++) {
    const fa = from.a[region] as number;
    const fb = from.b[region] as number;
    const ta = to.a[region] as number;
    const tb = to.b[region] as number;
    const power = fa * fa + fb * fb;
    let real = 0.5;
    let imaginary = 0;
    if (power > 0.0009) {
      real = (ta * fa + tb * fb) / power;
      imaginary = (tb * fa - ta * fb) / power;
      const size = Math.hypot(real, imaginary);
      if (size > 1) {
        real /= size;
        imaginary /= size;
      }
    }
    turns[region * 2] = real;
    turns[region * 2 + 1] = imaginary;
  }
  return turns;
}
