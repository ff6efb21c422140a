import type { Clusters } from "./clusters.ts";
import type { Edges } from "./edges.ts";
import type { Palette } from "./palette.ts";
import type { LabPlanes } from "./raster.ts";
import type { Segments } from "./segments.ts";

/** What is known of a drawing, a packshot or a logo besides its pixels: things that end in clean edges. */
export interface Drawing {
  /** Its edge pixels. */
  readonly edges: Edges;
  /** It, cut into regions. */
  readonly regions: Segments;
}

/** Everything a style works from. */
export interface Look {
  /** The source picture; never changed. */
  readonly source: LabPlanes;
  /** What soft fields are worked out at: one pixel there is `factor` x `factor` of the picture. */
  readonly factor: number;
  /** The source at that fraction of its size; the source itself at factor 1. */
  readonly small: LabPlanes;
  /** Null for photographs, in which cuts into regions would show. */
  readonly drawing: Drawing | null;
  /** The source's main colours. */
  readonly clusters: Clusters;
  readonly palette: Palette;
  /** One thousandth of the picture's typical side, in pixels: what radii are multiples of. */
  readonly unit: number;
  /** 0 TURBO, 1 DEFAULT, 2 QUALITY. */
  readonly effort: 0 | 1 | 2;
  /** Unsigned 32-bit. */
  readonly seed: number;
}

/** A style turns a look into the full-strength result. */
export type Style = (look: Look) => LabPlanes;
