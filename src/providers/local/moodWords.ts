import type { StyleType } from "./request.ts";

/** How a prompt's mood bends every colour of a palette. */
export interface Mood {
  /** Factor on chroma: 1 unchanged, 0 grey. */
  readonly chroma: number;
  /** Added to lightness, -0.3 to 0.3. */
  readonly key: number;
  /** Factor on lightness contrast about the middle: 0.6 to 1.4. */
  readonly contrast: number;
  /** Added to OKLab b: above 0 warmer, below 0 cooler. */
  readonly warmth: number;
}

/** The mood of a prompt that names none. */
export const NEUTRAL_MOOD: Mood = { chroma: 1, key: 0, contrast: 1, warmth: 0 };

/** Words of mood: "name chroma key contrast warmth". */
const MOOD_LINES = `
pastel 0.58 0.10 0.80 0, pastels 0.58 0.10 0.80 0, muted 0.62 0 0.90 0, subdued 0.62 0 0.88 0, dusty 0.66 0.03 0.86 0.006,
faded 0.66 0.05 0.78 0.010, washed out 0.5 0.08 0.75 0.004, desaturated 0.42 0 1 0, soft 0.85 0.04 0.88 0, gentle 0.85 0.04 0.88 0,
delicate 0.8 0.06 0.86 0, subtle 0.78 0.02 0.9 0, calm 0.82 0.03 0.9 -0.004, serene 0.82 0.04 0.9 -0.006, vintage 0.80 0.01 0.88 0.016,
retro 0.95 0.01 0.96 0.010, nostalgic 0.80 0.01 0.86 0.014, antique 0.72 -0.02 0.9 0.018, aged 0.7 -0.02 0.88 0.018, vivid 1.28 0 1.08 0,
vibrant 1.26 0.01 1.06 0, saturated 1.32 0 1.04 0, colorful 1.2 0.01 1.02 0, colourful 1.2 0.01 1.02 0, bold 1.16 0 1.12 0,
punchy 1.2 0 1.12 0, intense 1.24 -0.02 1.12 0, neon 1.35 -0.02 1.10 0, electric 1.3 -0.02 1.08 -0.004, fluorescent 1.35 0.03 1.05 0,
luminous 1.1 0.05 1.04 0, glowing 1.15 0.02 1.06 0.004, bright 1.12 0.05 1.04 0, light 0.95 0.06 0.95 0, airy 0.8 0.08 0.86 0,
cheerful 1.14 0.04 1.02 0.006, playful 1.16 0.04 1.02 0.004, happy 1.12 0.04 1.02 0.006, joyful 1.14 0.04 1.02 0.006, sunny 1.1 0.05 1 0.016,
dark 0.95 -0.13 1.06 0, moody 0.78 -0.10 1.10 -0.004, dramatic 1.02 -0.06 1.24 0, somber 0.6 -0.11 1 -0.006, gloomy 0.5 -0.12 0.95 -0.008,
gothic 0.7 -0.13 1.15 -0.002, noir 0.35 -0.12 1.28 0, cinematic 0.95 -0.03 1.14 0, mysterious 0.85 -0.10 1.08 -0.006, spooky 0.9 -0.12 1.1 -0.004,
night 0.95 -0.14 1.06 -0.006, midnight 0.98 -0.15 1.08 -0.006, nocturnal 0.95 -0.14 1.06 -0.006, luxury 0.95 -0.06 1.12 0.002,
monochrome 0.16 0 1.08 0, monochromatic 0.2 0 1.06 0, grayscale 0 0 1.04 0, greyscale 0 0 1.04 0, black and white 0 0 1.12 0, sepia 0.5 0 0.92 0.028,
warm 1.04 0.01 1 0.018, cozy 0.98 -0.01 0.98 0.018, cosy 0.98 -0.01 0.98 0.018, cool 1 0 1 -0.016, cold 0.88 0 1.02 -0.020, icy 0.8 0.06 0.98 -0.018,
frozen 0.85 0.05 1 -0.018, minimal 0.78 0.05 0.96 0, minimalist 0.78 0.05 0.96 0, clean 1 0.04 1 0, crisp 1.04 0.02 1.08 0, fresh 1.1 0.05 1 -0.002,
high contrast 1.05 0 1.28 0, low contrast 0.95 0 0.76 0, misty 0.62 0.07 0.72 -0.006, foggy 0.55 0.07 0.7 -0.006, hazy 0.72 0.06 0.74 0.006, dreamy 0.9 0.06 0.84 0
`;

