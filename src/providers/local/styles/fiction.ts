import { brushStrokes } from "../brushStrokes.ts";
import { enlarge, enlargePlane, reduce, reducePlane } from "../fields.ts";
import { gaussianBlur, smoothstep } from "../filters.ts";
import { kuwahara } from "../kuwahara.ts";
import type { Look } from "../look.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";
import { type Flow, structureFlow } from "../structureTensor.ts";

/** FICTION: painted: strokes that follow the drawing, thick paint catching the light, a glow at the centre. */
export function fiction(look: Look): LabPlanes {
  const { source, unit, factor, drawing } = look;
  const { width, height } = source;
  const random = randomStream(stir(look.seed, 83));
  const painted = recolor(look, {
    lightness: 0.85,
    variation: 0.6,
    assignment: { lightness: 0.5, hue: 0.3, variety: 0.5 },
  });
  const { planes: small } = reduce(painted, factor);
  const guide = reducePlane(source.lightness, width, height, factor);
  const fine = unit / factor;
  const flow = structureFlow(guide, small.width, small.height, Math.max(1, fine * 4.5), random() * Math.PI);
  const radius = Math.max(1.2, fine * (drawing === null ? 8 : 6));
  let brushed = kuwahara(small, flow, radius, 400);
  if (look.effort === 2) brushed = kuwahara(brushed, flow, radius * 0.7, 400);
  const strokes = brushStrokes(flow, small.width, small.height, fine, look.seed);
  const relief = impasto(strokes, flow, small.width, small.height);
  const thick = enlargePlane(relief, factor, width, height);
  // In a photograph nearly everything is detail: there the strokes may swallow it.
  const most = drawing === null ? 0.5 : 0.9;
  const busy = enlargePlane(detailMask(guide, small.width, small.height, fine, most), factor, width, height);
  const full = enlarge({ factor, planes: brushed }, width, height);
  const { lightness, a, b } = full;
  const glowX = 0.5 + (random() - 0.5) * 0.3;
  for (let y = 0, pixel = 0; y < height; y++) {
    const v = (y + 0.5) / height - 0.45;
    for (let x = 0; x < width; x++, pixel++) {
      const u = (x + 0.5) / width - glowX;
      const keep = busy[pixel] as number;
      const paint = thick[pixel] as number;
      const value = (lightness[pixel] as number) * (1 - keep) + (painted.lightness[pixel] as number) * keep;
      const corner = smoothstep(0.06, 0.6, u * u + v * v);
      const shade = 1 - 0.22 * corner;
      lightness[pixel] = (value + paint * (1 - 0.75 * keep) * (0.4 + 0.6 * value)) * shade;
      const rich = 1.18 - paint * 1.6 + 0.12 * corner;
      a[pixel] = ((a[pixel] as number) * (1 - keep) + (painted.a[pixel] as number) * keep) * rich;
      b[pixel] = ((b[pixel] as number) * (1 - keep) + (painted.b[pixel] as number) * keep) * rich;
    }
  }
  return full;
}

/** Light on the paint: raised bristle marks catch it; where nothing is drawn the paint lies thin and even. */
function impasto(strokes: Float32Array, { anisotropy }: Flow, width: number, height: number): Float32Array {
  const relief = new Float32Array(strokes.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    const below = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, pixel++) {
      const own = strokes[pixel] as number;
      const beside = x + 1 < width ? pixel + 1 : pixel;
      const slope = 2 * own - (strokes[pixel + below] as number) - (strokes[beside] as number);
      const body = 0.45 + 0.55 * (anisotropy[pixel] as number);
      relief[pixel] = body * (slope * 0.11 + (own - 0.5) * 0.05);
    }
  }
  return relief;
}

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
