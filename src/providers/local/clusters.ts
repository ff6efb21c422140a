import type { Lab } from "./oklab.ts";
import type { LabPlanes, Raster } from "./raster.ts";
import type { Segments } from "./segments.ts";

/** The main colours of a picture. */
export interface Clusters {
  /** Mean colours, largest share first. */
  readonly colors: readonly Lab[];
  /** Share of the visible picture, 0 to 1, summing to 1. */
  readonly shares: readonly number[];
  /** `contact[i][j]`: share of all borders between clusters that i and j have in common, 0 to 1. */
  readonly contact: readonly (readonly number[])[];
}

/** Chroma counts more than lightness: shades of one thing should stay one cluster. */
const CHROMA_WEIGHT = 1.7;
const GRID = 112;
const ROUNDS = 12;

interface Samples {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** Lightness, weighted a, weighted b of each sample. */
  readonly values: Float32Array;
  /** 0 where the picture is transparent. */
  readonly visible: Uint8Array;
}

/**
 * A regular grid of samples, each with its whole region's mean colour: so a material is one cluster, however
 * light and shade run over it. Without regions each sample has its own colour. Some thousands of samples say all about a picture's main colours.
 */
function sample(planes: LabPlanes, regions: Segments | null, alphaFrom: Raster | null): Samples {
  const step = Math.max(1, Math.max(planes.width, planes.height) / GRID);
  const columns = Math.max(1, Math.floor(planes.width / step));
  const rows = Math.max(1, Math.floor(planes.height / step));
  const count = columns * rows;
  const values = new Float32Array(count * 3);
  const visible = new Uint8Array(count);
  for (let row = 0, index = 0; row < rows; row++) {
    const y = Math.min(planes.height - 1, Math.floor((row + 0.5) * step));
    for (let column = 0; column < columns; column++, index++) {
      const pixel = y * planes.width + Math.min(planes.width - 1, Math.floor((column + 0.5) * step));
      const place = regions === null ? pixel : (regions.labels[pixel] as number);
      const colors = regions ?? planes;
      values[index * 3] = colors.lightness[place] as number;
      values[index * 3 + 1] = (colors.a[place] as number) * CHROMA_WEIGHT;
      values[index * 3 + 2] = (colors.b[place] as number) * CHROMA_WEIGHT;
      visible[index] = alphaFrom === null || alphaAt(alphaFrom, column, row, step) > 24 ? 1 : 0;
    }
  }
  return { count, columns, rows, values, visible };
}

/** Alpha under a sample; the raster may be larger than the planes that the grid was laid over. */
function alphaAt({ width, height, data }: Raster, column: number, row: number, step: number): number {
  const wide = step * Math.max(1, Math.round(Math.max(width, height) / (step * GRID)));
  const x = Math.min(width - 1, Math.floor((column + 0.5) * wide));
  const y = Math.min(height - 1, Math.floor((row + 0.5) * wide));
  return data[(y * width + x) * 4 + 3] as number;
}

function squaredDistance(values: Float32Array, index: number, centre: readonly number[]): number {
  const x = (values[index * 3] as number) - (centre[0] as number);
  const y = (values[index * 3 + 1] as number) - (centre[1] as number);
  const z = (values[index * 3 + 2] as number) - (centre[2] as number);
  return x * x + y * y + z * z;
}

/**
 * Starting centres, each the sample farthest from those before it but damped by how rare such colours are:
 * small bright lettering gets its own cluster, single stray pixels do not.
 */
function seedCentres(samples: Samples, most: number): number[][] {
  const { values, visible, count } = samples;
  const centres: number[][] = [];
  const nearest = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  const mean = [0, 0, 0];
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (visible[index] === 0) continue;
    total++;
    for (let axis = 0; axis < 3; axis++)
      mean[axis] = (mean[axis] as number) + (values[index * 3 + axis] as number);
  }
  if (total === 0) return [[0.5, 0, 0]];
  let next = mean.map((sum) => sum / total);
  while (centres.length < most) {
    centres.push(next);
    let farthest = -1;
    let far = 0.006;
    for (let index = 0; index < count; index++) {
      if (visible[index] === 0) continue;
      const distance = Math.min(nearest[index] as number, squaredDistance(values, index, next));
      nearest[index] = distance;
      // Support: the right-hand neighbour has this colour too.
      const beside = index + 1 < count ? squaredDistance(values, index + 1, centreAt(values, index)) : 1;
      const score = beside < 0.004 ? distance : distance * 0.3;
      if (score > far) {
        far = score;
        farthest = index;
      }
    }
    if (farthest < 0) break;
    next = centreAt(values, farthest);
  }
  return centres;
}