/** The moods by name. */
export const MOODS: ReadonlyMap<string, Mood> = new Map(
  MOOD_LINES.split(",").map((entry) => {
    const words = entry.trim().split(/\s+/);
    const [chroma = 1, key = 0, contrast = 1, warmth = 0] = words.slice(-4).map(Number);
    return [words.slice(0, -4).join(" "), { chroma, key, contrast, warmth }] as const;
  }),
);

/** Words after or before a colour word that shift it: factor on chroma, added lightness. */
export const SHADE_WORDS: ReadonlyMap<string, { readonly chroma: number; readonly lightness: number }> =
  new Map([
    ["light", { chroma: 0.72, lightness: 0.15 }],
    ["pale", { chroma: 0.5, lightness: 0.18 }],
    ["pastel", { chroma: 0.55, lightness: 0.16 }],
    ["soft", { chroma: 0.7, lightness: 0.07 }],
    ["baby", { chroma: 0.55, lightness: 0.17 }],
    ["powder", { chroma: 0.5, lightness: 0.15 }],
    ["dusty", { chroma: 0.55, lightness: 0.03 }],
    ["muted", { chroma: 0.55, lightness: 0 }],
    ["faded", { chroma: 0.55, lightness: 0.06 }],
    ["dark", { chroma: 0.85, lightness: -0.16 }],
    ["deep", { chroma: 1, lightness: -0.12 }],
    ["rich", { chroma: 1.12, lightness: -0.06 }],
    ["bright", { chroma: 1.2, lightness: 0.06 }],
    ["vivid", { chroma: 1.3, lightness: 0.02 }],
    ["neon", { chroma: 1.5, lightness: 0.06 }],
    ["hot", { chroma: 1.3, lightness: 0 }],
    ["electric", { chroma: 1.4, lightness: 0.02 }],
    ["burnt", { chroma: 0.9, lightness: -0.1 }],
  ]);

/** Words that ask for a style when the request leaves it to the engine. "Fictional" brands are no fiction. */
export const STYLE_HINTS: readonly { readonly style: StyleType; readonly pattern: RegExp }[] = [
  {
    style: "RENDER_3D",
    pattern:
      /\b(3d|three dimensional|render(ed|ing)?|octane|blender|cinema 4d|c4d|clay ?render|claymation|isometric|voxel|cgi|raytraced|embossed|puffy|inflated)\b/g,
  },
  {
    style: "ANIME",
    pattern:
      /\b(anime|manga|cel shad(ed|ing)|ghibli|chibi|kawaii|shonen|shojo|comics?|cartoon(ish)?|inked)\b/g,
  },
  {
    style: "REALISTIC",
    pattern:
      /\b(realistic|photo(graph|graphic|graphy|real|realistic|s)?|cinematic|film still|studio (light|lighting|shot)|dslr|bokeh|35mm|natural light|portrait|documentary|lifestyle)\b/g,
  },
  {
    style: "DESIGN",
    pattern:
      /\b(design|logo|poster|flat|vector|packag(e|ing)|typograph(y|ic)|lettering|graphic|print ready|brand(ing)?|icon|sticker|label|infographic|geometric|minimalist|silkscreen|screen ?print|risograph|linocut|bauhaus|swiss)\b/g,
  },
  {
    style: "FICTION",
    pattern:
      /\b(fantasy|fiction|fairy ?tale|magical|mystical|enchanted|dragons?|wizards?|myth(ic|ical)?|epic|dream(y|like|scape)?|surreal|oil paint(ing|ed)?|paint(ing|ed|erly)|watercolou?r|gouache|impressionis(t|m)|brush ?strokes?|storybook|illustrat(ion|ed))\b/g,
  },
];
