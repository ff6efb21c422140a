import sharp from "sharp";
import type { OutputFormat } from "../../engine/ports.ts";
import { sameSize } from "../../engine/size.ts";
import type { Size } from "../../recipe/models.ts";
import { input, readHeader } from "./header.ts";
import { throwDamaged } from "./problems.ts";

/** What a delivered picture really is. Width and height are those of the upright picture, in pixels. */
export interface CheckedResult extends Size {
  /** By its bytes; undefined for a picture in a format that was not to be had. */
  readonly format: OutputFormat | undefined;
  /** Whether its size is the one that was asked for. */
  readonly sizeAsAsked: boolean;
}

const outputFormats: Readonly<Partial<Record<string, OutputFormat>>> = {
  jpeg: "JPG",
  png: "PNG",
  webp: "WEBP",
};

/**
 * Decodes a delivered picture to its last pixel.
 *
 * @throws RemixFailure `notAnImage` or `tooLarge` for bytes that are no whole picture within the limits of sources; the
 *   message continues a sentence that starts with a name
 */
export async function checkResult(bytes: Uint8Array, asked: Size): Promise<CheckedResult> {
  const { format, width, height } = await readHeader(bytes);
  await sharp(bytes, input).raw().toBuffer().catch(throwDamaged);
  return { format: outputFormats[format], width, height, sizeAsAsked: sameSize(asked, { width, height }) };
}
