import { type Lab, labFromRaster } from "../../../src/providers/local/oklab.ts";
import { randomStream } from "../../../src/providers/local/random.ts";
import type { Raster } from "../../../src/providers/local/raster.ts";
import type { RestyleRequest } from "../../../src/providers/local/restyle.ts";

/** The styles that look different from each other. */
export const STYLES = ["GENERAL", "REALISTIC", "DESIGN", "RENDER_3D", "ANIME", "FICTION"] as const;

/** A packshot in miniature: graded ground, table, box with a label, dark bars for lettering and a round mark. */
export function packshot(width = 160, height = 120): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, byte = 0; y < height; y++) {
    for (let x = 0; x < width; x++, byte += 4) {
      const u = x / width;
      const v = y / height;
      let [red, green, blue] = [246 - 30 * u, 222 - 26 * v, 206 - 20 * u];
      if (v > 0.68) [red, green, blue] = [214 - 40 * u, 158 - 20 * v, 120];
      if (u > 0.25 && u < 0.75 && v > 0.25 && v < 0.85) [red, green, blue] = [176 - 50 * u, 52 - 20 * v, 48];
      if (u > 0.36 && u < 0.64 && v > 0.42 && v < 0.7) [red, green, blue] = [250, 244, 232];
      if (u > 0.4 && u < 0.6 && v > 0.5 && v < 0.62 && x % 5 < 2) [red, green, blue] = [52, 20, 22];
      if ((u - 0.5) ** 2 + (v - 0.33) ** 2 < 0.002) [red, green, blue] = [240, 190, 60];
      data.set([red, green, blue, 255], byte);
    }
  }
  return { width, height, data };
}

/** A photograph in miniature: sky, foliage, a red roof and a face, with texture and grain everywhere. */
export function photograph(width = 160, height = 120): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  const random = randomStream(7);
  for (let y = 0, byte = 0; y < height; y++) {
    for (let x = 0; x < width; x++, byte += 4) {
      const u = x / width;
      const v = y / height;
      const grain = (random() - 0.5) * 22 + 14 * Math.sin(x * 0.9 + 3 * Math.sin(y * 0.37));
      let color = [120 + 70 * v, 165 + 40 * v, 225];
      if (v > 0.55 + 0.06 * Math.sin(u * 19)) color = [70 + 30 * u, 105 - 20 * v, 48];
      if (v > 0.3 && v < 0.5 && Math.abs(u - 0.3) < v - 0.28) color = [170, 62, 44];
      if ((u - FACE.u) ** 2 + ((v - FACE.v) * 0.75) ** 2 < 0.009) color = [214, 164, 138];
      data.set([...color.map((value) => value + grain), 255], byte);
    }
  }
  return { width, height, data };
}

/** Where the face of `photograph` is, in shares of width and height. */
export const FACE = { u: 0.7, v: 0.5 } as const;

/** Shares of a picture's pixels that lie within 0.12 of each colour in OKLab, lightness counting half. */
export function sharesOf(picture: Raster, colors: readonly Lab[]): number[] {
  const { lightness, a, b } = labFromRaster(picture);
  return colors.map((color) => {
    let count = 0;
    for (let pixel = 0; pixel < a.length; pixel++) {
      const step = Math.hypot(
        0.5 * ((lightness[pixel] as number) - color.lightness),
        (a[pixel] as number) - color.a,
        (b[pixel] as number) - color.b,
      );
      if (step < 0.12) count++;
    }
    return count / a.length;
  });
}

/** One flat colour with one alpha. */
export function plain(
  width: number,
  height: number,
  color: readonly [number, number, number, number],
): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let byte = 0; byte < data.length; byte += 4) data.set(color, byte);
  return { width, height, data };
}

/** A request with everything usual but what is given. */
export function request(given: Partial<RestyleRequest> = {}): RestyleRequest {
  return {
    positivePrompt: "teal, cream and tangerine breakfast box",
    negativePrompt: null,
    styleType: "GENERAL",
    remixStrength: 80,
    renderingSpeed: "DEFAULT",
    seed: 20261122,
    ...given,
  };
}

/** Mean OKLab distance of two pictures of one size, 0 to 1. */
export function distance(first: Raster, second: Raster): number {
  const one = labFromRaster(first);
  const two = labFromRaster(second);
  let sum = 0;
  for (let pixel = 0; pixel < one.lightness.length; pixel++) {
    sum += Math.hypot(
      (one.lightness[pixel] as number) - (two.lightness[pixel] as number),
      (one.a[pixel] as number) - (two.a[pixel] as number),
      (one.b[pixel] as number) - (two.b[pixel] as number),
    );
  }
  return sum / one.lightness.length;
}

/** Share of a picture's pixels whose hue is within 25 degrees of `hue` and whose chroma is at least 0.05. */
export function shareOfHue(picture: Raster, hue: number): number {
  const { a, b } = labFromRaster(picture);
  let count = 0;
  for (let pixel = 0; pixel < a.length; pixel++) {
    const x = a[pixel] as number;
    const y = b[pixel] as number;
    if (Math.hypot(x, y) < 0.05) continue;
    const gap = Math.abs((Math.atan2(y, x) * 180) / Math.PI - hue) % 360;
    if (Math.min(gap, 360 - gap) < 25) count++;
  }
  return count / a.length;
}
