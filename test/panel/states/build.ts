/** Makes the parts of a snapshot from a few words. */
import { partTitles, placedFields } from "../../../src/editor/panel/formLayout.ts";
import { cropLoss, fitInto, leastLoss, shareOf } from "../../../src/engine/size.ts";
import type {
  ComposeView,
  FieldValue,
  FieldView,
  SourcePlan,
  SourceView,
} from "../../../src/protocol/compose.ts";
import type { Decision, GroupView, ResultView } from "../../../src/protocol/results.ts";
import type { RunView, TaskState, TaskView } from "../../../src/protocol/running.ts";
import type { Snapshot } from "../../../src/protocol/snapshot.ts";
import { defaultModel, type Size, sizeName } from "../../../src/recipe/models.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";

/** The moment at which all states stand still: noon, in milliseconds since 1970. */
export const now = Date.UTC(2026, 2, 9, 12);

/** Names of sources and the sample picture that plays each of them. */
export const samples: Readonly<
  Record<string, { readonly picture: string; readonly folder: string; readonly size: Size }>
> = {
  "tea-tin.png": { picture: "tea-tin.png", folder: "brand/tea", size: { width: 1600, height: 800 } },
  "oat-crunch.jpg": { picture: "oat-crunch.jpg", folder: "brand/cereal", size: { width: 900, height: 1200 } },
  "vesna.webp": { picture: "vesna.webp", folder: "brand/perfume", size: { width: 1200, height: 900 } },
  "doree-box.png": { picture: "doree-box.jpg", folder: "brand/pastry", size: { width: 1024, height: 1024 } },
  "tea-tin-sencha.png": { picture: "tea-tin.png", folder: "brand/tea", size: { width: 1200, height: 900 } },
  "tea-tin-earl.png": { picture: "tea-tin.png", folder: "brand/tea", size: { width: 1200, height: 900 } },
  "oat-crunch-berry.jpg": {
    picture: "oat-crunch.jpg",
    folder: "brand/cereal",
    size: { width: 900, height: 1200 },
  },
  "vesna-noir.webp": { picture: "vesna.webp", folder: "brand/perfume", size: { width: 1200, height: 900 } },
  "vesna-mer.webp": { picture: "vesna.webp", folder: "brand/perfume", size: { width: 1200, height: 900 } },
  "doree-box-citron.png": {
    picture: "doree-box.jpg",
    folder: "brand/pastry",
    size: { width: 1024, height: 1024 },
  },
  "doree-box-noir.png": {
    picture: "doree-box.jpg",
    folder: "brand/pastry",
    size: { width: 1024, height: 1024 },
  },
  "doree-gift.png": { picture: "doree-box.jpg", folder: "brand/pastry", size: { width: 1024, height: 1024 } },
};

export const fourNames = Object.keys(samples).slice(0, 4);
export const twelveNames = Object.keys(samples);

const unknownSample = { picture: "tea-tin.png", folder: "brand", size: { width: 1600, height: 800 } };

function sampleOf(name: string) {
  return samples[name] ?? unknownSample;
}

/** Address of a sample; with a turn of its hue in degrees, of a result. */
export function pictureOf(name: string, hue?: number): string {
  const { picture, size } = sampleOf(name);
  const { width, height } = leastLoss(size, defaultModel.sizes);
  return `/pictures/${picture}${hue === undefined ? "" : `?hue=${hue}&width=${width}&height=${height}`}`;
}

export function source(name: string, fit = "crop"): SourceView {
  return {
    id: `s-${name}`,
    name,
    stem: name.replace(/\.[^.]*$/, ""),
    folder: sampleOf(name).folder,
    uri: pictureOf(name),
    plan: planFor(sampleOf(name).size, fit),
    problem: null,
  };
}

export function planFor(size: Size, fit: string): SourcePlan {
  const target = leastLoss(size, defaultModel.sizes);
  const { source: used, target: laid, loss } = fitInto(size, target, fit);
  const losses = defaultModel.sizes.map((legal) => [sizeName(legal), cropLoss(size, legal)]);
  return {
    ...size,
    target,
    option: sizeName(target),
    used: shareOf(used, size),
    laid: shareOf(laid, target),
    loss,
    losses: { ...Object.fromEntries(losses), auto: loss },
  };
}

const prompt =
  "Winter identity: deep evergreen and copper foil, a fine snowflake pattern, soft studio light. Keep the lettering, the proportions and the camera angle.";

const presetValues: Readonly<Record<string, FieldValue>> = {
  remixStrength: 58,
  styleType: "REALISTIC",
  numberResults: 2,
};

/** The fields with a preset in use and the prompt changed here. */
export function fields(
  change: Readonly<Record<string, Partial<Pick<FieldView, "value" | "problem" | "origin" | "changed">>>> = {},
): readonly FieldView[] {
  return placedFields().map((field) => {
    const fromPreset = presetValues[field.id] !== undefined && field.id !== "numberResults";
    const isPrompt = field.id === "positivePrompt";
    return {
      ...field,
      value: isPrompt ? prompt : (presetValues[field.id] ?? defaultRecipe[field.id]),
      origin: isPrompt ? "changed here" : fromPreset ? "from preset" : "",
      changed: isPrompt,
      problem: null,
      ...change[field.id],
    };
  });
}

