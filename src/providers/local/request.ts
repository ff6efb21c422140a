/** Names of the looks, as the model's styleType has them. */
export type StyleType = "AUTO" | "GENERAL" | "REALISTIC" | "DESIGN" | "RENDER_3D" | "ANIME" | "FICTION";

/** What one result is made from, besides the source picture. */
export interface RestyleRequest {
  /** Free text: colour words, materials, moods and media steer the result. */
  readonly positivePrompt: string;
  /** Colours and moods to keep away, or null. */
  readonly negativePrompt: string | null;
  /** AUTO chooses one of the others from the prompt's words. */
  readonly styleType: StyleType;
  /** 1 to 100: how far the result goes from the source; 1 is nearly the source. */
  readonly remixStrength: number;
  /** Trades fineness for time. */
  readonly renderingSpeed: "TURBO" | "DEFAULT" | "QUALITY";
  /** Unsigned 32-bit; results of one task get different seeds and look different. */
  readonly seed: number;
}
