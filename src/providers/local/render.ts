import type { OutputFormat } from "../../engine/ports.ts";
import type { Fitting, Rectangle } from "../../engine/size.ts";
import type { Size } from "../../recipe/models.ts";
import type { Raster } from "./raster.ts";
import { type RestyleRequest, restyle } from "./restyle.ts";

/** One picture to be drawn, in a form that can be sent to a worker. */
export interface LocalJob {
  /** The source file's bytes. */
  readonly bytes: Uint8Array;
  readonly size: Size;
  readonly fitting: Fitting;
  readonly outputFormat: OutputFormat;
  /** 1 to 100, for JPEG and WebP. */
  readonly outputQuality: number;
  readonly restyle: RestyleRequest;
}

/** Turns files into pixels and back. */
export interface Codec {
  decode(bytes: Uint8Array, fitting: Fitting, size: Size): Promise<Raster>;
  encode(pixels: Raster, part: Rectangle, format: OutputFormat, quality: number): Promise<Uint8Array>;
}

/** Draws one local preview: decode, restyle, cut the padding back off, encode. */
export async function render(codec: Codec, job: LocalJob): Promise<Uint8Array> {
  const source = await codec.decode(job.bytes, job.fitting, job.size);
  const drawn = restyle(source, job.restyle);
  return codec.encode(drawn, job.fitting.target, job.outputFormat, job.outputQuality);
}
