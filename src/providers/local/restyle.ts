import { findClusters } from "./clusters.ts";
import { findEdges } from "./edges.ts";
import type { Look, Style } from "./look.ts";
import { labFromRaster, rasterFromLab } from "./oklab.ts";
import { buildPalette } from "./palette.ts";
import { chooseStyle, readPrompt } from "./promptReading.ts";
import { hashText, stir } from "./random.ts";
import type { LabPlanes, Raster } from "./raster.ts";
import type { RestyleRequest, StyleType } from "./request.ts";
import { segment } from "./segments.ts";
import { anime } from "./styles/anime.ts";
import { design } from "./styles/design.ts";
import { fiction } from "./styles/fiction.ts";
import { general } from "./styles/general.ts";
import { realistic } from "./styles/realistic.ts";
import { render3d } from "./styles/render3d.ts";

export type { Raster } from "./raster.ts";
export type { RestyleRequest } from "./request.ts";

const STYLES: Readonly<Record<Exclude<StyleType, "AUTO">, Style>> = {
  GENERAL: general,
  REALISTIC: realistic,
  DESIGN: design,
  RENDER_3D: render3d,
  ANIME: anime,
  FICTION: fiction,
};
const EFFORT = { TURBO: 0, DEFAULT: 1, QUALITY: 2 } as const;
const WORK_PIXELS = { TURBO: 150_000, DEFAULT: 400_000, QUALITY: 900_000 } as const;
const MAIN_COLORS = { TURBO: 5, DEFAULT: 6, QUALITY: 7 } as const;
/** Styles of flat paint: rounding noise would spoil their even areas. */
const FLAT: ReadonlySet<StyleType> = new Set(["DESIGN"]);

/**
 * Makes one variation of a picture: its palette and mood from the prompts, its look from the style. The same
 * request on the same source always gives the same bytes. The result has the source's size and alpha; the source
 * is never changed.
 */
export function restyle(source: Raster, request: RestyleRequest): Raster {
  const planes = labFromRaster(source);
  fillHidden(planes, source);
  const style = request.styleType === "AUTO" ? chooseStyle(request.positivePrompt) : request.styleType;
  const reading = readPrompt(request.positivePrompt, request.negativePrompt);
  const unit = Math.sqrt(planes.width * planes.height) / 1000;
  const edges = findEdges(planes, unit > 1.25 ? 3 : 2);
  const regions = segment(planes, edges, 0.3 + unit * 0.3, 0.5, WORK_PIXELS[request.renderingSpeed]);
  const look: Look = {
    source: planes,
    edges,
    regions,
    clusters: findClusters(planes, regions, source, MAIN_COLORS[request.renderingSpeed]),
    palette: buildPalette(request.positivePrompt, reading, request.seed),
    unit,
    effort: EFFORT[request.renderingSpeed],
    // Salted with the style, so that two styles of one seed are laid out differently as well.
    seed: stir(request.seed, hashText(style)),
  };
  const full = STYLES[style](look);
  blend(planes, full, shareOf(request.remixStrength));
  return rasterFromLab(full, source, !FLAT.has(style));
}

/**
 * Share of the full result that a strength shows. Steeper at the start: the model's default of 50 should already
 * look remixed, and the last steps refine.
 */
function shareOf(strength: number): number {
  const bounded = Math.min(100, Math.max(1, strength)) / 100;
  return 1 - (1 - bounded) ** 1.7;
}

/**
 * Moves `full` back towards the source in OKLab, where equal steps look equal, so the distance to the source
 * grows in step with the share. Chroma is kept up on the way: a straight line between opposite hues runs
 * through grey, which looks muddy.
 */
function blend(source: LabPlanes, full: LabPlanes, share: number): void {
  const rest = 1 - share;
  const { lightness, a, b } = full;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const sa = source.a[pixel] as number;
    const sb = source.b[pixel] as number;
    const fa = a[pixel] as number;
    const fb = b[pixel] as number;
    const ma = sa * rest + fa * share;
    const mb = sb * rest + fb * share;
    const wanted = Math.sqrt(sa * sa + sb * sb) * rest + Math.sqrt(fa * fa + fb * fb) * share;
    const got = Math.sqrt(ma * ma + mb * mb);
    const gain = Math.min(1.5, (wanted + 0.01) / (got + 0.01));
    lightness[pixel] = (source.lightness[pixel] as number) * rest + (lightness[pixel] as number) * share;
    a[pixel] = ma * gain;
    b[pixel] = mb * gain;
  }
}

/** Colours hidden under full transparency are often black and would bleed into the blurs: give them the mean. */
function fillHidden(planes: LabPlanes, alphaFrom: Raster): void {
  const { lightness, a, b } = planes;
  let count = 0;
  let sumL = 0;
  let sumA = 0;
  let sumB = 0;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    if ((alphaFrom.data[pixel * 4 + 3] as number) < 8) continue;
    count++;
    sumL += lightness[pixel] as number;
    sumA += a[pixel] as number;
    sumB += b[pixel] as number;
  }
  if (count === lightness.length || count === 0) return;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    if ((alphaFrom.data[pixel * 4 + 3] as number) >= 8) continue;
    lightness[pixel] = sumL / count;
    a[pixel] = sumA / count;
    b[pixel] = sumB / count;
  }
}
