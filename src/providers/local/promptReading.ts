import { COLOR_WORDS, SCENE_WORDS } from "./colorWords.ts";
import { MOODS, type Mood, NEUTRAL_MOOD, SHADE_WORDS, STYLE_HINTS } from "./moodWords.ts";
import { intoGamut, type Lab, labDistance, labFromHex } from "./oklab.ts";
import type { StyleType } from "./request.ts";

/** What the engine understood of a prompt. */
export interface PromptReading {
  /** Colours named outright ("dark teal"), in the prompt's order. */
  readonly named: readonly Lab[];
  /** Colours that places, hours, materials and decades call up, leading colours first. */
  readonly evoked: readonly Lab[];
  /** Colours to keep away: the negative prompt's, and the positive's "no red", "without blue". */
  readonly unwanted: readonly Lab[];
  /** All mood words together. */
  readonly mood: Mood;
}

function parse(lines: string): ReadonlyMap<string, readonly Lab[]> {
  const words = new Map<string, readonly Lab[]>();
  for (const entry of lines.split(",")) {
    const parts = entry.trim().split(/\s+/);
    const firstHex = parts.findIndex((part, index) => index > 0 && /^[0-9a-f]{6}$/.test(part));
    if (firstHex > 0) words.set(parts.slice(0, firstHex).join(" "), parts.slice(firstHex).map(labFromHex));
  }
  return words;
}

const COLORS = parse(COLOR_WORDS);
const SCENES = parse(SCENE_WORDS);
const NEGATIONS = new Set(["no", "not", "without", "avoid", "never", "non"]);
const LONGEST_PHRASE = 3;

/** The entry whose name begins at `start`, longest name first; a plural finds its singular. */
function phraseAt<Value>(
  words: readonly string[],
  start: number,
  entries: ReadonlyMap<string, Value>,
): { readonly value: Value; readonly length: number; readonly name: string } | undefined {
  for (let length = Math.min(LONGEST_PHRASE, words.length - start); length > 0; length--) {
    const name = words.slice(start, start + length).join(" ");
    for (const candidate of [name, name.replace(/s$/, ""), name.replace(/es$/, "")]) {
      const value = entries.get(candidate);
      if (value !== undefined) return { value, length, name: candidate };
    }
  }
  return undefined;
}

function shaded(color: Lab, shade: string | undefined): Lab {
  const shift = shade === undefined ? undefined : SHADE_WORDS.get(shade);
  if (shift === undefined) return color;
  return intoGamut({
    lightness: Math.min(0.98, Math.max(0.12, color.lightness + shift.lightness)),
    a: color.a * shift.chroma,
    b: color.b * shift.chroma,
  });
}

function combine(first: Mood, second: Mood): Mood {
  return {
    chroma: Math.min(1.5, first.chroma * second.chroma),
    key: Math.max(-0.2, Math.min(0.18, first.key + second.key)),
    contrast: Math.max(0.65, Math.min(1.4, first.contrast * second.contrast)),
    warmth: Math.max(-0.035, Math.min(0.035, first.warmth + second.warmth)),
  };
}

function wordsOf(prompt: string): string[] {
  return prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]+/gu, " ")
    .trim()
    .split(" ")
    .filter((word) => word.length > 0);
}

interface Scan {
  readonly named: Lab[];
  readonly evoked: Lab[];
  readonly denied: Lab[];
  readonly moods: Map<string, Mood>;
}

/** One walk over the words, taking the longest known phrase at each place. */
function scan(prompt: string): Scan {
  const words = wordsOf(prompt);
  const found: Scan = { named: [], evoked: [], denied: [], moods: new Map() };
  for (let place = 0; place < words.length; ) {
    const word = words[place] as string;
    const hex = /^#([0-9a-f]{6})$/.exec(word)?.[1];
    const color = phraseAt(words, place, COLORS);
    const scene = phraseAt(words, place, SCENES);
    const mood = phraseAt(words, place, MOODS);
    const denied = NEGATIONS.has(words[place - 1] ?? "");
    if (hex !== undefined) {
      (denied ? found.denied : found.named).push(labFromHex(hex));
      place++;
    } else if (color !== undefined && color.length >= (scene?.length ?? 0)) {
      const before = words[place - 1];
      const list = denied || NEGATIONS.has(words[place - 2] ?? "") ? found.denied : found.named;
      list.push(shaded(color.value[0] as Lab, before));
      const moodToo = MOODS.get(color.name);
      if (moodToo !== undefined && !denied) found.moods.set(color.name, moodToo);
      place += color.length;
    } else {
      // "pastel" before a colour shades that colour alone; anywhere else it sets the mood of the whole.
      const shadesNext = SHADE_WORDS.has(word) && phraseAt(words, place + 1, COLORS) !== undefined;
      if (scene !== undefined && !denied) found.evoked.push(...scene.value);
      if (mood !== undefined && !denied && !shadesNext) found.moods.set(mood.name, mood.value);
      place += Math.max(scene?.length ?? 1, shadesNext ? 1 : (mood?.length ?? 1));
    }
  }
  return found;
}

function withoutTwins(colors: readonly Lab[]): Lab[] {
  const kept: Lab[] = [];
  for (const color of colors) if (kept.every((other) => labDistance(color, other) > 0.045)) kept.push(color);
  return kept;
}

/** Reads colours and mood out of the two prompts. */
export function readPrompt(positive: string, negative: string | null): PromptReading {
  const wanted = scan(positive);
  const refused = scan(negative ?? "");
  let mood = NEUTRAL_MOOD;
  for (const [name, each] of wanted.moods) if (!refused.moods.has(name)) mood = combine(mood, each);
  return {
    named: withoutTwins(wanted.named),
    evoked: withoutTwins(wanted.evoked),
    unwanted: withoutTwins([...wanted.denied, ...refused.named]),
    mood,
  };
}

/** The style that AUTO stands for: the one whose words the prompt has most of; GENERAL when it has none. */
export function chooseStyle(prompt: string): Exclude<StyleType, "AUTO"> {
  const text = prompt.toLowerCase().replace(/[-_]+/g, " ");
  let best: Exclude<StyleType, "AUTO"> = "GENERAL";
  let most = 0;
  for (const { style, pattern } of STYLE_HINTS) {
    const count = new Set(text.match(pattern) ?? []).size;
    if (count > most && style !== "AUTO") {
      best = style;
      most = count;
    }
  }
  return best;
}
