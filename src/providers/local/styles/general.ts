import { guidedSmooth } from "../filters.ts";
import type { Look } from "../look.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";

/** GENERAL: the prompt's palette and mood on the untouched drawing, with a little local contrast. */
export function general(look: Look): LabPlanes {
  const { width, height } = look.source;
  const painted = recolor(look, {
    lightness: 0.9,
    variation: 0.5,
    assignment: { lightness: 0.5, hue: 0.25, variety: 0.5 },
  });
  const base = guidedSmooth(painted.lightness, width, height, Math.max(2, Math.round(look.unit * 16)), 0.004);
  for (let pixel = 0; pixel < base.length; pixel++) {
    const lightness = painted.lightness[pixel] as number;
    painted.lightness[pixel] = lightness + 0.35 * (lightness - (base[pixel] as number));
  }
  return painted;
}