export function compose(names: readonly string[], change: Partial<ComposeView> = {}): ComposeView {
  const results = names.length * 2;
  return {
    sources: names.map((name) => source(name)),
    presets: [
      { name: "Evergreen winter", where: ".vscode/settings.json" },
      { name: "Quiet luxury", where: "built in" },
      { name: "Holiday edition", where: "built in" },
    ],
    preset: "Evergreen winter",
    fields: fields(),
    parts: [
      { id: "references", title: partTitles.references, summary: "none" },
      { id: "format", title: partTitles.format, summary: "as source, 95" },
      { id: "advanced", title: partTitles.advanced, summary: "safety" },
    ],
    edit: 0,
    price: { images: names.length, results, estimate: results * 0.06 },
    block: null,
    hint: "Saved next to each source, nothing is replaced",
    ...change,
  };
}

const hues = [130, 70, 200, 280];

export function result(name: string, index: number, change: Partial<ResultView> = {}): ResultView {
  const stem = name.replace(/\.[^.]*$/, "");
  const { size } = sampleOf(name);
  const target = leastLoss(size, defaultModel.sizes);
  return {
    id: `r-${stem}-${index}`,
    name: `${stem}.remix-${index}.png`,
    uri: pictureOf(name, hues[(index - 1) % hues.length]),
    decision: "undecided",
    provider: "runware",
    flagged: false,
    cost: 0.06,
    seed: null,
    model: "Ideogram 1.0 Remix",
    size: { width: target.width, height: target.height },
    original: null,
    used: shareOf(fitInto(size, target, "crop").source, size),
    file: "PNG, 1.4 MB",
    prompt,
    recipe: "Strength 58, Realistic, Evergreen winter",
    ...change,
  };
}

export function group(
  name: string,
  decisions: readonly Decision[] = ["undecided", "undecided"],
  change: Partial<ResultView> = {},
): GroupView {
  return {
    id: `g-${name}`,
    name,
    uri: pictureOf(name),
    size: sampleOf(name).size,
    replaced: decisions.includes("replaced"),
    results: decisions.map((decision, index) => result(name, index + 1, { decision, ...change })),
  };
}

/** The four groups of the review pictures. */
export function fourGroups(change: Partial<ResultView> = {}): readonly GroupView[] {
  return [
    group("tea-tin.png", undefined, change),
    group("oat-crunch.jpg", ["kept", "discarded"], change),
    group("vesna.webp", undefined, change),
    group("doree-box.png", ["undecided", "kept"], change),
  ];
}

export function task(name: string, state: TaskState, change: Partial<TaskView> = {}): TaskView {
  const isSent = state !== "waiting" && state !== "cancelled";
  const isSaved = state === "saved";
  const cancel = { id: "cancel", title: "Cancel", look: "button" } as const;
  const stop = { id: "stop", title: "Stop Waiting…", look: "button" } as const;
  const open = { id: "open", title: "Open Results", look: "button" } as const;
  return {
    id: `t-${name}`,
    name,
    folder: sampleOf(name).folder,
    uri: pictureOf(name),
    state,
    percent: null,
    started: isSent ? now - 31_000 : null,
    ended: isSaved ? now : null,
    cost: isSaved ? 0.12 : null,
    slots: [0, 1].map((index) => ({ uri: isSaved ? pictureOf(name, hues[index]) : null })),
    headline: null,
    detail: null,
    actions: [isSaved ? open : isSent ? stop : cancel],
    ...change,
  };
}

export function run(tasks: readonly TaskView[], change: Partial<RunView> = {}): RunView {
  const count = (...states: readonly TaskState[]) =>
    tasks.filter(({ state }) => states.includes(state)).length * 2;
  const saved = count("saved");
  const inAir = count("uploading", "accepted", "drawing", "downloading");
  return {
    id: "run-1",
    title: "Evergreen winter",
    provider: "runware",
    started: now - 52_000,
    ended: null,
    isRecovered: false,
    left: 120_000,
    results: { total: tasks.length * 2, saved, inAir },
    money: { spent: saved * 0.06, inAir: inAir * 0.06, notSent: count("waiting") * 0.06 },
    recipe: [
      { label: "Strength", value: "58, restyle" },
      { label: "Style", value: "Realistic" },
      { label: "Size", value: "Auto" },
      { label: "Results per image", value: "2" },
      { label: "Saved as", value: "{name}.remix-{n}" },
    ],
    tasks,
    ...change,
  };
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    type: "snapshot",
    number: 1,
    time: now,
    view: "compose",
    service: {
      provider: "runware",
      model: "Ideogram 1.0 Remix",
      hasKey: true,
      spending: { today: 1.92, cap: 10 },
    },
    compose: compose(fourNames),
    run: null,
    groups: [],
    undo: null,
    history: [],
    isReadingHistory: false,
    notices: [],
    texts: {},
    ...change,
  };
}
