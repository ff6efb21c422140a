import { brushStrokes } from "../brushStrokes.ts";
import { gaussianBlur, smoothstep } from "../filters.ts";
import { kuwahara } from "../kuwahara.ts";
import type { Look } from "../look.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";
import { structureFlow } from "../structureTensor.ts";

/** FICTION: painted: strokes that follow the drawing, thick paint catching the light, a glow at the centre. */
export function fiction(look: Look): LabPlanes {
  const { source, unit } = look;
  const { width, height } = source;
  const random = randomStream(stir(look.seed, 83));
  const painted = recolor(look, {
    lightness: 0.85,
    variation: 0.6,
    assignment: { lightness: 0.5, hue: 0.3, variety: 0.5 },
  });
  const flow = structureFlow(source.lightness, width, height, Math.max(1.2, unit * 4), random() * Math.PI);
  const radius = Math.max(1.5, unit * 6);
  let brushed = kuwahara(painted, flow, radius, 250);
  if (look.effort === 2) brushed = kuwahara(brushed, flow, radius * 0.7, 250);
  const busy = detailMask(source.lightness, width, height, unit);
  const strokes = brushStrokes(flow, width, height, unit, look.seed);
  const { lightness, a, b } = brushed;
  const glowX = 0.5 + (random() - 0.5) * 0.3;
  for (let y = 0, pixel = 0; y < height; y++) {
    const v = (y + 0.5) / height - 0.45;
    for (let x = 0; x < width; x++, pixel++) {
      const u = (x + 0.5) / width - glowX;
      const below = y + 1 < height ? pixel + width : pixel;
      const beside = x + 1 < width ? pixel + 1 : pixel;
      const keep = busy[pixel] as number;
      const own = strokes[pixel] as number;
      const slope = 2 * own - (strokes[below] as number) - (strokes[beside] as number);
      const value = (lightness[pixel] as number) * (1 - keep) + (painted.lightness[pixel] as number) * keep;
      const corner = smoothstep(0.06, 0.6, u * u + v * v);
      const shade = 1 - 0.22 * corner;
      const relief = (slope * 0.1 + (own - 0.5) * 0.035) * (1 - 0.75 * keep);
      lightness[pixel] = (value + relief * (0.4 + 0.6 * value)) * shade;
      const rich = 1.16 + (own - 0.5) * 0.4 + 0.12 * corner;
      a[pixel] = ((a[pixel] as number) * (1 - keep) + (painted.a[pixel] as number) * keep) * rich;
      b[pixel] = ((b[pixel] as number) * (1 - keep) + (painted.b[pixel] as number) * keep) * rich;
    }
  }
  return brushed;
}

/** 1 where strokes of brush size would swallow the drawing, as in lettering; 0 on plain ground and long edges. */
function detailMask(lightness: Float32Array, width: number, height: number, unit: number): Float32Array {
  const blurred = gaussianBlur(lightness, width, height, Math.max(1, unit * 2.4));
  for (let pixel = 0; pixel < blurred.length; pixel++) {
    blurred[pixel] = Math.abs((lightness[pixel] as number) - (blurred[pixel] as number));
  }
  const energy = gaussianBlur(blurred, width, height, Math.max(1, unit * 4));
  for (let pixel = 0; pixel < energy.length; pixel++) {
    energy[pixel] = 0.9 * smoothstep(0.03, 0.075, energy[pixel] as number);
  }
  return energy;
}
