import type { Clusters } from "./clusters.ts";
import { smoothstep } from "./filters.ts";
import { hueOf, type Lab } from "./oklab.ts";
import { blankPlanes, type LabPlanes } from "./raster.ts";
import type { CarryTaste } from "./regionRules.ts";

/** Nodes of the table along each axis. */
const NODES = 33;
/** The reach of the a and b axes: sRGB lies within. */
const REACH = 0.34;
/** How softly one source colour hands over to the next, in OKLab. */
const SOFTNESS = 0.075;
const CHROMA_WEIGHT = 1.7;

/** A smooth map from OKLab to OKLab, tabulated. */
export interface ColorMap {
  /** Three numbers a node; lightness runs slowest, b fastest. */
  readonly table: Float32Array;
}

/** How a photograph is recoloured. */
export interface MapTaste extends CarryTaste {
  /** How far the tones of skin are left as they are, 0 to 1. */
  readonly protectSkin: number;
}

/**
 * A recolouring as a map of colours alone: palette-based (H. Chang et al., "Palette-based photo recoloring", SIGGRAPH
 * 2015), with soft shares, so that neighbouring colours stay neighbours. Photographs need that, since every cut into regions
 * would show in fur and foliage.
 */
export function colorMap(clusters: Clusters, targets: readonly Lab[], taste: MapTaste): ColorMap {
  const table = new Float32Array(NODES ** 3 * 3);
  const weights = new Float64Array(clusters.colors.length);
  const mapped = { lightness: 0, a: 0, b: 0 };
  for (let i = 0, node = 0; i < NODES; i++) {
    const lightness = i / (NODES - 1);
    for (let j = 0; j < NODES; j++) {
      const a = (j / (NODES - 1) - 0.5) * 2 * REACH;
      for (let k = 0; k < NODES; k++, node += 3) {
        const b = (k / (NODES - 1) - 0.5) * 2 * REACH;
        mapColor(lightness, a, b, clusters, targets, taste, weights, mapped);
        table[node] = mapped.lightness;
        table[node + 1] = mapped.a;
        table[node + 2] = mapped.b;
      }
    }
  }
  return { table };
}

type Mutable = { -readonly [Key in keyof Lab]: Lab[Key] };

function mapColor(
  lightness: number,
  a: number,
  b: number,
  clusters: Clusters,
  targets: readonly Lab[],
  taste: MapTaste,
  weights: Float64Array,
  out: Mutable,
): void {
  let nearest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < weights.length; index++) {
    const color = clusters.colors[index] as Lab;
    const dl = color.lightness - lightness;
    const da = (color.a - a) * CHROMA_WEIGHT;
    const db = (color.b - b) * CHROMA_WEIGHT;
    const gap = dl * dl + da * da + db * db;
    weights[index] = gap;
    if (gap < nearest) nearest = gap;
  }
  // Far from every cluster the shares must not become a hard cut between the two nearest.
  const width = SOFTNESS + 0.35 * Math.sqrt(nearest);
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    weights[index] = Math.exp((nearest - (weights[index] as number)) / (2 * width * width));
    total += weights[index] as number;
  }
  let fromL = 0;
  let fromA = 0;
  let fromB = 0;
  let toL = 0;
  let toA = 0;
  let toB = 0;
  for (let index = 0; index < weights.length; index++) {
    const share = (weights[index] as number) / total;
    const from = clusters.colors[index] as Lab;
    const to = targets[index] as Lab;
    fromL += share * from.lightness;
    fromA += share * from.a;
    fromB += share * from.b;
    toL += share * to.lightness;
    toA += share * to.a;
    toB += share * to.b;
  }
  const aim = fromL + (toL - fromL) * taste.lightness;
  const offset = lightness - fromL;
  const room = offset > 0 ? 1 - aim : aim;
  const size = Math.abs(offset);
  const reach = Math.min(size / (1 + (0.35 * size) / Math.max(0.03, room)), room * 0.98);
  const own = offset > 0 ? aim + reach : aim - reach;
  const shade = own < aim ? own / Math.max(0.05, aim) : 1 - (0.75 * (own - aim)) / (1.02 - aim);
  // What a colour is more or less vivid than its cluster, it stays in the new hue; hue itself is the target's.
  const vivid = Math.hypot(a, b) - Math.hypot(fromA, fromB);
  const target = Math.hypot(toA, toB);
  const gain = target < 0.01 ? 1 : Math.max(0.25, 1 + (taste.variation * vivid) / Math.max(0.05, target));
  const kept = taste.protectSkin * skinness(lightness, a, b);
  out.lightness = own + (lightness - own) * kept;
  out.a = toA * shade * gain + (a - toA * shade * gain) * kept;
  out.b = toB * shade * gain + (b - toB * shade * gain) * kept;
}

