import { LEAST, linear, MOST, toLinear, toLinearInGamut } from "./gamut.ts";
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
/** Fewer, so that the table stays in the processor's nearest cache: a fifth of an 8-bit step in the darkest tones. */
const ENCODE_TABLE = 16_384;
/** Entries of `ENCODE` before 0 and after 1, for values that rounding took out of sRGB. */
const MARGIN = 16;
/** 8-bit sRGB in 256ths. */
const ENCODE = new Uint16Array(ENCODE_TABLE + 1 + 2 * MARGIN);
/** Linear light of 8-bit sRGB, in entries of `CUBE_ROOT`. */
const DECODE = new Int32Array(256);

for (let index = 0; index <= TABLE; index++) {
  const value = index / TABLE;
  CUBE_ROOT[index] = Math.cbrt(value);
}
for (let index = 0; index < ENCODE.length; index++) {
  const value = Math.min(1, Math.max(0, (index - MARGIN) / ENCODE_TABLE));
  ENCODE[index] = Math.round(
    65_280 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055),
  );
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
  const { lightness, a, b } = planes;
  const words = wordsOf(raster);
  let last = ~(words[0] ?? 0);
  for (let pixel = 0; pixel < lightness.length; pixel++) {
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
  return planes;
}

/** Place in `ENCODE` of a linear value, brought into its range. */
function placeOf(value: number): number {
  return MARGIN + (value <= 0 ? 0 : value >= 1 ? ENCODE_TABLE : (value * ENCODE_TABLE + 0.5) | 0);
}

/** Side of the tile of dither, a power of two. */
const TILE = 256;
/**
 * What is added before rounding down, in 256ths: interleaved gradient noise (Jorge Jimenez, "Next generation
 * post-processing in Call of Duty", SIGGRAPH 2014).
 */
const DITHER = new Uint8Array(TILE * TILE);

for (let y = 0; y < TILE; y++) {
  for (let x = 0; x < TILE; x++) {
    const inner = (0.06711056 * x + 0.00583715 * y) % 1;
    DITHER[y * TILE + x] = Math.floor(((52.9829189 * inner) % 1) * 256);
  }
}

/** Half a step of 8 bits, in 256ths: without dither, values are rounded to the nearest. */
const HALF = 128;

/** A row of OKLab colours. */
export interface LabRow {
  readonly lightness: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/**
 * A picture made row by row, with the alpha of `alphaFrom`: `fill` is handed row after row to be filled with OKLab
 * colours. Colours that sRGB cannot show lose chroma.
 *
 * `dither` spreads the rounding error, so that stretched soft gradients do not band; flat styles leave it off to stay
 * exactly flat.
 */
export function rasterFromRows(
  alphaFrom: Raster,
  dither: boolean,
  fill: (y: number, row: LabRow) => void,
): Raster {
  const { width, height } = alphaFrom;
  const words = new Int32Array(width * height);
  const alphas = wordsOf(alphaFrom);
  const row = {
    lightness: new Float32Array(width),
    a: new Float32Array(width),
    b: new Float32Array(width),
  };
  for (let y = 0; y < height; y++) {
    fill(y, row);
    encodeRow(row, y, alphas, words, dither);
  }
  return { width, height, data: new Uint8ClampedArray(words.buffer) };
}

function encodeRow(
  { lightness, a, b }: LabRow,
  y: number,
  alphas: Int32Array,
  words: Int32Array,
  dither: boolean,
): void {
  const width = lightness.length;
  const tile = (y & (TILE - 1)) * TILE;
  let lastL = Number.NaN;
  let lastA = Number.NaN;
  let lastB = Number.NaN;
  let redPlace = 0;
  let greenPlace = 0;
  let bluePlace = 0;
  for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
    const l = lightness[x] as number;
    const u = a[x] as number;
    const v = b[x] as number;
    const rounding = dither ? (DITHER[tile + (x & (TILE - 1))] as number) : HALF;
    // In even areas many pixels in a row are of one colour.
    if (l !== lastL || u !== lastA || v !== lastB) {
      lastL = l;
      lastA = u;
      lastB = v;
      const long = l + 0.3963377774 * u + 0.2158037573 * v;
      const medium = l - 0.1055613458 * u - 0.0638541728 * v;
      const short = l - 0.0894841775 * u - 1.291485548 * v;
      const cubeL = long * long * long;
      const cubeM = medium * medium * medium;
      const cubeS = short * short * short;
      const red = 4.0767416621 * cubeL - 3.3077115913 * cubeM + 0.2309699292 * cubeS;
      const green = -1.2684380046 * cubeL + 2.6097574011 * cubeM - 0.3413193965 * cubeS;
      const blue = -0.0041960863 * cubeL - 0.7034186147 * cubeM + 1.707614701 * cubeS;
      // Written out because most pixels end here: a call for each would take half of the time.
      if (red >= LEAST && green >= LEAST && blue >= LEAST && red <= MOST && green <= MOST && blue <= MOST) {
        redPlace = (red * ENCODE_TABLE + (MARGIN + 0.5)) | 0;
        greenPlace = (green * ENCODE_TABLE + (MARGIN + 0.5)) | 0;
        bluePlace = (blue * ENCODE_TABLE + (MARGIN + 0.5)) | 0;
      } else {
        toLinearInGamut(l, u, v);
        redPlace = placeOf(linear[0] as number);
        greenPlace = placeOf(linear[1] as number);
        bluePlace = placeOf(linear[2] as number);
      }
    }
    const redByte = ((ENCODE[redPlace] as number) + rounding) >> 8;
    const greenByte = ((ENCODE[greenPlace] as number) + rounding) >> 8;
    const blueByte = ((ENCODE[bluePlace] as number) + rounding) >> 8;
    words[pixel] = ((alphas[pixel] as number) & 0xff000000) | (blueByte << 16) | (greenByte << 8) | redByte;
  }
}

/** Planes back to 8-bit sRGB with the alpha of `alphaFrom`. */
export function rasterFromLab(planes: LabPlanes, alphaFrom: Raster, dither: boolean): Raster {
  const { width } = planes;
  return rasterFromRows(alphaFrom, dither, (y, row) => {
    const start = y * width;
    row.lightness.set(planes.lightness.subarray(start, start + width));
    row.a.set(planes.a.subarray(start, start + width));
    row.b.set(planes.b.subarray(start, start + width));
  });
}

/** The colour with its chroma reduced until sRGB can show it. */
export function intoGamut(color: Lab): Lab {
  const lightness = Math.min(1, Math.max(0, color.lightness));
  let share = 1;
  while (share > 0 && !toLinear(lightness, color.a * share, color.b * share)) share -= 0.02;
  const kept = Math.max(0, share);
  return { lightness, a: color.a * kept, b: color.b * kept };
}
