/** A picture size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size that a model draws, with the name its documentation gives it. */
export interface LegalSize extends Size {
  readonly name: string;
}

/** What is known of one remix model. */
export interface Model {
  readonly title: string;
  /** What it makes of what, as its documentation calls it. */
  readonly capabilities: readonly "imageToImage"[];
  /** The width and height pairs it accepts. */
  readonly sizes: readonly LegalSize[];
  /** USD for one result at the default speed, as documented: what an estimate starts from. */
  readonly price: number;
  /** Whether its parameters and sizes come from its own documentation; the others are taken to be like the first. */
  readonly verified: boolean;
}

/** The sizes of `ideogram:1@2`, from its parameter page (https://runware.ai/docs/models/ideogram-1-0-remix). */
const ideogram1Sizes: readonly LegalSize[] = [
  { name: "1:1", width: 1024, height: 1024 },
  { name: "4:3", width: 1024, height: 768 },
  { name: "3:4", width: 768, height: 1024 },
  { name: "3:2", width: 1152, height: 768 },
  { name: "2:3", width: 832, height: 1248 },
  { name: "16:10", width: 1232, height: 768 },
  { name: "10:16", width: 768, height: 1232 },
  { name: "16:9", width: 1280, height: 720 },
  { name: "9:16", width: 720, height: 1280 },
  { name: "3:1", width: 1536, height: 512 },
  { name: "1:3", width: 512, height: 1536 },
];

const remix = ["imageToImage"] as const;

/** AIR id of the model that draws where nothing else is chosen. */
export const defaultModelId = "ideogram:1@2";

/**
 * The remix models, by AIR id (https://runware.ai/docs/models). All but the first are ways out for the day on which
 * the service no longer knows it: their sizes have not been checked against their documentation.
 */
export const models = {
  "ideogram:1@2": {
    title: "Ideogram 1.0 Remix",
    capabilities: remix,
    sizes: ideogram1Sizes,
    price: 0.06,
    verified: true,
  },
  "ideogram:2@2": {
    title: "Ideogram 2a Remix",
    capabilities: remix,
    sizes: ideogram1Sizes,
    price: 0.04,
    verified: false,
  },
  "ideogram:3@2": {
    title: "Ideogram 2.0 Remix",
    capabilities: remix,
    sizes: ideogram1Sizes,
    price: 0.08,
    verified: false,
  },
  "ideogram:4@2": {
    title: "Ideogram 3.0 Remix",
    capabilities: remix,
    sizes: ideogram1Sizes,
    price: 0.06,
    verified: false,
  },
} as const satisfies Readonly<Record<string, Model>>;

/** AIR id of a model in the table. */
export type ModelId = keyof typeof models;

/** The model that draws where nothing else is chosen. */
export const defaultModel: Model = models[defaultModelId];

/** A size as it is written in settings, for instance `1024x768`. */
export function sizeName({ width, height }: Size): string {
  return `${width}x${height}`;
}

/** What the `size` setting offers: `auto` and every legal pair. */
export const sizeChoices: Readonly<Record<string, string>> = {
  auto: "The size that loses least of the source.",
  ...Object.fromEntries(defaultModel.sizes.map((size) => [sizeName(size), size.name])),
};
