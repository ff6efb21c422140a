import { stage } from "./crew.ts";
import { toLinear } from "./gamut.ts";
import { type LabPlanes, type Raster, takePlanes, wordsOf } from "./raster.ts";

/** One OKLab colour (Björn Ottosson, "A perceptual color space for image processing", 2020). */
export interface Lab {
  /** Lightness, 0 to 1. */
  readonly lightness: number;
  /** Green–red axis. */
  readonly a: number;
  /** Blue–yellow axis. */
  readonly b: number;
}

/** Entries of the tables over 0..1: so many that the nearest entry is near enough, without interpolation. */
const TABLE = 65_535;
const CUBE_ROOT = new Float32Array(TABLE + 1);
/** Linear light of 8-bit sRGB, in entries of `CUBE_ROOT`. */
const DECODE = new Int32Array(256);

for (let index = 0; index <= TABLE; index++) {
  const value = index / TABLE;
  CUBE_ROOT[index] = Math.cbrt(value);
}
for (let byte = 0; byte < 256; byte++) {
  const value = byte / 255;
  DECODE[byte] = Math.round(TABLE * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
}

/** OKLab of an 8-bit sRGB colour. */
export function labFromRgb(red: number, green: number, blue: number): Lab {
  const planes = labFromRaster({ width: 1, height: 1, data: new Uint8ClampedArray([red, green, blue, 255]) });
  return {
    lightness: planes.lightness[0] as number,
    a: planes.a[0] as number,
    b: planes.b[0] as number,
  };
}

/** OKLab of six hexadecimal digits ("e2725b"). */
export function labFromHex(hex: string): Lab {
  const value = Number.parseInt(hex, 16);
  return labFromRgb((value >> 16) & 255, (value >> 8) & 255, value & 255);
}

/** OKLab of lightness (0..1), chroma (0..0.4) and hue (degrees). */
export function labFromLch(lightness: number, chroma: number, hue: number): Lab {
  const angle = (hue * Math.PI) / 180;
  return { lightness, a: chroma * Math.cos(angle), b: chroma * Math.sin(angle) };
}

/** Chroma of a colour, 0 (grey) to about 0.32 inside sRGB. */
export function chromaOf(color: Lab): number {
  return Math.hypot(color.a, color.b);
}

/** Hue of a colour in degrees, -180 to 180. */
export function hueOf(color: Lab): number {
  return (Math.atan2(color.b, color.a) * 180) / Math.PI;
}

/** Distance of two colours in OKLab: 0.02 is just seen, 1 is black to white. */
export function labDistance(first: Lab, second: Lab): number {
  return Math.hypot(first.lightness - second.lightness, first.a - second.a, first.b - second.b);
}

/** Half an entry of `CUBE_ROOT`, in 65536ths. */
const HALF_ENTRY = 32_768;

/** The picture as OKLab planes; alpha is left aside. */
export function labFromRaster(raster: Raster): LabPlanes {
  const planes = takePlanes(raster.width, raster.height);
  convert({ words: wordsOf(raster), planes }, raster.height);
  return planes;
}

const convert = stage("labFromRaster", (args: { words: Int32Array; planes: LabPlanes }, from, to) => {
  const { words, planes } = args;
  const { width, lightness, a, b } = planes;
  let last = ~(words[from * width] ?? 0);
  for (let pixel = from * width; pixel < to * width; pixel++) {
    const color = words[pixel] as number;
    // Even areas are many pixels of one colour in a row.
    if (color === last) {
      lightness[pixel] = lightness[pixel - 1] as number;
      a[pixel] = a[pixel - 1] as number;
      b[pixel] = b[pixel - 1] as number;
      continue;
    }
    last = color;
    const red = DECODE[color & 255] as number;
    const green = DECODE[(color >> 8) & 255] as number;
    const blue = DECODE[(color >> 16) & 255] as number;
    // Weights in 65536ths: whole numbers are twice as fast here, and the sums of three products fit into 32 bits.
    const long = CUBE_ROOT[
      (Math.imul(27015, red) + Math.imul(35149, green) + Math.imul(3372, blue) + HALF_ENTRY) >>> 16
    ] as number;
    const medium = CUBE_ROOT[
      (Math.imul(13887, red) + Math.imul(44610, green) + Math.imul(7039, blue) + HALF_ENTRY) >>> 16
    ] as number;
    const short = CUBE_ROOT[
      (Math.imul(5787, red) + Math.imul(18463, green) + Math.imul(41286, blue) + HALF_ENTRY) >>> 16
    ] as number;
    lightness[pixel] = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
    a[pixel] = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
    b[pixel] = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  }
});

/** The colour with its chroma reduced until sRGB can show it. */
export function intoGamut(color: Lab): Lab {
  const lightness = Math.min(1, Math.max(0, color.lightness));
  let share = 1;
  while (share > 0 && !toLinear(lightness, color.a * share, color.b * share)) share -= 0.02;
  const kept = Math.max(0, share);
  return { lightness, a: color.a * kept, b: color.b * kept };
}
