import { findClusters } from "./clusters.ts";
import { alone, type Crew, CrewLost } from "./crew.ts";
import { findEdges } from "./edges.ts";
import { enlarge, type Reduced, reduce } from "./fields.ts";
import { develop, dim, fillHidden } from "./finish.ts";
import type { Drawing, Look, Style } from "./look.ts";
import { labFromRaster } from "./oklab.ts";
import { buildPalette } from "./palette.ts";
import { isDrawn } from "./photographs.ts";
import { withPlanes } from "./planePool.ts";
import { chooseStyle, readPrompt } from "./promptReading.ts";
import { hashText, stir } from "./random.ts";
import { copyRaster, type LabPlanes, type Raster } from "./raster.ts";
import { type ReferenceStyle, readReferences, transportTones } from "./references.ts";
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
 * request on the same source always gives the same bytes. From style references come tones, colours the prompt does not
 * name, and the scale of strokes. The result has the source's size and alpha; the source
 * is never changed.
 *
 * @param crew who draws, which makes no difference to the bytes; should it break down, the calling thread draws it all
 */
export function restyle(
  source: Raster,
  asked: RestyleRequest,
  references: readonly Raster[] = [],
  crew: Crew = alone,
): Raster {
  const drawWith = (members: Crew) => withPlanes(members, () => draw(copyRaster(source), asked, references));
  try {
    return drawWith(crew);
  } catch (error) {
    if (!(error instanceof CrewLost)) throw error;
    return drawWith(alone);
  }
}

function draw(source: Raster, asked: RestyleRequest, references: readonly Raster[]): Raster {
  const planes = labFromRaster(source);
  fillHidden(planes, source);
  const request = settled(asked);
  const small = reduce(planes, coarseness(planes, request));
  const reference = readReferences(references);
  const look = lookAt(small.planes, source, request, reference);
  const drawn = STYLES[request.styleType](look);
  if (reference !== undefined) transportTones(drawn, reference);
  dim(drawn, look.palette.mood);
  const full = small.factor === 1 ? drawn : detailed(planes, small, drawn);
  // Rounding noise would spoil the even areas of flat paint.
  return develop(planes, full, request.remixStrength, source, request.styleType !== "DESIGN");
}

type Settled = RestyleRequest & { readonly styleType: Exclude<StyleType, "AUTO"> };

/** AUTO becomes the style that the prompt's words ask for, in a variation of its own. */
function settled(request: RestyleRequest): Settled {
  const { styleType, positivePrompt, seed } = request;
  return styleType === "AUTO"
    ? { ...request, styleType: chooseStyle(positivePrompt), seed: seedOfAuto(seed) }
    : { ...request, styleType };
}

/** The seed that AUTO draws with where another style draws with `seed`. */
export function seedOfAuto(seed: number): number {
  return stir(seed, 101);
}

/** TURBO works out the whole result at half the size. */
function coarseness({ width, height }: LabPlanes, { renderingSpeed }: RestyleRequest): number {
  return renderingSpeed === "TURBO" && width * height > 200_000 ? 2 : 1;
}

/** The full-size source with the change that was worked out at a fraction of its size: detail stays the source's. */
function detailed(source: LabPlanes, small: Reduced, drawn: LabPlanes): LabPlanes {
  const { planes, factor } = small;
  for (let pixel = 0; pixel < drawn.lightness.length; pixel++) {
    drawn.lightness[pixel] = (drawn.lightness[pixel] as number) - (planes.lightness[pixel] as number);
    drawn.a[pixel] = (drawn.a[pixel] as number) - (planes.a[pixel] as number);
    drawn.b[pixel] = (drawn.b[pixel] as number) - (planes.b[pixel] as number);
  }
  const full = enlarge({ factor, planes: drawn }, source.width, source.height);
  for (let pixel = 0; pixel < full.lightness.length; pixel++) {
    full.lightness[pixel] = (full.lightness[pixel] as number) + (source.lightness[pixel] as number);
    full.a[pixel] = (full.a[pixel] as number) + (source.a[pixel] as number);
    full.b[pixel] = (full.b[pixel] as number) + (source.b[pixel] as number);
  }
  return full;
}

function lookAt(
  source: LabPlanes,
  alphaFrom: Raster,
  request: RestyleRequest,
  reference: ReferenceStyle | undefined,
): Look {
  const { renderingSpeed: speed, positivePrompt, negativePrompt, styleType } = request;
  const unit = Math.sqrt(source.width * source.height) / 1000;
  const factor = Math.max(1, Math.round(Math.sqrt((source.width * source.height) / WORK_PIXELS[speed])));
  // Salted with the style, so that two styles of one seed are laid out differently as well.
  const seed = stir(request.seed, hashText(styleType));
  const reading = readPrompt(positivePrompt, negativePrompt);
  const { planes: small } = reduce(source, factor);
  const drawing = isDrawn(source) ? cut(source, unit, { factor, planes: small }) : null;
  return {
    source,
    factor,
    small,
    drawing,
    clusters: findClusters(source, drawing?.regions ?? null, alphaFrom, MAIN_COLORS[speed]),
    palette: buildPalette(positivePrompt, reading, request.seed, reference?.colors),
    unit: unit * (reference?.scale ?? 1),
    effort: EFFORT[speed],
    seed,
  };
}

function cut(source: LabPlanes, unit: number, small: Reduced): Drawing {
  const edges = findEdges(source, small, unit > 1.25 ? 3 : 2);
  return { edges, regions: segment(source, edges, small, 0.3 + unit * 0.3) };
}
