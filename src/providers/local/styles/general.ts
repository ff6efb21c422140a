import { sharpenLight } from "../fields.ts";
import type { Look } from "../look.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";

/** GENERAL: the prompt's palette and mood on the untouched drawing, with a little local contrast. */
export function general(look: Look): LabPlanes {
  const painted = recolor(look, {
    lightness: 0.9,
    variation: 0.5,
    assignment: { lightness: 0.5, hue: 0.25, variety: 0.5 },
  });
  sharpenLight(painted, look.unit * 16, 0.004, 0.35);
  return painted;
}
