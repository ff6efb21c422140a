import type { Clusters } from "./clusters.ts";
import { smoothstep } from "./filters.ts";
import { hueOf, type Lab } from "./oklab.ts";
import { type LabPlanes, takePlanes } from "./raster.ts";
import type { CarryTaste } from "./regionRules.ts";

/** Nodes of the table along each axis. */
const NODES = 33;
/** Steps in the table from a node to the next along each axis. */
const ALONG_L = NODES * NODES * 3;
const ALONG_A = NODES * 3;
const ALONG_B = 3;
/** The reach of the a and b axes: sRGB lies within. */
const REACH = 0.34;
const CHROMA_WEIGHT = 1.7;

/** A smooth map from OKLab to OKLab, tabulated as far as it is used. */
export interface ColorMap {
  /** Three numbers a node; lightness runs slowest, b fastest. */
  readonly table: Float32Array;
  /** 1 for each cell, named after its first node, of which all nodes are in the table. */
  readonly ready: Uint8Array;
  /** Works out the nodes of a cell. */
  readonly prepare: (cell: number) => void;
}

/** How a photograph is recoloured. */
export interface MapTaste extends CarryTaste {
  /** How far the tones of skin are left as they are, 0 to 1. */
  readonly protectSkin: number;
  /** How softly one source colour hands over to the next, in OKLab. */
  readonly softness: number;
}

/**
 * A recolouring as a map of colours alone: palette-based (H. Chang et al., "Palette-based photo recoloring", SIGGRAPH
 * 2015), with soft shares, so that neighbouring colours stay neighbours. Photographs need that, since every cut into regions
 * would show in fur and foliage.
 */
export function colorMap(clusters: Clusters, targets: readonly Lab[], taste: MapTaste): ColorMap {
  const table = new Float32Array(NODES ** 3 * 3);
  const known = new Uint8Array(NODES ** 3);
  const ready = new Uint8Array(NODES ** 3);
  const weights = new Float64Array(clusters.colors.length);
  const mapped = { lightness: 0, a: 0, b: 0 };
  const work = (node: number): void => {
    if (known[node] === 1) return;
    known[node] = 1;
    const lightness = Math.floor(node / (NODES * NODES)) / (NODES - 1);
    const a = ((Math.floor(node / NODES) % NODES) / (NODES - 1) - 0.5) * 2 * REACH;
    const b = ((node % NODES) / (NODES - 1) - 0.5) * 2 * REACH;
    mapColor(lightness, a, b, clusters, targets, taste, weights, mapped);
    table[node * 3] = mapped.lightness;
    table[node * 3 + 1] = mapped.a;
    table[node * 3 + 2] = mapped.b;
  };
  const prepare = (cell: number): void => {
    ready[cell] = 1;
    for (const plane of [0, NODES * NODES]) {
      for (const row of [0, NODES]) {
        work(cell + plane + row);
        work(cell + plane + row + 1);
      }
    }
  };
  return { table, ready, prepare };
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
  const width = taste.softness + 0.35 * Math.sqrt(nearest);
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

/**
 * Sends every pixel through the map. Between nodes, by tetrahedra (H. Kang, "Color technology for electronic imaging
 * devices", 1997): half the look-ups of a cell's eight corners.
 */
export function applyMap(source: LabPlanes, { table, ready, prepare }: ColorMap): LabPlanes {
  const out = takePlanes(source.width, source.height);
  const { lightness, a, b } = out;
  const last = NODES - 1.001;
  const scale = (NODES - 1) / (2 * REACH);
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const x = Math.min(last, (source.lightness[pixel] as number) * (NODES - 1));
    const y = ((source.a[pixel] as number) + REACH) * scale;
    const z = ((source.b[pixel] as number) + REACH) * scale;
    const i = x | 0;
    const j = y | 0;
    const k = z | 0;
    const u = x - i;
    const v = y - j;
    const w = z - k;
    const cell = (i * NODES + j) * NODES + k;
    if (ready[cell] === 0) prepare(cell);
    // From the cell's first corner to its last, along the axes in the order of their shares.
    let most = u;
    let middle = v;
    let least = w;
    let first = ALONG_L;
    let second = ALONG_L + ALONG_A;
    if (u >= v) {
      if (v < w) {
        if (u >= w) {
          middle = w;
          least = v;
          second = ALONG_L + ALONG_B;
        } else {
          most = w;
          middle = u;
          least = v;
          first = ALONG_B;
          second = ALONG_L + ALONG_B;
        }
      }
    } else if (u >= w) {
      most = v;
      middle = u;
      first = ALONG_A;
    } else if (v >= w) {
      most = v;
      middle = w;
      least = u;
      first = ALONG_A;
      second = ALONG_A + ALONG_B;
    } else {
      most = w;
      least = u;
      first = ALONG_B;
      second = ALONG_A + ALONG_B;
    }
    const base = cell * 3;
    const one = base + first;
    const two = base + second;
    const end = base + ALONG_L + ALONG_A + ALONG_B;
    const s0 = 1 - most;
    const s1 = most - middle;
    const s2 = middle - least;
    lightness[pixel] =
      s0 * (table[base] as number) +
      s1 * (table[one] as number) +
      s2 * (table[two] as number) +
      least * (table[end] as number);
    a[pixel] =
      s0 * (table[base + 1] as number) +
      s1 * (table[one + 1] as number) +
      s2 * (table[two + 1] as number) +
      least * (table[end + 1] as number);
    b[pixel] =
      s0 * (table[base + 2] as number) +
      s1 * (table[one + 2] as number) +
      s2 * (table[two + 2] as number) +
      least * (table[end + 2] as number);
  }
  return out;
}
