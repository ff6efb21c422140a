import type { PartialRecipe } from "./recipe.ts";

/** Presets that are there without any settings. A preset of the same name in settings replaces one of these whole. */
export const builtInPresets: Readonly<Record<string, PartialRecipe>> = {
  "Retro-futurist pack": {
    positivePrompt:
      "The same package as a bold retro-futurist redesign: punchy geometric shapes, starbursts and chrome accents in tangerine, aqua, cream and cobalt. Keep the layout and the lettering, crisp print-ready artwork, clean edges.",
    negativePrompt: "warped box, handwriting, cluttered background",
    styleType: "DESIGN",
    remixStrength: 60,
  },
  "Quiet luxury": {
    positivePrompt:
      "The same product in quiet luxury: matte black and warm ivory with thin gold foil lines, generous empty space, soft studio light. Keep the name and the proportions.",
    negativePrompt: "bright colours, busy pattern, plastic shine",
    styleType: "REALISTIC",
    remixStrength: 45,
  },
  "Botanical sketchbook": {
    positivePrompt:
      "The same picture as a botanical sketchbook page: sage, moss and cream, hand-drawn leaves and seed heads around the original layout, uncoated paper, light ink lines.",
    styleType: "FICTION",
    remixStrength: 55,
  },
  "Holiday edition": {
    positivePrompt:
      "A festive limited edition of the same package: deep crimson and pine green, gold stars and ribbon, light snow, warm candlelight. Keep the brand name where it is and easy to read.",
    styleType: "GENERAL",
    remixStrength: 50,
  },
  "3D product shot": {
    positivePrompt:
      "The same product as a polished three-dimensional render on a seamless pastel backdrop: soft shadows, rounded edges, satin materials, a single large key light from the left.",
    negativePrompt: "flat illustration, text errors, noise",
    styleType: "RENDER_3D",
    remixStrength: 50,
  },
  "Light retouch": {
    positivePrompt:
      "The same picture, gently retouched: cleaner light, slightly richer colours, tidy background. Change nothing else.",
    styleType: "REALISTIC",
    magicPrompt: "OFF",
    remixStrength: 15,
  },
};
