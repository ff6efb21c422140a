import { stage } from "./crew.ts";
import { LEAST, linear, MOST, toLinearInGamut } from "./gamut.ts";
import { givePlane, takePlane } from "./planePool.ts";
import { type LabPlanes, type Raster, wordsOf } from "./raster.ts";

/** Entries over 0..1, so few that the table stays in the processor's nearest cache: a fifth of an 8-bit step in the darkest tones. */
const ENCODE_TABLE = 16_384;
/** Entries of `ENCODE` before 0 and after 1, for values that rounding took out of sRGB. */
const MARGIN = 16;
/** 8-bit sRGB in 256ths. */
const ENCODE = new Uint16Array(ENCODE_TABLE + 1 + 2 * MARGIN);

for (let index = 0; index < ENCODE.length; index++) {
  const value = Math.min(1, Math.max(0, (index - MARGIN) / ENCODE_TABLE));
  ENCODE[index] = Math.round(
    65_280 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055),
  );
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

/** How far a picture is on its way from one to another, of its light and of its colour, 0 to 1. */
export interface Shares {
  readonly light: number;
  readonly color: number;
}

/**
 * The picture between `from` and `to`, with the alpha of `alphaFrom`. Chroma is kept up on the way: a straight line between
 * opposite hues runs through grey, which looks muddy. Colours that sRGB cannot show lose chroma.
 *
 * `dither` spreads the rounding error, so that stretched soft gradients do not band; flat styles leave it off to stay
 * exactly flat.
 */
export function rasterBetween(
  from: LabPlanes,
  to: LabPlanes,
  shares: Shares,
  alphaFrom: Raster,
  dither: boolean,
): Raster {
  const { width, height } = alphaFrom;
  const plane = takePlane(width * height);
  const words = new Int32Array(plane.buffer);
  encode({ from, to, shares, alphas: wordsOf(alphaFrom), words, dither }, height);
  // A copy: planes are used again.
  const data = new Uint8ClampedArray(new Uint8ClampedArray(plane.buffer));
  givePlane(plane);
  return { width, height, data };
}

/** What rows of a picture are encoded from, and into. */
interface Encoding {
  readonly from: LabPlanes;
  readonly to: LabPlanes;
  readonly shares: Shares;
  readonly alphas: Int32Array;
  readonly words: Int32Array;
  readonly dither: boolean;
}

const encode = stage("encode", (encoding: Encoding, from, to) => {
  for (let y = from; y < to; y++) encodeRow(encoding, y);
});

/** Mixing and converting in one pass, since reading and writing the numbers between the two would take as long. */
function encodeRow({ from, to, shares: { light, color }, alphas, words, dither }: Encoding, y: number): void {
  const { width, lightness: fromL, a: fromA, b: fromB } = from;
  const { lightness: toL, a: toA, b: toB } = to;
  const tile = (y & (TILE - 1)) * TILE;
  let sl = Number.NaN;
  let sa = 0;
  let sb = 0;
  let fl = 0;
  let fa = 0;
  let fb = 0;
  let redCode = 0;
  let greenCode = 0;
  let blueCode = 0;
  for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
    const sourceL = fromL[pixel] as number;
    const sourceA = fromA[pixel] as number;
    const sourceB = fromB[pixel] as number;
    const fullL = toL[pixel] as number;
    const fullA = toA[pixel] as number;
    const fullB = toB[pixel] as number;
    // In even areas many pixels in a row are of one colour.
    if (fullL !== fl || sourceL !== sl || fullA !== fa || fullB !== fb || sourceA !== sa || sourceB !== sb) {
      sl = sourceL;
      sa = sourceA;
      sb = sourceB;
      fl = fullL;
      fa = fullA;
      fb = fullB;
      const ma = sa + (fa - sa) * color;
      const mb = sb + (fb - sb) * color;
      const own = Math.sqrt(sa * sa + sb * sb);
      const wanted = own + (Math.sqrt(fa * fa + fb * fb) - own) * color;
      const gain = (wanted + 0.01) / (Math.sqrt(ma * ma + mb * mb) + 0.01);
      const vivid = gain > 1.5 ? 1.5 : gain;
      const l = sl + (fl - sl) * light;
      const u = ma * vivid;
      const v = mb * vivid;
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
        redCode = ENCODE[(red * ENCODE_TABLE + (MARGIN + 0.5)) | 0] as number;
        greenCode = ENCODE[(green * ENCODE_TABLE + (MARGIN + 0.5)) | 0] as number;
        blueCode = ENCODE[(blue * ENCODE_TABLE + (MARGIN + 0.5)) | 0] as number;
      } else {
        toLinearInGamut(l, u, v);
        redCode = ENCODE[placeOf(linear[0] as number)] as number;
        greenCode = ENCODE[placeOf(linear[1] as number)] as number;
        blueCode = ENCODE[placeOf(linear[2] as number)] as number;
      }
    }
    const rounding = dither ? (DITHER[tile + (x & (TILE - 1))] as number) : HALF;
    words[pixel] =
      ((alphas[pixel] as number) & 0xff000000) |
      (((blueCode + rounding) & 0xff00) << 8) |
      ((greenCode + rounding) & 0xff00) |
      ((redCode + rounding) >> 8);
  }
}

/** Planes to 8-bit sRGB with the alpha of `alphaFrom`. */
export function rasterFromLab(planes: LabPlanes, alphaFrom: Raster, dither: boolean): Raster {
  return rasterBetween(planes, planes, { light: 1, color: 1 }, alphaFrom, dither);
}
