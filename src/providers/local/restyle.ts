import { findClusters } from "./clusters.ts";
import { findEdges } from "./edges.ts";
import { reduce } from "./fields.ts";
import { blendBack, dim, fillHidden } from "./finish.ts";
import type { Drawing, Look, Style } from "./look.ts";
import { labFromRaster, rasterFromLab } from "./oklab.ts";
import { buildPalette } from "./palette.ts";
import { isDrawn } from "./photographs.ts";
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
/** Pixels of the fraction of the picture at which soft fields are worked out and drawings are cut. */
const WORK_PIXELS = { TURBO: 120_000, DEFAULT: 330_000, QUALITY: 1_200_000 } as const;
const MAIN_COLORS = { TURBO: 5, DEFAULT: 6, QUALITY: 7 } as const;

/**
 * Makes one variation of a picture: its palette and mood from the prompts, its look from the style. The same
 * request on the same source always gives the same bytes. The result has the source's size and alpha; the source
 * is never changed.
 */
export function restyle(source: Raster, request: RestyleRequest): Raster {
  const planes = labFromRaster(source);
  fillHidden(planes, source);
  const style = request.styleType === "AUTO" ? chooseStyle(request.positivePrompt) : request.styleType;
  const look = lookAt(planes, source, request);
  const full = STYLES[style](look);
  dim(full, look.palette.mood);
  blendBack(planes, full, request.remixStrength);
  // Rounding noise would spoil the even areas of flat paint.
  return rasterFromLab(full, source, style !== "DESIGN");
}

function lookAt(source: LabPlanes, alphaFrom: Raster, request: RestyleRequest): Look {
  const { renderingSpeed: speed, positivePrompt, negativePrompt, styleType } = request;
  const unit = Math.sqrt(source.width * source.height) / 1000;
  const factor = Math.max(1, Math.round(Math.sqrt((source.width * source.height) / WORK_PIXELS[speed])));
  const drawing = isDrawn(source) ? cut(source, unit, factor) : null;
  return {
    source,
    factor,
    drawing,
    clusters: findClusters(source, drawing?.regions ?? null, alphaFrom, MAIN_COLORS[speed]),
    palette: buildPalette(positivePrompt, readPrompt(positivePrompt, negativePrompt), request.seed),
    unit,
    effort: EFFORT[speed],
    // Salted with the style, so that two styles of one seed are laid out differently as well.
    seed: stir(request.seed, hashText(styleType)),
  };
}

function cut(source: LabPlanes, unit: number, factor: number): Drawing {
  const edges = findEdges(source, unit > 1.25 ? 3 : 2);
  return { edges, regions: segment(source, edges, reduce(source, factor), 0.3 + unit * 0.3) };
}
