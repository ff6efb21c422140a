import { mendEdges } from "../edges.ts";
import { gaussianBlur, smoothstep } from "../filters.ts";
import { inkLines } from "../inkLines.ts";
import type { Look } from "../look.ts";
import { regionOutlines } from "../outlines.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";
import type { Segments } from "../segments.ts";

/** Lightness from one tone of cel paint to the next. */
const TONE = 0.1;

/** ANIME: cel paint in few tones, ink lines around things, a cool cast in the shadows. */
export function anime(look: Look): LabPlanes {
  const { source, palette, unit } = look;
  const { width, height } = source;
  const painted = recolor(look, {
    lightness: 0.88,
    variation: 0.3,
    assignment: { lightness: 0.5, hue: 0.35, variety: 0.5 },
  });
  const { lightness, a, b } = painted;
  const toned = celTones(look, lightness);
  const fine = inkLines(source.lightness, width, height, {
    sigma: Math.max(0.6, unit * 1.1),
    gain: 30,
    threshold: 0.014,
  });
  const outer = regionOutlines(look, Math.max(0.7, unit * 1.1));
  const inkL = Math.min(palette.ink.lightness, 0.23);
  const { a: inkA, b: inkB } = palette.ink;
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const value = toned[pixel] as number;
    const shadow = smoothstep(0.02, 0.1, (lightness[pixel] as number) - value);
    lightness[pixel] = value;
    a[pixel] = (a[pixel] as number) * (1.18 + 0.1 * shadow);
    b[pixel] = ((b[pixel] as number) - 0.006 * shadow) * (1.18 + 0.1 * shadow);
  }
  mendEdges(painted, look.edges);
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const line = Math.max((fine[pixel] as number) * 0.9, outer[pixel] as number);
    lightness[pixel] = (lightness[pixel] as number) * (1 - line) + inkL * line;
    a[pixel] = (a[pixel] as number) * (1 - line) + inkA * line;
    b[pixel] = (b[pixel] as number) * (1 - line) + inkB * line;
  }
  return painted;
}

/**
 * Cel shading: lightness in steps with crisp, antialiased borders, after the soft quantisation of real-time video
 * abstraction (H. Winnemöller, S. Olsen, B. Gooch, SIGGRAPH 2006). The steps are taken from each region's own mean,
 * so that neighbours do not smear into each other; where the slope is next to nothing the gradient stays, for a
 * step there would be a ragged band.
 */
function celTones(look: Look, lightness: Float32Array): Float32Array {
  const { unit, regions } = look;
  const { width, height } = look.source;
  const means = regionMeans(regions, lightness);
  const offsets = new Float32Array(lightness.length);
  for (let pixel = 0; pixel < offsets.length; pixel++) {
    offsets[pixel] = (lightness[pixel] as number) - (means[regions.labels[pixel] as number] as number);
  }
  // Mixed edge pixels lie far from either mean; blurred in, they would ring every outline with a halo.
  const { pixels, low, high, share } = look.edges;
  for (let index = 0; index < pixels.length; index++) {
    const side = ((share[index] as number) < 0.5 ? low[index] : high[index]) as number;
    const mean = means[regions.labels[side] as number] as number;
    const offset = (lightness[side] as number) - mean;
    offsets[pixels[index] as number] = Math.min(0.06, Math.max(-0.06, offset));
  }
  const smooth = gaussianBlur(offsets, width, height, Math.max(1, unit * 5));
  const slope = gaussianBlur(slopeOf(smooth, width, height), width, height, Math.max(1, unit * 5), 2);
  for (let pixel = 0; pixel < smooth.length; pixel++) {
    const value = smooth[pixel] as number;
    const steep = slope[pixel] as number;
    const place = value / TONE + 0.5;
    const floor = Math.floor(place);
    const border = ((place - floor - 0.5) * TONE) / (steep * 2.2 + 1e-5);
    const cel = (floor - 0.5 + Math.min(1, Math.max(0, border + 0.5))) * TONE;
    const crisp = smoothstep(0.0004, 0.0014, steep * unit);
    const mean = means[regions.labels[pixel] as number] as number;
    smooth[pixel] = Math.min(0.995, mean + value + (cel - value) * crisp * 0.9);
  }
  return smooth;
}

function regionMeans(regions: Segments, plane: Float32Array): Float32Array {
  const sums = new Float64Array(regions.count);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    const label = regions.labels[pixel] as number;
    sums[label] = (sums[label] as number) + (plane[pixel] as number);
  }
  const means = new Float32Array(regions.count);
  for (let label = 0; label < means.length; label++) {
    means[label] = (sums[label] as number) / (regions.sizes[label] as number);
  }
  return means;
}

function slopeOf(plane: Float32Array, width: number, height: number): Float32Array {
  const slope = new Float32Array(plane.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const right = x + 1 < width ? pixel + 1 : pixel;
      const down = y + 1 < height ? pixel + width : pixel;
      const own = plane[pixel] as number;
      slope[pixel] = Math.abs((plane[right] as number) - own) + Math.abs((plane[down] as number) - own);
    }
  }
  return slope;
}
