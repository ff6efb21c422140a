import type { Mood } from "./moodWords.ts";
import { chromaOf, hueOf, intoGamut, type Lab, labDistance, labFromLch } from "./oklab.ts";
import type { PromptReading } from "./promptReading.ts";
import { hashText, randomStream, stir } from "./random.ts";

/** One colour that a result is built from. */
export interface Swatch {
  readonly color: Lab;
  /** How much the result should show it: 1 for a colour the prompt names, less for ones added to go with it. */
  readonly weight: number;
}

/** The colours of one result, 3 to 7 of them, with its mood. */
export interface Palette {
  readonly swatches: readonly Swatch[];
  /** The lightest colour: paper, highlights. */
  readonly paper: Lab;
  /** The darkest colour: ink, deep shadow. */
  readonly ink: Lab;
  /** The colour that leads in this result; another seed may lead with another. */
  readonly hero: number;
  readonly mood: Mood;
}

const MOST_PROMPT_COLORS = 5;
/** Together with the colours of references. */
const MOST_COLORS = 6;

/** Angle between two hues in degrees, 0 to 180. */
function hueGap(first: Lab, second: Lab): number {
  const gap = Math.abs(hueOf(first) - hueOf(second)) % 360;
  return gap > 180 ? 360 - gap : gap;
}

/**
 * Whether a person would call `color` by the name of `other`: near it, or of its hue at a like lightness. A dark green is
 * still a green, while a dark orange is a brown.
 */
export function resembles(color: Lab, other: Lab): boolean {
  if (labDistance(color, other) < 0.1) return true;
  if (chromaOf(color) < 0.035 || chromaOf(other) < 0.05) return false;
  const hue = hueOf(other);
  const reach = hue > 35 && hue < 115 ? 0.3 : 0.45;
  return hueGap(color, other) < 26 && Math.abs(color.lightness - other.lightness) < reach;
}

/** The colour turned around the wheel until it resembles nothing unwanted; grey if no hue is left. */
function movedAway(color: Lab, unwanted: readonly Lab[]): Lab {
  if (!unwanted.some((other) => resembles(color, other))) return color;
  const chroma = Math.max(chromaOf(color), 0.02);
  for (const turn of [45, -45, 90, -90, 135, -135, 180]) {
    const moved = intoGamut(labFromLch(color.lightness, chroma, hueOf(color) + turn));
    if (!unwanted.some((other) => resembles(moved, other))) return moved;
  }
  // A refused white or black cannot be turned away: step its lightness instead.
  const lightness = color.lightness > 0.5 ? color.lightness - 0.16 : color.lightness + 0.16;
  return { lightness, a: color.a / 2, b: color.b / 2 };
}

function moody(color: Lab, mood: Mood, share: number): Lab {
  const chroma = 1 + (mood.chroma - 1) * share;
  // Key bends the middle tones most: paper and ink must stay paper and ink for lettering to be read.
  const middle = 4 * color.lightness * (1 - color.lightness);
  const lightness = 0.55 + (color.lightness - 0.55) * (1 + (mood.contrast - 1) * share * 0.5);
  return intoGamut({
    lightness: Math.min(0.99, Math.max(0.08, lightness + mood.key * (0.4 + 0.6 * middle) * share)),
    a: color.a * chroma,
    b: color.b * chroma + mood.warmth * share,
  });
}

/**
 * A palette for a prompt without colour words: a hue from the prompt's hash with one of the classical
 * harmonies (cf. D. Cohen-Or et al., "Color harmonization", SIGGRAPH 2006), laid out as mid-tone, accent,
 * tint and shade so that it can carry any picture.
 */
function harmony(prompt: string, seed: number): Swatch[] {
  const random = randomStream(hashText(prompt.trim().toLowerCase()));
  const hue = random() * 360;
  const turns = [
    [32, -28, 64],
    [180, 28, -24],
    [150, 210, 24],
    [120, 240, 40],
    [180, 40, 220],
  ][Math.floor(random() * 5)] as number[];
  const turned = (randomStream(stir(seed, 17))() - 0.5) * 56;
  const levels: readonly (readonly [number, number, number, number])[] = [
    [0, 0.64, 0.15, 1],
    [turns[0] as number, 0.74, 0.125, 0.9],
    [turns[1] as number, 0.46, 0.11, 0.7],
    [turns[2] as number, 0.86, 0.075, 0.6],
  ];
  return levels.map(([turn, lightness, chroma, weight]) => ({
    color: intoGamut(labFromLch(lightness, chroma, hue + turn + turned)),
    weight,
  }));
}

/** Colours to go with one or two that the prompt names: a tint, and an accent across the wheel. */
function companions(colors: readonly Lab[], seed: number): Swatch[] {
  const lead = colors.reduce((best, color) => (chromaOf(color) > chromaOf(best) ? color : best));
  const random = randomStream(stir(seed, 29));
  const chroma = chromaOf(lead);
  if (chroma < 0.03) return [{ color: { lightness: 0.72, a: lead.a, b: lead.b }, weight: 0.4 }];
  const turn = [34, -34, 160, -160][Math.floor(random() * 4)] as number;
  const tint = intoGamut(labFromLch(lead.lightness > 0.7 ? 0.6 : 0.84, chroma * 0.6, hueOf(lead)));
  const accent = intoGamut(
    labFromLch(Math.min(0.82, lead.lightness + 0.12), chroma * 0.62, hueOf(lead) + turn),
  );
  return [{ color: tint, weight: 0.55 }, ...(colors.length === 1 ? [{ color: accent, weight: 0.3 }] : [])];
}

