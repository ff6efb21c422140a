import { enlarge, enlargePlane, reduce, reducePlane } from "../fields.ts";
import { kuwahara } from "../kuwahara.ts";
import { lightRelief } from "../lighting.ts";
import type { Drawing, Look } from "../look.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";
import { stillFlow } from "../structureTensor.ts";

/** Share of a photograph's texture that stays on its smooth, moulded surfaces. */
const GRAIN = 0.28;

/** RENDER_3D: a relief is estimated and lit anew; a photograph's surfaces become smooth as moulded plastic. */
export function render3d(look: Look): LabPlanes {
  const { source, unit, factor, drawing } = look;
  const { width, height } = source;
  const recolored = recolor(look, {
    lightness: 0.85,
    variation: 0.4,
    assignment: { lightness: 0.5, hue: 0.3, variety: 0.5 },
  });
  const painted = drawing === null ? moulded(look, recolored) : recolored;
  const relief =
    drawing === null
      ? reducePlane(painted.lightness, width, height, factor)
      : reducePlane(reliefOf(source, drawing), width, height, factor);
  const random = randomStream(stir(look.seed, 71));
  const lamp = (random() < 0.5 ? -1 : 1) * (0.5 + 0.5 * random());
  const light = lightRelief(relief, Math.ceil(width / factor), Math.ceil(height / factor), {
    unit: unit / factor,
    lamp,
    depth: drawing === null ? 1.6 : 1,
  });
  const shade = enlargePlane(light.shade, factor, width, height);
  const shine = enlargePlane(light.shine, factor, width, height);
  const { lightness, a, b } = painted;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const factorOfLight = shade[pixel] as number;
    const gloss = (shine[pixel] as number) * (drawing === null ? 1.1 - (lightness[pixel] as number) : 1);
    const own = lightness[pixel] as number;
    const lit = own * factorOfLight;
    const rich = factorOfLight * (1 - gloss) * (drawing === null ? 1.22 : 1.06);
    lightness[pixel] = lit + (1 - lit) * gloss;
    a[pixel] = (a[pixel] as number) * rich;
    b[pixel] = (b[pixel] as number) * rich;
  }
  return painted;
}

/** A photograph without its texture, its forms and their borders kept. */
function moulded({ source, factor, unit, seed }: Look, painted: LabPlanes): LabPlanes {
  const { width, height } = source;
  const small = reduce(painted, factor);
  const { width: columns, height: rows } = small.planes;
  const smooth = kuwahara(small.planes, stillFlow(columns, rows, seed), (unit * 4.5) / factor, 900);
  const full = enlarge({ factor, planes: smooth }, width, height);
  for (let pixel = 0; pixel < full.lightness.length; pixel++) {
    const own = full.lightness[pixel] as number;
    full.lightness[pixel] = own + GRAIN * ((painted.lightness[pixel] as number) - own);
  }
  return full;
}

/** A drawing's relief: small regions stand on large ones, light stands over dark. */
function reliefOf(source: LabPlanes, { regions }: Drawing): Float32Array {
  const total = source.lightness.length;
  const relief = new Float32Array(total);
  const heights = new Float32Array(regions.count);
  for (let label = 0; label < regions.count; label++) {
    const share = (regions.sizes[label] as number) / total;
    // Fine print lies on its ground: raised, its shadows would swallow it.
    const log = Math.log(1 / share) / Math.log(4000);
    heights[label] = share < 0.00008 ? 0.5 : Math.min(0.72, log);
  }
  for (let pixel = 0; pixel < total; pixel++) {
    relief[pixel] =
      (heights[regions.labels[pixel] as number] as number) * 0.75 +
      (source.lightness[pixel] as number) * 0.35;
  }
  return relief;
}