function centreAt(values: Float32Array, index: number): number[] {
  return [values[index * 3] as number, values[index * 3 + 1] as number, values[index * 3 + 2] as number];
}

/** The centre nearest to the sample at `place` of `values`; centres are rows of three numbers. */
function nearestCentre(values: Float32Array, place: number, centres: Float64Array): number {
  const l = values[place] as number;
  const u = values[place + 1] as number;
  const v = values[place + 2] as number;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let centre = 0, at = 0; at < centres.length; centre++, at += 3) {
    const x = l - (centres[at] as number);
    const y = u - (centres[at + 1] as number);
    const z = v - (centres[at + 2] as number);
    const distance = x * x + y * y + z * z;
    if (distance < least) {
      least = distance;
      best = centre;
    }
  }
  return best;
}

/** Finds up to `most` main colours by k-means in OKLab (S. Lloyd, 1982), deterministically seeded. */
export function findClusters(
  planes: LabPlanes,
  regions: Segments | null,
  alphaFrom: Raster | null,
  most: number,
): Clusters {
  const samples = sample(planes, regions, alphaFrom);
  const centres = seedCentres(samples, most);
  const labels = new Uint8Array(samples.count);
  const { values, visible } = samples;
  const flat = new Float64Array(centres.length * 3);
  const sums = new Float64Array(centres.length * 4);
  for (let round = 0; round < ROUNDS; round++) {
    sums.fill(0);
    flat.set(centres.flat());
    let moved = round === 0;
    for (let index = 0; index < samples.count; index++) {
      if (visible[index] === 0) continue;
      const label = nearestCentre(values, index * 3, flat);
      if (labels[index] !== label) moved = true;
      labels[index] = label;
      const place = label * 4;
      for (let axis = 0; axis < 3; axis++) {
        sums[place + axis] = (sums[place + axis] as number) + (values[index * 3 + axis] as number);
      }
      sums[place + 3] = (sums[place + 3] as number) + 1;
    }
    if (!moved) break;
    for (let label = 0; label < centres.length; label++) {
      const [l = 0, u = 0, v = 0, count = 0] = sums.subarray(label * 4, label * 4 + 4);
      if (count > 0) centres[label] = [l / count, u / count, v / count];
    }
  }
  return summarise(samples, centres, labels);
}

function summarise(samples: Samples, centres: readonly (readonly number[])[], labels: Uint8Array): Clusters {
  const counts = centres.map(() => 0);
  const borders = centres.map(() => centres.map(() => 0));
  let total = 0;
  let crossings = 0;
  const touch = (first: number, second: number): void => {
    if (samples.visible[first] === 0 || samples.visible[second] === 0) return;
    const one = labels[first] as number;
    const other = labels[second] as number;
    if (one === other) return;
    crossings++;
    const row = borders[one] as number[];
    const column = borders[other] as number[];
    row[other] = (row[other] as number) + 1;
    column[one] = (column[one] as number) + 1;
  };
  for (let row = 0, index = 0; row < samples.rows; row++) {
    for (let column = 0; column < samples.columns; column++, index++) {
      if (samples.visible[index] === 0) continue;
      total++;
      const label = labels[index] as number;
      counts[label] = (counts[label] as number) + 1;
      if (column + 1 < samples.columns) touch(index, index + 1);
      if (row + 1 < samples.rows) touch(index, index + samples.columns);
    }
  }
  const order = centres
    .map((_, index) => index)
    .filter((index) => total === 0 || (counts[index] as number) > 0)
    .sort((x, y) => (counts[y] as number) - (counts[x] as number));
  return {
    colors: order.map((index) => {
      const [lightness = 0, a = 0, b = 0] = centres[index] as readonly number[];
      return { lightness, a: a / CHROMA_WEIGHT, b: b / CHROMA_WEIGHT };
    }),
    shares: order.map((index) => (total === 0 ? 1 / order.length : (counts[index] as number) / total)),
    contact: order.map((one) =>
      order.map((other) => ((borders[one] as number[])[other] as number) / Math.max(1, crossings)),
    ),
  };
}
