/** Every state of the panel that people can meet, as the extension would tell it. */
import type { SourceView } from "../../../src/protocol/compose.ts";
import type { ServiceView, Snapshot } from "../../../src/protocol/snapshot.ts";
import {
  compose,
  fields,
  fourGroups,
  fourNames,
  group,
  now,
  pictureOf,
  planFor,
  result,
  run,
  snapshot,
  source,
  task,
  twelveNames,
} from "./build.ts";
import { failures, mixedRun } from "./runs.ts";

const local: ServiceView = {
  provider: "local",
  model: "Local preview",
  hasKey: false,
  spending: { today: 0, cap: 0 },
};
const later: ServiceView = {
  provider: "runware",
  model: "Ideogram 1.0 Remix",
  hasKey: true,
  spending: { today: 2.28, cap: 10 },
};

const savedEight = [
  "tea-tin.png",
  "tea-tin-earl.png",
  "oat-crunch.jpg",
  "vesna.webp",
  "vesna-mer.webp",
  "doree-box.png",
  "doree-box-noir.png",
  "doree-gift.png",
];

/** A name, a prompt and an error that would run a script in a page that took them for HTML. */
export const hostile = `<img src=x onerror="globalThis.hacked=1">`;

function hostileSource(): SourceView {
  return {
    ...source("tea-tin.png"),
    id: "s-hostile",
    name: `${hostile}.png`,
    stem: hostile,
    folder: hostile,
  };
}

