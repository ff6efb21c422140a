import type { OutputFormat } from "../../engine/ports.ts";
import { type Fitting, fitInto, type Rectangle } from "../../engine/size.ts";
import type { Size } from "../../recipe/models.ts";
import type { Crew } from "./crew.ts";
import type { Raster } from "./raster.ts";
import { type RestyleRequest, restyle } from "./restyle.ts";

/** One picture to be drawn, in a form that can be sent to a worker. */
export interface LocalJob {
  readonly size: Size;
  readonly fitting: Fitting;
  readonly outputFormat: OutputFormat;
  /** 1 to 100, for JPEG and WebP. */
  readonly outputQuality: number;
  readonly restyle: RestyleRequest;
  /** Encoded pictures whose style is taken over. */
  readonly references?: readonly Uint8Array[];
}

/** Turns files into pixels and back. */
export interface Codec {
  inspect(bytes: Uint8Array): Promise<Size>;
  decode(bytes: Uint8Array, fitting: Fitting, size: Size): Promise<Raster>;
  encode(pixels: Raster, part: Rectangle, format: OutputFormat, quality: number): Promise<Uint8Array>;
}

/**
 * Draws one local preview: decode, restyle, cut the padding back off, encode.
 *
 * @param bytes the source file's
 * @param crew who draws; without one, the calling thread by itself
 */
export async function render(
  codec: Codec,
  bytes: Uint8Array,
  job: LocalJob,
  crew?: Crew,
): Promise<Uint8Array> {
  const source = await codec.decode(bytes, job.fitting, job.size);
  const references = await Promise.all((job.references ?? []).map((bytes) => decodeSmall(codec, bytes)));
  const drawn = restyle(source, job.restyle, references, crew);
  return codec.encode(drawn, job.fitting.target, job.outputFormat, job.outputQuality);
}

/** The longer side, in pixels, at which a style reference is looked at. */
const REFERENCE_SIDE = 384;

async function decodeSmall(codec: Codec, bytes: Uint8Array): Promise<Raster> {
  const { width, height } = await codec.inspect(bytes);
  const scale = Math.min(1, REFERENCE_SIDE / Math.max(width, height));
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  return codec.decode(bytes, fitInto({ width, height }, size, "crop"), size);
}
