import { brushStrokes } from "../brushStrokes.ts";
import { stage } from "../crew.ts";
import { addDetail, enlarge, enlargedRows, fieldOf, reduce } from "../fields.ts";
import { gaussianBlur, smoothstep } from "../filters.ts";
import { kuwahara } from "../kuwahara.ts";
import type { Look } from "../look.ts";
import { takePlane } from "../planePool.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor, recolorSmall } from "../recolor.ts";
import { type Flow, structureFlow } from "../structureTensor.ts";

/** FICTION: painted: strokes that follow the drawing, thick paint catching the light, a glow at the centre. */
export function fiction(look: Look): LabPlanes {
  const { source, small, unit, factor, drawing } = look;
  const { width, height } = source;
  const random = randomStream(stir(look.seed, 83));
  const taste = {
    lightness: 0.85,
    variation: 0.6,
    assignment: { lightness: 0.5, hue: 0.3, variety: 0.5 },
  };
  const recolored = drawing === null ? recolorSmall(look, taste) : recolor(look, taste);
  const canvas = drawing === null ? recolored : reduce(recolored, factor).planes;
  const fine = unit / factor;
  const guide = small.lightness;
  const flow = structureFlow(guide, small.width, small.height, Math.max(1, fine * 4.5), random() * Math.PI);
  const radius = Math.max(1.2, fine * (drawing === null ? 8 : 6));
  let brushed = kuwahara(canvas, flow, radius, 400);
  if (look.effort === 2) brushed = kuwahara(brushed, flow, radius * 0.7, 400);
  const strokes = brushStrokes(flow, small.width, small.height, fine, look.seed);
  const layers: Layers = {
    brushed,
    relief: impasto(strokes, flow, small.width, small.height),
    // In a photograph nearly everything is detail: there the strokes may swallow it.
    busy: detailMask(guide, small.width, small.height, fine, drawing === null ? 0.5 : 0.9),
  };
  const glowX = 0.5 + (random() - 0.5) * 0.3;
  if (drawing !== null) {
    paint(recolored, layers, factor, glowX);
    return recolored;
  }
  paint(recolored, layers, 1, glowX);
  const full = enlarge({ factor, planes: recolored }, width, height);
  addDetail(full, source, { factor, planes: small }, enlargedRows(layers.busy, factor, width, height));
  return full;
}

/** What lies on a canvas, at a fraction of its size. */
interface Layers {
  /** Its colours in strokes. */
  readonly brushed: LabPlanes;
  /** Light on thick paint. */
  readonly relief: Float32Array;
  /** How much of the drawing shows through. */
  readonly busy: Float32Array;
}

/** Paints over a canvas, in place. */
function paint(canvas: LabPlanes, layers: Layers, factor: number, glowX: number): void {
  const { width, height } = canvas;
  const corners = fieldOf(width, height, 8, (u, v) =>
    smoothstep(0.06, 0.6, (u - glowX) * (u - glowX) + (v - 0.45) * (v - 0.45)),
  );
  paintRows({ canvas, layers, factor, corners }, height);
}

/** A canvas, what lies on it at `1 / factor` of its size, and how far each place is a corner, at an eighth. */
interface Painting {
  readonly canvas: LabPlanes;
  readonly layers: Layers;
  readonly factor: number;
  readonly corners: Float32Array;
}

const paintRows = stage("fiction", ({ canvas, layers, factor, corners }: Painting, from, to) => {
  const { width, height, lightness, a, b } = canvas;
  const { brushed, relief, busy } = layers;
  const rowsOf = (plane: Float32Array, reduction = factor) => ({
    read: enlargedRows(plane, reduction, width, height),
    row: new Float32Array(width),
  });
  const [brushedL, brushedA, brushedB] = [rowsOf(brushed.lightness), rowsOf(brushed.a), rowsOf(brushed.b)];
  const [thick, keeping, cornering] = [rowsOf(relief), rowsOf(busy), rowsOf(corners, 8)];
  const all = [brushedL, brushedA, brushedB, thick, keeping, cornering];
  for (let y = from, pixel = from * width; y < to; y++) {
    for (const { read, row } of all) read(y, row);
    for (let x = 0; x < width; x++, pixel++) {
      const keep = keeping.row[x] as number;
      const paint = thick.row[x] as number;
      const corner = cornering.row[x] as number;
      const value = (brushedL.row[x] as number) * (1 - keep) + (lightness[pixel] as number) * keep;
      const shade = 1 - 0.22 * corner;
      lightness[pixel] = (value + paint * (1 - 0.75 * keep) * (0.4 + 0.6 * value)) * shade;
      const rich = 1.18 - paint * 1.6 + 0.12 * corner;
      a[pixel] = ((brushedA.row[x] as number) * (1 - keep) + (a[pixel] as number) * keep) * rich;
      b[pixel] = ((brushedB.row[x] as number) * (1 - keep) + (b[pixel] as number) * keep) * rich;
    }
  }
});

/** Light on the paint: raised bristle marks catch it; where nothing is drawn the paint lies thin and even. */
function impasto(strokes: Float32Array, { anisotropy }: Flow, width: number, height: number): Float32Array {
  const relief = takePlane(strokes.length);
  raise({ strokes, anisotropy, relief, width, height }, height);
  return relief;
}

/** Strokes, how far they follow something, and the light on them. */
interface Raising {
  readonly strokes: Float32Array;
  readonly anisotropy: Float32Array;
  readonly relief: Float32Array;
  readonly width: number;
  readonly height: number;
}

const raise = stage("impasto", ({ strokes, anisotropy, relief, width, height }: Raising, from, to) => {
  for (let y = from, pixel = from * width; y < to; y++) {
    const below = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, pixel++) {
      const own = strokes[pixel] as number;
      const beside = x + 1 < width ? pixel + 1 : pixel;
      const slope = 2 * own - (strokes[pixel + below] as number) - (strokes[beside] as number);
      const body = 0.45 + 0.55 * (anisotropy[pixel] as number);
      relief[pixel] = body * (slope * 0.11 + (own - 0.5) * 0.05);
    }
  }
});

/** `most` where strokes of brush size would swallow the drawing, as in lettering; 0 on plain ground and long edges. */
function detailMask(
  lightness: Float32Array,
  width: number,
  height: number,
  unit: number,
  most: number,
): Float32Array {
  const blurred = gaussianBlur(lightness, width, height, Math.max(0.6, unit * 2.4));
  for (let pixel = 0; pixel < blurred.length; pixel++) {
    blurred[pixel] = Math.abs((lightness[pixel] as number) - (blurred[pixel] as number));
  }
  const energy = gaussianBlur(blurred, width, height, Math.max(0.6, unit * 4));
  for (let pixel = 0; pixel < energy.length; pixel++) {
    energy[pixel] = most * smoothstep(0.022, 0.06, energy[pixel] as number);
  }
  return energy;
}
