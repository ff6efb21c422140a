import { RemixFailure } from "../../engine/failure.ts";
import type { OutputFormat } from "../../engine/ports.ts";
import { embedProvenance, readProvenance } from "../metadata/provenance.ts";
import { readHeader } from "./header.ts";
import { open } from "./open.ts";
import { throwDamaged } from "./problems.ts";
import { encodeAs } from "./raster.ts";

/** The most pixels a side that a WebP can have (RFC 9649, 2.4). */
const webpSide = 16_383;

/**
 * Encodes a picture anew, upright and in sRGB. Where it says that it came from stays in it; other metadata does not.
 *
 * @param quality 1 to 100, for JPEG and WebP
 * @throws RemixFailure `notAnImage`, or `tooLarge` where the format cannot hold it; the message continues a sentence
 *   that starts with the file's name
 */
export async function convert(bytes: Uint8Array, format: OutputFormat, quality: number): Promise<Uint8Array> {
  const header = await readHeader(bytes);
  const { width, height } = header;
  if (format === "WEBP" && Math.max(width, height) > webpSide) {
    const message = `cannot become a WebP: that holds ${webpSide} pixels a side, and it has ${width} × ${height}.`;
    throw new RemixFailure("tooLarge", message);
  }
  const picture = await open(bytes, header, { left: 0, top: 0, width, height });
  const encoded = await encodeAs(picture, format, quality).toBuffer().catch(throwDamaged);
  const provenance = await readProvenance(bytes);
  if (provenance === undefined) {
    return encoded;
  }
  return embedProvenance(encoded, format, provenance, provenance.recipe === null ? "marking" : "full");
}