/** How much a colour is one of skin, 0 to 1: a narrow range of hues at moderate chroma, whatever the complexion. */
export function skinness(lightness: number, a: number, b: number): number {
  const chroma = Math.hypot(a, b);
  const hue = hueOf({ lightness, a, b });
  return (
    smoothstep(0.3, 0.42, lightness) *
    smoothstep(0.97, 0.9, lightness) *
    smoothstep(0.02, 0.04, chroma) *
    smoothstep(0.15, 0.115, chroma) *
    smoothstep(18, 32, hue) *
    smoothstep(82, 66, hue)
  );
}

/** Sends every pixel through the map, with linear interpolation between nodes. */
export function applyMap(source: LabPlanes, { table }: ColorMap): LabPlanes {
  const out = blankPlanes(source.width, source.height);
  const { lightness, a, b } = out;
  const last = NODES - 1.001;
  const plane = NODES * NODES * 3;
  const row = NODES * 3;
  const scale = (NODES - 1) / (2 * REACH);
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const x = clamp((source.lightness[pixel] as number) * (NODES - 1), last);
    const y = clamp(((source.a[pixel] as number) + REACH) * scale, last);
    const z = clamp(((source.b[pixel] as number) + REACH) * scale, last);
    const i = x | 0;
    const j = y | 0;
    const k = z | 0;
    const u = x - i;
    const v = y - j;
    const w = z - k;
    const base = i * plane + j * row + k * 3;
    // Shares of the cell's eight corners.
    const uv = u * v;
    const s11 = uv * w;
    const s10 = uv - s11;
    const uw = u * w - s11;
    const u0 = u - uv - uw;
    const vw = v * w - s11;
    const v0 = v - uv - vw;
    const w0 = w - (u * w - s11) - vw - s11;
    const none = 1 - u0 - v0 - w0 - s10 - uw - vw - s11;
    const bu = base + plane;
    const bv = base + row;
    const buv = bu + row;
    lightness[pixel] =
      none * (table[base] as number) +
      w0 * (table[base + 3] as number) +
      v0 * (table[bv] as number) +
      vw * (table[bv + 3] as number) +
      u0 * (table[bu] as number) +
      uw * (table[bu + 3] as number) +
      s10 * (table[buv] as number) +
      s11 * (table[buv + 3] as number);
    a[pixel] =
      none * (table[base + 1] as number) +
      w0 * (table[base + 4] as number) +
      v0 * (table[bv + 1] as number) +
      vw * (table[bv + 4] as number) +
      u0 * (table[bu + 1] as number) +
      uw * (table[bu + 4] as number) +
      s10 * (table[buv + 1] as number) +
      s11 * (table[buv + 4] as number);
    b[pixel] =
      none * (table[base + 2] as number) +
      w0 * (table[base + 5] as number) +
      v0 * (table[bv + 2] as number) +
      vw * (table[bv + 5] as number) +
      u0 * (table[bu + 2] as number) +
      uw * (table[bu + 5] as number) +
      s10 * (table[buv + 2] as number) +
      s11 * (table[buv + 5] as number);
  }
  return out;
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value;
}
