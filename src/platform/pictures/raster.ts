import sharp, { type Sharp } from "sharp";
import type { OutputFormat } from "../../engine/ports.ts";
import type { Fitting, Rectangle } from "../../engine/size.ts";
import type { Size } from "../../recipe/models.ts";
import { input, readHeader } from "./header.ts";
import { enlargement, margins, open } from "./open.ts";
import { throwDamaged } from "./problems.ts";

/** Decoded pixels: 8-bit sRGB with straight alpha, rows top to bottom, four bytes a pixel. */
export interface Pixels extends Size {
  readonly data: Uint8ClampedArray;
}

/**
 * Decodes a picture upright, cuts out the part that is used and lays it into `size`, extending its edges where
 * room is left. Animations give their first frame.
 *
 * @throws RemixFailure `notAnImage` for a damaged file; the message continues a sentence that starts with its name
 */
export async function decode(bytes: Uint8Array, { source, target }: Fitting, size: Size): Promise<Pixels> {
  const header = await readHeader(bytes);
  const enlarged = enlargement(header, source, target, input.limitInputPixels);
  const picture = await open(bytes, header, source, enlarged);
  const { data } = await picture
    .resize(target.width, target.height, { fit: "fill" })
    .extend({ ...margins(target, size), extendWith: "copy" })
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch(throwDamaged);
  // A copy: the memory of sharp's WebAssembly is given back with the buffer, whoever else looks at it.
  return { ...size, data: new Uint8ClampedArray(data) };
}

/**
 * Encodes the part `part` of `pixels`. A JPEG has no transparency: there, what is transparent becomes white.
 *
 * @param quality 1 to 100, for JPEG and WebP
 */
export async function encode(
  pixels: Pixels,
  part: Rectangle,
  format: OutputFormat,
  quality: number,
): Promise<Uint8Array> {
  const { width, height, data } = pixels;
  const picture = sharp(data, { raw: { width, height, channels: 4 } }).extract(part);
  return encodeAs(picture, format, quality, isOpaque(data)).toBuffer();
}

function isOpaque(data: Uint8ClampedArray): boolean {
  for (let byte = 3; byte < data.length; byte += 4) {
    if (data[byte] !== 255) return false;
  }
  return true;
}

/**
 * Ends a pipeline in one of the formats of results. In a JPEG, what is transparent becomes white.
 *
 * @param opaque whether nothing is transparent: then no alpha is written, which would take a third more time and room
 */
export function encodeAs(picture: Sharp, format: OutputFormat, quality: number, opaque = false): Sharp {
  const shown = opaque ? picture.removeAlpha() : picture;
  switch (format) {
    case "JPG": {
      const flat = opaque ? shown : shown.flatten({ background: "white" });
      return flat.jpeg({ quality, chromaSubsampling: "4:4:4" });
    }
    case "PNG":
      return shown.png();
    case "WEBP":
      return shown.webp({ quality });
  }
}
