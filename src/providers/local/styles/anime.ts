import { type CelTones, celTones, tonedRows } from "../celTones.ts";
import { stage } from "../crew.ts";
import { mendEdges } from "../edges.ts";
import { calmed, featureLines, type Skin, skinOf } from "../features.ts";
import { enlarge, enlargedRows } from "../fields.ts";
import { smoothstep } from "../filters.ts";
import { inkLines } from "../inkLines.ts";
import { kuwahara } from "../kuwahara.ts";
import type { Drawing, Look } from "../look.ts";
import type { Lab } from "../oklab.ts";
import { OUTLINE_STEPS, regionOutlines } from "../outlines.ts";
import type { LabPlanes } from "../raster.ts";
import { type RecolorTaste, recolor, recolorSmall } from "../recolor.ts";
import { structureFlow } from "../structureTensor.ts";

/** Cel paint is no mixture: colours far apart hand over fast, or a prompt's two would give a muddy third. */
const SOFTNESS = 0.06;

/** ANIME: cel paint in few tones, ink lines around things, a cool cast in the shadows. */
export function anime(look: Look): LabPlanes {
  const { source, palette, drawing, factor } = look;
  const taste = {
    lightness: 0.88,
    variation: 0.3,
    assignment: { lightness: 0.5, hue: 0.35, variety: 0.5 },
    softness: SOFTNESS,
  };
  const skin = drawing === null ? skinOf(look) : null;
  const flat = drawing === null ? paintedFlat(look, taste, skin) : null;
  const painted =
    flat === null ? recolor(look, taste) : enlarge({ factor, planes: flat }, source.width, source.height);
  tone({ painted, tones: celTones(look, painted.lightness) }, painted.height);
  if (drawing !== null) mendEdges(painted, drawing.edges);
  const { lightness, a, b } = palette.ink;
  const lines = linesOf(look, drawing, flat, skin);
  ink({ painted, lines, factor, color: { lightness: Math.min(lightness, 0.23), a, b } }, painted.height);
  return painted;
}

/**
 * A photograph without its texture, in clear, bright paint. Smoothed before it is recoloured: grain of wood and fur would
 * else become patches of two palette colours.
 */
function paintedFlat(look: Look, taste: RecolorTaste, skin: Skin | null): LabPlanes {
  const { factor, unit } = look;
  const small = calmed(look, skin);
  const flow = structureFlow(small.lightness, small.width, small.height, Math.max(1, (unit * 3) / factor), 0);
  const smooth = kuwahara(small, flow, Math.max(1.2, (unit * 6) / factor), 900);
  const flat = recolorSmall(look, taste, smooth);
  const { lightness, a, b } = flat;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const value = lightness[pixel] as number;
    lightness[pixel] = value + 0.2 * value * (1 - value);
    a[pixel] = (a[pixel] as number) * 1.15;
    b[pixel] = (b[pixel] as number) * 1.15;
  }
  return flat;
}

/** How much darker paint becomes where shadow begins, and where it is full. */
const SHADOW = [0.02, 0.1] as const;

/** Gives the paint its tones, in place; what lies in shadow turns cooler. */
const tone = stage("celTones", (args: { painted: LabPlanes; tones: CelTones }, from, to) => {
  const { width, lightness, a, b } = args.painted;
  const readTones = tonedRows(args.tones);
  const tones = new Float32Array(width);
  for (let y = from, pixel = from * width; y < to; y++) {
    readTones(y, tones);
    for (let x = 0; x < width; x++, pixel++) {
      const value = tones[x] as number;
      const darker = (lightness[pixel] as number) - value;
      const shadow = darker > SHADOW[0] ? smoothstep(SHADOW[0], SHADOW[1], darker) : 0;
      const rich = 1.18 + 0.1 * shadow;
      lightness[pixel] = value;
      a[pixel] = (a[pixel] as number) * rich;
      b[pixel] = ((b[pixel] as number) - 0.006 * shadow) * rich;
    }
  }
});

/** Where ink goes, at the look's fraction of its size. */
interface Lines {
  readonly strength: Float32Array;
  /** Strengths at which a line begins, and at which it is full ink. */
  readonly ramp: readonly [number, number];
}

/** Outlines of a drawing's regions, or the strong edges of a photograph. */
function linesOf(look: Look, drawing: Drawing | null, flat: LabPlanes | null, skin: Skin | null): Lines {
  const fine = look.unit / look.factor;
  if (drawing !== null) {
    return { strength: regionOutlines(look, drawing, Math.max(0.8, fine * 1.4)), ramp: OUTLINE_STEPS };
  }
  const { lightness, width, height } = flat ?? look.small;
  const taste = { sigma: Math.max(0.5, fine * 1.5), gain: 34, threshold: 0.012 };
  // Enlarged lines are soft: cut anew at full size they are as crisp as if drawn there.
  const ramp = look.factor > 1 ? ([0.22, 0.7] as const) : ([0, 1] as const);
  const strength = inkLines(lightness, width, height, taste);
  if (skin !== null) {
    const features = featureLines(look, skin);
    for (let pixel = 0; pixel < strength.length; pixel++) {
      strength[pixel] = Math.max(strength[pixel] as number, features[pixel] as number);
    }
  }
  return { strength, ramp };
}

/** Lines that are drawn over paint, given at `1 / factor` of its size. */
interface Inking {
  readonly painted: LabPlanes;
  readonly lines: Lines;
  readonly factor: number;
  readonly color: Lab;
}

const ink = stage("ink", ({ painted, lines, factor, color }: Inking, from, to) => {
  const { width, height, lightness, a, b } = painted;
  const [first, full] = lines.ramp;
  const read = enlargedRows(lines.strength, factor, width, height);
  const row = new Float32Array(width);
  for (let y = from, pixel = from * width; y < to; y++) {
    read(y, row);
    for (let x = 0; x < width; x++, pixel++) {
      const soft = row[x] as number;
      if (soft <= first) continue;
      const line = smoothstep(first, full, soft);
      const rest = 1 - line;
      lightness[pixel] = (lightness[pixel] as number) * rest + color.lightness * line;
      a[pixel] = (a[pixel] as number) * rest + color.a * line;
      b[pixel] = (b[pixel] as number) * rest + color.b * line;
    }
  }
});
