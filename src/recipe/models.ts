/** A picture size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size that a model draws, with the name its documentation gives it. */
export interface LegalSize extends Size {
  readonly name: string;
}

/** What is known of one remix model. Models are named by their AIR id. */
export interface Model {
  readonly title: string;
  /** The width and height pairs it accepts. */
  readonly sizes: readonly LegalSize[];
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

/** The model that draws where nothing else is chosen: Ideogram 1.0 Remix. */
export const defaultModel: Model = { title: "Ideogram 1.0 Remix", sizes: ideogram1Sizes };

/** A size as it is written in settings, for instance `1024x768`. */
export function sizeName({ width, height }: Size): string {
  return `${width}x${height}`;
}

/** What the `size` setting offers: `auto` and every legal pair. */
export const sizeChoices: Readonly<Record<string, string>> = {
  auto: "The size that loses least of the source.",
  ...Object.fromEntries(defaultModel.sizes.map((size) => [sizeName(size), size.name])),
};
