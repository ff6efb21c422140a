import { RemixFailure } from "../../engine/failure.ts";
import type { OutputFormat } from "../../engine/ports.ts";
import { type Provenance, published } from "../../engine/provenance.ts";
import { provenanceIn } from "../../engine/xmp.ts";
import type { MetadataChoice } from "../../recipe/settings.ts";
import { damaged } from "./bytes.ts";
import type { Container } from "./container.ts";
import { jpeg } from "./jpeg.ts";
import { png } from "./png.ts";
import { webp } from "./webp.ts";

const containers: Readonly<Record<OutputFormat, Container>> = { JPG: jpeg, PNG: png, WEBP: webp };

/**
 * Writes where a picture came from into the picture, as XMP. No pixel is decoded and nothing else in the file
 * changes: EXIF, ICC profile, content credentials (whose signature over the file's bytes no longer holds, as with any
 * change) and the XMP of others stay.
 *
 * @param format the format that the bytes really have
 * @param level with `none` the bytes come back as they are
 * @throws RemixFailure `notAnImage` for damaged bytes, `tooLarge` for absurd metadata; the message continues a
 *   sentence that starts with the file's name
 */
export async function embedProvenance(
  bytes: Uint8Array,
  format: OutputFormat,
  provenance: Provenance,
  level: MetadataChoice,
): Promise<Uint8Array> {
  if (level === "none") {
    return bytes;
  }
  const container = containers[format];
  if (!container.recognises(bytes)) {
    throw damaged(`it is not a ${format} file`);
  }
  return foreseen(() => container.embed(bytes, published(provenance, level)));
}

/**
 * Where a picture says that it came from.
 *
 * @returns undefined where it says nothing of the kind, or is neither PNG nor JPEG nor WebP
 * @throws RemixFailure like `embedProvenance`
 */
export async function readProvenance(bytes: Uint8Array): Promise<Provenance | undefined> {
  const container = containerOf(bytes);
  return container && foreseen(() => provenanceIn(container.packets(bytes)));
}

/** The format that `bytes` start like; undefined for one whose metadata is not taken apart. */
export function containerOf(bytes: Uint8Array): Container | undefined {
  return Object.values(containers).find(({ recognises }) => recognises(bytes));
}

/** Whatever a reader did not foresee is damage too. */
export function foreseen<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RemixFailure ? error : damaged("its parts make no sense", error);
  }
}
