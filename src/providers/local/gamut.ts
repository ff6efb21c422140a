/** Linear values within these count as inside sRGB: rounding is not to be mended. */
export const LEAST = -0.0005;
export const MOST = 1.0005;

/** Linear red, green and blue of the colour last handed to `toLinear`: a scratch place, so that no pixel allocates. */
export const linear = new Float64Array(3);

/** Fills `linear`; true if the colour lies inside sRGB. */
export function toLinear(lightness: number, a: number, b: number): boolean {
  const long = lightness + 0.3963377774 * a + 0.2158037573 * b;
  const medium = lightness - 0.1055613458 * a - 0.0638541728 * b;
  const short = lightness - 0.0894841775 * a - 1.291485548 * b;
  const l = long * long * long;
  const m = medium * medium * medium;
  const s = short * short * short;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  linear[0] = red;
  linear[1] = green;
  linear[2] = blue;
  return red >= LEAST && green >= LEAST && blue >= LEAST && red <= MOST && green <= MOST && blue <= MOST;
}

/** What of the cubes of the three cones goes into each channel. */
const CHANNELS = Float64Array.of(
  ...[4.0767416621, -3.3077115913, 0.2309699292],
  ...[-1.2684380046, 2.6097574011, -0.3413193965],
  ...[-0.0041960863, -0.7034186147, 1.707614701],
);
/** Halvings of the way, after which it is as good as straight. */
const HALVINGS = 4;

/**
 * Fills `linear` with the nearest colour of the same lightness and hue that sRGB can show: chroma is reduced, because
 * clipping the channels would turn the hue. Along the way to grey each channel is a cubic (B. Ottosson, "sRGB gamut
 * clipping", 2021), whose crossing of its bound halving and one step by the secant find.
 */
export function toLinearInGamut(lightness: number, a: number, b: number): void {
  const grey = lightness < 0 ? 0 : lightness > 1 ? 1 : lightness;
  const long = 0.3963377774 * a + 0.2158037573 * b;
  const medium = -0.1055613458 * a - 0.0638541728 * b;
  const short = -0.0894841775 * a - 1.291485548 * b;
  const cube = grey * grey * grey;
  let share = 1;
  for (let channel = 0; channel < 9; channel += 3) {
    const l = CHANNELS[channel] as number;
    const m = CHANNELS[channel + 1] as number;
    const s = CHANNELS[channel + 2] as number;
    const first = 3 * grey * grey * (l * long + m * medium + s * short);
    const second = 3 * grey * (l * long * long + m * medium * medium + s * short * short);
    const third = l * long * long * long + m * medium * medium * medium + s * short * short * short;
    const value = cube + share * (first + share * (second + share * third));
    if (value >= LEAST && value <= MOST) continue;
    const bound = value < LEAST ? LEAST : MOST;
    let inside = 0;
    let insideBy = cube - bound;
    let outsideBy = value - bound;
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = (inside + share) / 2;
      const by = cube - bound + middle * (first + middle * (second + middle * third));
      if (by * outsideBy > 0) {
        share = middle;
        outsideBy = by;
      } else {
        inside = middle;
        insideBy = by;
      }
    }
    share = inside + ((share - inside) * insideBy) / (insideBy - outsideBy);
  }
  toLinear(grey, a * share, b * share);
}