/**
 * Turns the prompt's colours a little, each by the seed, within what still goes by the same name: two results of one
 * task differ even where the same colours go to the same places.
 */
function drift(swatches: Swatch[], unwanted: readonly Lab[], seed: number): void {
  const random = randomStream(stir(seed, 53));
  swatches.forEach(({ color, weight }, index) => {
    const turn = (random() - 0.5) * 16;
    const chroma = chromaOf(color) * (0.9 + 0.2 * random());
    const lightness =
      color.lightness + (random() - 0.5) * 0.06 * (4 * color.lightness * (1 - color.lightness));
    const drifted = intoGamut(labFromLch(lightness, chroma, hueOf(color) + turn));
    if (!unwanted.some((other) => resembles(drifted, other))) swatches[index] = { color: drifted, weight };
  });
}

/** Whether a colour can carry a picture: the prompt's own, and coloured as far as the mood lets colours be. */
function isBold({ color, weight }: Swatch, mood: Mood): boolean {
  return weight > 0.5 && chromaOf(color) > 0.05 * Math.min(1, mood.chroma);
}

/** The palette of one result: the prompt's colours, then those of style references, then some that go with them. */
export function buildPalette(
  prompt: string,
  reading: PromptReading,
  seed: number,
  references: readonly Lab[] = [],
): Palette {
  const { mood, unwanted } = reading;
  const allowed = (color: Lab): boolean => !unwanted.some((other) => resembles(color, other));
  const named = reading.named.filter(allowed).slice(0, MOST_PROMPT_COLORS);
  const evoked = reading.evoked
    .filter((color) => allowed(color) && named.every((other) => labDistance(color, other) > 0.08))
    .slice(0, named.length >= 3 || references.length > 0 ? 0 : MOST_PROMPT_COLORS - named.length);
  // A mood bends named colours only half: "vintage teal" is still to be teal.
  const swatches: Swatch[] = [
    ...named.map((color) => ({ color: moody(color, mood, 0.5), weight: 1 })),
    ...evoked.map((color) => ({ color: moody(color, mood, 0.6), weight: named.length > 0 ? 0.55 : 0.9 })),
  ];
  const taken = swatches.map((swatch) => swatch.color);
  for (const color of references) {
    if (swatches.length >= MOST_COLORS) break;
    if (!allowed(color) || taken.some((other) => labDistance(color, other) < 0.08)) continue;
    swatches.push({ color, weight: named.length > 0 ? 0.6 : 1 });
  }
  drift(swatches, unwanted, seed);
  const leaders = swatches.length;
  const added =
    leaders === 0
      ? harmony(prompt, seed)
      : leaders <= 2
        ? companions(
            swatches.map((swatch) => swatch.color),
            seed,
          )
        : [];
  for (const { color, weight } of added) {
    swatches.push({ color: movedAway(moody(color, mood, 1), unwanted), weight });
  }
  // Near-greys cannot lead: a cream that took the hero's place would change little.
  const bold = swatches.map((_, index) => index).filter((index) => isBold(swatches[index] as Swatch, mood));
  const hero = bold[stir(seed, 5) % Math.max(1, bold.length)] ?? 0;
  const lead = (swatches[hero] as Swatch).color;
  addMissingTones(swatches, lead, mood, unwanted);
  const byLightness = swatches.map((swatch) => swatch.color).sort((x, y) => x.lightness - y.lightness);
  return {
    swatches,
    paper: byLightness[byLightness.length - 1] as Lab,
    ink: byLightness[0] as Lab,
    hero,
    mood,
  };
}

/** Adds a paper, a middle tone and an ink in the lead's hue where the palette has none: pictures need all three. */
function addMissingTones(swatches: Swatch[], lead: Lab, mood: Mood, unwanted: readonly Lab[]): void {
  const lightest = Math.max(...swatches.map((swatch) => swatch.color.lightness));
  const darkest = Math.min(...swatches.map((swatch) => swatch.color.lightness));
  const hue = hueOf(lead);
  const chroma = Math.min(1, chromaOf(lead) / 0.1);
  const tinted = (lightness: number, amount: number): Lab =>
    movedAway(moody(labFromLch(lightness, amount * chroma, hue), mood, 0.4), unwanted);
  // A palette of tints needs one of its colours deeper, or the ink would have to paint whole things.
  const hasMiddle = swatches.some((swatch) => swatch.color.lightness > 0.38 && swatch.color.lightness < 0.72);
  if (!hasMiddle && lightest > 0.6) {
    const deep = labFromLch(0.58, Math.min(0.15, chromaOf(lead) * 1.5), hue);
    swatches.push({ color: intoGamut(movedAway(deep, unwanted)), weight: 0.3 });
  }
  if (lightest < 0.9) swatches.push({ color: intoGamut(tinted(0.965, 0.018)), weight: 0.35 });
  if (darkest > 0.36) swatches.push({ color: intoGamut(tinted(0.27, 0.055)), weight: 0.15 });
}
