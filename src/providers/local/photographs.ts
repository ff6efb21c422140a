import { skinness } from "./colorMap.ts";
import { smoothstep } from "./filters.ts";
import type { LabPlanes } from "./raster.ts";

/** Pixels from one probe to the next, each way. */
const STRIDE = 3;
/** OKLab lightness steps below this are flat paint or a soft gradient. */
const FLAT = 0.008;
/** Share of flat probes from which a picture is a drawing: of the ones tried, drawings had 0.75 and more, photographs 0.55 and less. */
const DRAWN = 0.64;

/**
 * Whether a picture is drawn or cut out, with clean edges between even areas, rather than a photograph, which has
 * texture and noise nearly everywhere.
 */
export function isDrawn({ width, height, lightness }: LabPlanes): boolean {
  let flat = 0;
  let count = 0;
  const reach = Math.max(1, Math.round(Math.sqrt(width * height) / 500));
  for (let y = reach; y < height - reach; y += STRIDE) {
    flat += flatInRow(lightness, width, reach, y);
    count += Math.ceil((width - 2 * reach) / STRIDE);
  }
  return count <= 0 || flat >= count * DRAWN;
}

/** How many probes of a row are flat. */
function flatInRow(lightness: Float32Array, width: number, reach: number, y: number): number {
  let flat = 0;
  for (let x = reach, pixel = y * width + reach; x < width - reach; x += STRIDE, pixel += STRIDE) {
    const step =
      Math.abs((lightness[pixel + reach] as number) - (lightness[pixel - reach] as number)) +
      Math.abs((lightness[pixel + reach * width] as number) - (lightness[pixel - reach * width] as number));
    if (step < FLAT) flat++;
  }
  return flat;
}

/**
 * How far skin is to be left as it is, 0 to 1. A picture that is full of its hues shows wood, fur or sand rather than
 * people, and is recoloured like any other.
 */
export function skinProtection({ lightness, a, b }: LabPlanes): number {
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < lightness.length; pixel += 37) {
    sum += skinness(lightness[pixel] as number, a[pixel] as number, b[pixel] as number);
    count++;
  }
  return 0.85 * (1 - smoothstep(0.14, 0.26, sum / count));
}