/** By name; what the pictures of the design are called comes first. */
export const states: Readonly<Record<string, () => Snapshot>> = {
  empty: () =>
    snapshot({
      service: local,
      compose: compose([], { price: { images: 0, results: 0, estimate: "free" } }),
    }),
  compose: () => snapshot(),
  invalid: () =>
    snapshot({
      compose: compose(fourNames, {
        fields: fields({
          remixStrength: {
            value: 140,
            changed: true,
            origin: "changed here",
            problem: {
              text: "imageRemix.remixStrength, changed here, is not valid. Allowed: a whole number from 1 to 100.",
              canOpen: false,
            },
          },
          outputQuality: {
            value: 7,
            origin: "workspace",
            problem: {
              text: "imageRemix.outputQuality in the workspace settings is not valid. Allowed: a whole number from 20 to 99.",
              canOpen: true,
            },
          },
        }),
        block: { text: "Strength takes a whole number from 1 to 100", actions: [] },
      }),
    }),
  aboveConfirm: () =>
    snapshot({ compose: compose(twelveNames, { hint: "Above $0.50 you are asked first" }) }),
  capReached: () =>
    snapshot({
      service: { ...later, spending: { today: 9.64, cap: 10 } },
      compose: compose(twelveNames, {
        block: {
          text: "Today’s cap of $10.00 leaves room for 3 of 12 images",
          actions: [
            { id: "remixSome", title: "Remix 3 Images", look: "button" },
            { id: "openBudget", title: "Open Budget Settings", look: "link" },
          ],
        },
      }),
    }),
  muchLost: () =>
    snapshot({
      compose: compose(fourNames, {
        sources: [{ ...source("tea-tin.png"), plan: planFor({ width: 3000, height: 700 }, "crop") }],
      }),
    }),
  padded: () =>
    snapshot({
      compose: compose(fourNames, {
        sources: fourNames.map((name) => source(name, "pad")),
        fields: fields({ fit: { value: "pad", changed: true, origin: "changed here" } }),
      }),
    }),
  localPreview: () =>
    snapshot({
      service: local,
      compose: compose(fourNames, {
        price: { images: 4, results: 8, estimate: "free" },
        hint: "Nothing leaves this machine",
      }),
    }),
  running: () =>
    snapshot({
      view: "results",
      service: later,
      compose: compose(twelveNames),
      run: run(mixedRun()),
      groups: [group("tea-tin.png"), group("tea-tin-sencha.png"), group("tea-tin-earl.png")],
    }),
  /** After a reload: what was sent is collected, what was not is offered again. */
  recovered: () =>
    snapshot({
      view: "results",
      service: later,
      run: run(
        [
          task("tea-tin.png", "saved"),
          task("oat-crunch.jpg", "drawing", { actions: [] }),
          task("vesna.webp", "cancelled", {
            headline: "Not sent",
            detail: "vesna.webp was not sent before its window was closed. Nothing was charged.",
            actions: [],
          }),
        ],
        { isRecovered: true, results: { total: 6, saved: 2, inAir: 2 } },
      ),
      groups: [group("tea-tin.png")],
      notices: [
        {
          id: "unsent",
          severity: "info",
          text: "1 image of an earlier run was not sent. Nothing was charged.",
          actions: [
            { id: "sendUnsent", title: "Remix 1 image · about $0.12", look: "button" },
            { id: "forgetUnsent", title: "Forget", look: "link" },
          ],
        },
      ],
    }),
  historyReading: () => snapshot({ view: "history", isReadingHistory: true }),
  failures: () =>
    snapshot({
      view: "results",
      service: { ...later, spending: { today: 2.4, cap: 10 } },
      run: run([...failures(), ...savedEight.map((name) => task(name, "saved"))], {
        ended: now,
        results: { total: 24, saved: 8, inAir: 0 },
      }),
      groups: savedEight.map((name) => group(name)),
    }),
  review: () =>
    snapshot({
      view: "results",
      service: { ...later, spending: { today: 2.4, cap: 10 } },
      groups: fourGroups(),
      undo: "Kept. Result 2 of 2 of doree-box.png",
    }),
  reviewLocal: () =>
    snapshot({
      view: "results",
      service: local,
      groups: fourGroups({ provider: "local", cost: null }),
    }),
  reviewReplaced: () =>
    snapshot({
      view: "results",
      groups: [group("tea-tin.png", ["replaced", "discarded"])],
      undo: "Replaced tea-tin.png. The old bytes are kept",
    }),
  reviewFlagged: () =>
    snapshot({ view: "results", groups: [group("tea-tin.png", undefined, { flagged: true })] }),
  noResults: () => snapshot({ view: "results" }),
  history: () =>
    snapshot({
      view: "history",
      history: fourNames.map((name, index) => ({
        id: `h-${index}`,
        time: now - index * 86_400_000,
        title: index % 2 === 0 ? "Evergreen winter" : "Quiet luxury",
        prompt:
          "Winter identity: deep evergreen and copper foil, a fine snowflake pattern, soft studio light.",
        provider: index === 3 ? "local" : "runware",
        results: 8 - index,
        cost: index === 3 ? null : 0.48 - index * 0.06,
        thumbnails: [1, 2, 3].map((n) => pictureOf(name, n * 60)),
      })),
    }),
  notice: () =>
    snapshot({
      notices: [
        {
          id: "n1",
          severity: "warning",
          text: "The bin holds 480 of 500 MB.",
          actions: [{ id: "openBin", title: "Show Bin", look: "link" }],
        },
      ],
    }),
  manyTasks: () =>
    snapshot({
      view: "results",
      service: later,
      run: run(
        Array.from({ length: 200 }, (_, index) =>
          task(`picture-${index + 1}.png`, index < 40 ? "saved" : index < 44 ? "drawing" : "waiting"),
        ),
      ),
      groups: [group("tea-tin.png")],
    }),
  manyResults: () =>
    snapshot({
      view: "results",
      service: later,
      groups: Array.from({ length: 250 }, (_, index) => group(`picture-${index + 1}.png`)),
    }),
  manySources: () =>
    snapshot({
      compose: compose(
        Array.from({ length: 200 }, (_, index) => `picture-${index + 1}.png`),
        { hint: "Above $0.50 you are asked first" },
      ),
    }),
  hostile: () =>
    snapshot({
      compose: compose([], {
        sources: [
          hostileSource(),
          { ...hostileSource(), id: "s-broken", plan: null, problem: `${hostile} is damaged` },
        ],
        presets: [{ name: hostile, where: hostile }],
        preset: hostile,
        fields: fields({
          positivePrompt: { value: hostile, problem: { text: hostile, canOpen: true } },
          styleReferenceImages: { value: [hostile] },
        }),
        block: { text: hostile, actions: [{ id: "x", title: hostile, look: "link" }] },
      }),
      notices: [{ id: "n", severity: "error", text: hostile, actions: [] }],
      run: run([task(hostile, "failed", { headline: hostile, detail: hostile })]),
      groups: [
        {
          ...group("tea-tin.png"),
          name: hostile,
          results: [result("tea-tin.png", 1, { name: hostile, prompt: hostile })],
        },
      ],
      history: [
        {
          id: "h",
          time: now,
          title: hostile,
          prompt: hostile,
          provider: "runware",
          results: 1,
          cost: null,
          thumbnails: [],
        },
      ],
    }),
};

export type StateName = keyof typeof states & string;
