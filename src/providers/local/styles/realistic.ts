import { stage } from "../crew.ts";
import { enlargedRows, fieldOf, reducePlane, sharpenLight } from "../fields.ts";
import { gaussianBlur, smoothstep } from "../filters.ts";
import type { Look } from "../look.ts";
import { chromaOf, hueOf, type Lab, labFromLch } from "../oklab.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";

/** The fraction of the size at which soft light is worked out. */
const SOFT = 6;

/** A gentle S-curve about `pivot`, slope `gain` there, with toe and shoulder instead of clipping (Hable 2010). */
function filmic(value: number, pivot: number, gain: number): number {
  const offset = value - pivot;
  const room = offset > 0 ? 1 - pivot : pivot;
  const push = (offset / room) * gain;
  return pivot + (room * push) / (1 + (gain - 1) * Math.abs(offset / room));
}

/** REALISTIC: photographic light: split toning, a filmic curve, a pool of key light, bloom and a vignette. */
export function realistic(look: Look): LabPlanes {
  const { width, height } = look.source;
  const random = randomStream(stir(look.seed, 61));
  const painted = recolor(look, {
    lightness: 0.62,
    variation: 0.85,
    assignment: { lightness: 0.9, hue: 0.9, variety: 0.45 },
  });
  sharpenLight(painted, look.unit * 24, 0.006, 0.4);
  const [shadow, light] = splitTones(look.palette.swatches.map((swatch) => swatch.color));
  const keyX = 0.5 + (random() < 0.5 ? -1 : 1) * (0.14 + 0.16 * random());
  const keyY = 0.22 + 0.2 * random();
  const exposures = fieldOf(width, height, SOFT, (u, v) => {
    const fromKey = (u - keyX) * (u - keyX) * 1.4 + (v - keyY) * (v - keyY);
    const pool = 1 / (1 + fromKey * 3.2);
    const corner = (u - 0.5) * (u - 0.5) + (v - 0.52) * (v - 0.52);
    const vignette = 1 - 0.42 * corner * (0.6 + smoothstep(0.05, 0.5, corner));
    return (0.88 + 0.17 * pool) * vignette;
  });
  const glows = glow(painted, look.unit * 26);
  expose({ painted, shadow, light, exposures, glows }, height);
  return painted;
}

/** A picture to be developed, its tints, and the light on it at a fraction of its size. */
interface Exposing {
  readonly painted: LabPlanes;
  readonly shadow: Lab;
  readonly light: Lab;
  readonly exposures: Float32Array;
  readonly glows: Float32Array;
}

/** Develops the picture, in place: a filmic curve, light that falls off, split tones, bloom. */
const expose = stage("realistic", ({ painted, shadow, light, exposures, glows }: Exposing, from, to) => {
  const { width, height, lightness, a, b } = painted;
  const readExposure = enlargedRows(exposures, SOFT, width, height);
  const readGlow = enlargedRows(glows, SOFT, width, height);
  const exposed = new Float32Array(width);
  const bloom = new Float32Array(width);
  for (let y = from, pixel = from * width; y < to; y++) {
    readExposure(y, exposed);
    readGlow(y, bloom);
    for (let x = 0; x < width; x++, pixel++) {
      const exposure = exposed[x] as number;
      const lit = filmic(lightness[pixel] as number, 0.58, 1.3) * exposure;
      const tone = smoothstep(0.2, 0.95, lit);
      // Unlit corners of pale grounds would turn grey: they keep their chroma and take up more of the tint.
      const dark = 1 - exposure;
      const rich = 1 + 0.35 * dark;
      const middle = 4 * lit * (1 - lit) + 1.1 * dark;
      lightness[pixel] = lit + (1 - lit) * 0.1 * (bloom[x] as number);
      a[pixel] = (a[pixel] as number) * rich + middle * (shadow.a + (light.a - shadow.a) * tone);
      b[pixel] = (b[pixel] as number) * rich + middle * (shadow.b + (light.b - shadow.b) * tone);
    }
  }
});

/** Light spilling over from the brightest places, at a fraction of the size that shows all of it. */
function glow({ width, height, lightness }: LabPlanes, sigma: number): Float32Array {
  const small = reducePlane(lightness, width, height, SOFT);
  for (let place = 0; place < small.length; place++) {
    small[place] = smoothstep(0.82, 1, filmic(small[place] as number, 0.58, 1.3));
  }
  return gaussianBlur(small, Math.ceil(width / SOFT), Math.ceil(height / SOFT), sigma / SOFT, 2);
}

/** Shadow and highlight tints: cool against warm, leaning to the palette's darkest and lightest hues. */
function splitTones(colors: readonly Lab[]): readonly [Lab, Lab] {
  const sorted = colors.filter((color) => chromaOf(color) > 0.03).sort((x, y) => x.lightness - y.lightness);
  const dark = sorted[0];
  const bright = sorted[sorted.length - 1];
  const cool = labFromLch(0, 0.018, 255);
  const warm = labFromLch(0, 0.02, 75);
  const darkTint = dark === undefined ? cool : labFromLch(0, 0.014, hueOf(dark));
  const brightTint = bright === undefined ? warm : labFromLch(0, 0.01, hueOf(bright));
  return [
    { lightness: 0, a: (cool.a + darkTint.a) / 2, b: (cool.b + darkTint.b) / 2 },
    { lightness: 0, a: (warm.a * 2 + brightTint.a) / 3, b: (warm.b * 2 + brightTint.b) / 3 },
  ];
}
