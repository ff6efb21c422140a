import { stage } from "../crew.ts";
import { addDetail, enlarge, enlargedRows, reducePlane } from "../fields.ts";
import { kuwahara } from "../kuwahara.ts";
import { type Light, lightRelief } from "../lighting.ts";
import type { Drawing, Look } from "../look.ts";
import { givePlane, takePlane } from "../planePool.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor, recolorSmall } from "../recolor.ts";

/** Share of a photograph's texture that stays on its smooth, moulded surfaces. */
const GRAIN = 0.28;

/** RENDER_3D: a relief is estimated and lit anew; a photograph's surfaces become smooth as moulded plastic. */
export function render3d(look: Look): LabPlanes {
  const { unit, factor, drawing } = look;
  const taste = {
    lightness: 0.85,
    variation: 0.4,
    assignment: { lightness: 0.5, hue: 0.3, variety: 0.5 },
  };
  const moulded = drawing === null ? mould(look, recolorSmall(look, taste)) : null;
  const painted = moulded === null ? recolor(look, taste) : grained(look, moulded);
  const relief =
    moulded === null && drawing !== null
      ? reliefOf(look, drawing)
      : (moulded?.lightness ?? painted.lightness);
  const random = randomStream(stir(look.seed, 71));
  const lamp = (random() < 0.5 ? -1 : 1) * (0.5 + 0.5 * random());
  const light = lightRelief(relief, look.small.width, look.small.height, {
    unit: unit / factor,
    lamp,
    depth: drawing === null ? 1.6 : 1,
  });
  illuminate({ painted, light, factor, isDrawn: drawing !== null }, painted.height);
  return painted;
}

/** A picture, and the light on it at `1 / factor` of its size. */
interface Lit {
  readonly painted: LabPlanes;
  readonly light: Light;
  readonly factor: number;
  readonly isDrawn: boolean;
}

const illuminate = stage("render3d", ({ painted, light, factor, isDrawn }: Lit, from, to) => {
  const { width, height, lightness, a, b } = painted;
  const readShade = enlargedRows(light.shade, factor, width, height);
  const readShine = enlargedRows(light.shine, factor, width, height);
  const shade = new Float32Array(width);
  const shine = new Float32Array(width);
  const vivid = isDrawn ? 1.06 : 1.22;
  for (let y = from, pixel = from * width; y < to; y++) {
    readShade(y, shade);
    readShine(y, shine);
    for (let x = 0; x < width; x++, pixel++) {
      const own = lightness[pixel] as number;
      const gloss = (shine[x] as number) * (isDrawn ? 1 : 1.1 - own);
      const lit = own * (shade[x] as number);
      const rich = (shade[x] as number) * (1 - gloss) * vivid;
      lightness[pixel] = lit + (1 - lit) * gloss;
      a[pixel] = (a[pixel] as number) * rich;
      b[pixel] = (b[pixel] as number) * rich;
    }
  }
});

/** A photograph without most of its texture, its forms and their borders kept; at the look's fraction of its size. */
function mould({ factor, unit }: Look, painted: LabPlanes): LabPlanes {
  const smooth = kuwahara(painted, null, (unit * 4.5) / factor, 900);
  for (let pixel = 0; pixel < smooth.lightness.length; pixel++) {
    const own = smooth.lightness[pixel] as number;
    smooth.lightness[pixel] = own + GRAIN * ((painted.lightness[pixel] as number) - own);
  }
  return smooth;
}

/** The moulded photograph at full size, with the finest of its texture. */
function grained({ source, small, factor }: Look, moulded: LabPlanes): LabPlanes {
  const full = enlarge({ factor, planes: moulded }, source.width, source.height);
  addDetail(full, source, { factor, planes: small }, (_, out) => out.fill(GRAIN));
  return full;
}

/** A drawing's relief at the look's fraction of its size: small regions stand on large ones, light stands over dark. */
function reliefOf({ source, small, factor }: Look, { regions }: Drawing): Float32Array {
  const { width, height } = source;
  const total = source.lightness.length;
  const heights = new Float32Array(regions.count);
  for (let label = 0; label < regions.count; label++) {
    const share = (regions.sizes[label] as number) / total;
    // Fine print lies on its ground: raised, its shadows would swallow it.
    const log = Math.log(1 / share) / Math.log(4000);
    heights[label] = 0.75 * (share < 0.00008 ? 0.5 : Math.min(0.72, log));
  }
  const full = takePlane(total);
  for (let pixel = 0; pixel < total; pixel++) {
    full[pixel] = heights[regions.labels[pixel] as number] as number;
  }
  const relief = factor === 1 ? full : reducePlane(full, width, height, factor);
  if (factor > 1) givePlane(full);
  for (let place = 0; place < relief.length; place++) {
    relief[place] = (relief[place] as number) + 0.35 * (small.lightness[place] as number);
  }
  return relief;
}
