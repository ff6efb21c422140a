import { celTones } from "../celTones.ts";
import { mendEdges } from "../edges.ts";
import { enlarge, enlargePlane, type Reduced, reduce } from "../fields.ts";
import { smoothstep } from "../filters.ts";
import { inkLines } from "../inkLines.ts";
import { kuwahara } from "../kuwahara.ts";
import type { Look } from "../look.ts";
import { regionOutlines } from "../outlines.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";
import { structureFlow } from "../structureTensor.ts";

/** ANIME: cel paint in few tones, ink lines around things, a cool cast in the shadows. */
export function anime(look: Look): LabPlanes {
  const { palette, drawing } = look;
  const recolored = recolor(look, {
    lightness: 0.88,
    variation: 0.3,
    assignment: { lightness: 0.5, hue: 0.35, variety: 0.5 },
  });
  const flat = drawing === null ? paintedFlat(look, recolored) : null;
  const painted = flat === null ? recolored : enlarge(flat, recolored.width, recolored.height);
  const { lightness, a, b } = painted;
  const toned = celTones(look, lightness);
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const value = toned[pixel] as number;
    const shadow = smoothstep(0.02, 0.1, (lightness[pixel] as number) - value);
    lightness[pixel] = value;
    a[pixel] = (a[pixel] as number) * (1.18 + 0.1 * shadow);
    b[pixel] = ((b[pixel] as number) - 0.006 * shadow) * (1.18 + 0.1 * shadow);
  }
  if (drawing !== null) mendEdges(painted, drawing.edges);
  ink(painted, linesOf(look, flat), Math.min(palette.ink.lightness, 0.23), palette.ink.a, palette.ink.b);
  return painted;
}

/** A photograph without its texture, in clear, bright paint. */
function paintedFlat({ factor, unit }: Look, recolored: LabPlanes): Reduced {
  const { planes: small } = reduce(recolored, factor);
  const flow = structureFlow(small.lightness, small.width, small.height, Math.max(1, (unit * 3) / factor), 0);
  const flat = kuwahara(small, flow, Math.max(1.2, (unit * 4) / factor), 900);
  const { lightness, a, b } = flat;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const value = lightness[pixel] as number;
    lightness[pixel] = value + 0.2 * value * (1 - value);
    a[pixel] = (a[pixel] as number) * 1.15;
    b[pixel] = (b[pixel] as number) * 1.15;
  }
  return { factor, planes: flat };
}

/** Where ink goes, 0 to 1: the outlines of a drawing's regions, or the strong edges of a photograph. */
function linesOf(look: Look, flat: Reduced | null): Float32Array {
  const { source, drawing, factor, unit } = look;
  const fine = unit / factor;
  let lines: Float32Array;
  if (drawing !== null) lines = regionOutlines(look, drawing, Math.max(0.8, fine * 1.4));
  else {
    const { planes } = flat ?? reduce(source, factor);
    lines = inkLines(planes.lightness, planes.width, planes.height, {
      sigma: Math.max(0.5, fine * 1.5),
      gain: 34,
      threshold: 0.012,
    });
  }
  const full = enlargePlane(lines, factor, source.width, source.height);
  // Enlarged lines are soft: cut anew at full size they are as crisp as if drawn there.
  if (factor > 1) {
    for (let pixel = 0; pixel < full.length; pixel++) {
      full[pixel] = smoothstep(0.22, 0.7, full[pixel] as number);
    }
  }
  return full;
}

function ink(planes: LabPlanes, lines: Float32Array, inkL: number, inkA: number, inkB: number): void {
  const { lightness, a, b } = planes;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const line = lines[pixel] as number;
    if (line === 0) continue;
    lightness[pixel] = (lightness[pixel] as number) * (1 - line) + inkL * line;
    a[pixel] = (a[pixel] as number) * (1 - line) + inkA * line;
    b[pixel] = (b[pixel] as number) * (1 - line) + inkB * line;
  }
}
